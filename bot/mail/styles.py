"""What a page's styles hide from the reader, of the ways in which mails do it."""

import re
from collections.abc import Iterator

_SPACES = re.compile(r"\s+")
_ZERO = r"0(?:\.0+)?(?:px|pt|em|rem|%)?(?=;|!|$)"
# What hides all that is inside, whatever that says of itself.
_WHOLLY = re.compile(
    r"display:none|mso-hide:all|opacity:(?:0|0?\.0+)(?=;|!|$)|line-through"
    rf"|(?:^|;)max-(?:height|width):{_ZERO}|clip:rect\(0|text-indent:-\d{{3}}"
)
_NO_SIZE = re.compile(rf"(?:^|;)(?:height|width):{_ZERO}")
_FAR_AWAY = re.compile(r"(?:^|;)(?:left|top|right|margin-left|margin-top):-\d{3}")
# What hides words only as far down as another element sets the property anew; layouts rely on it.
_INHERITED = {
    "font-size": re.compile(rf"(?:^|;)font-size:(?:{_ZERO}|1px|0?\.\d)"),
    "line-height": re.compile(rf"(?:^|;)line-height:{_ZERO}"),
    "visibility": re.compile(r"(?:^|;)visibility:(?:hidden|collapse)"),
    "color": re.compile(r"(?:^|;)color:transparent"),
}
_SETS = {name: re.compile(rf"(?:^|;){name}:") for name in _INHERITED}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}|(\})|([^{}]*)\{")
_PLAIN_SELECTOR = re.compile(r"[a-z0-9]*([.#][\w-]+)", re.IGNORECASE)


def folded(style: str) -> str:
    """An element's style in the form that the other functions take."""
    return _SPACES.sub("", style).lower()


def hides(style: str) -> bool:
    """Whether nothing inside the element is seen."""
    return bool(
        _WHOLLY.search(style)
        or ("overflow:hidden" in style and _NO_SIZE.search(style))
        or ("position:absolute" in style and _FAR_AWAY.search(style))
    )


def silences(style: str) -> str | None:
    """The inherited property by which words in the element are not seen, if any."""
    return next((name for name, pattern in _INHERITED.items() if pattern.search(style)), None)


def sets(style: str, name: str) -> bool:
    """Whether an element says anew what it inherits."""
    return bool(_SETS[name].search(style))


def hidden_names(sheet: str) -> Iterator[str]:
    """The classes and ids, as `.x` and `#x`, that a style sheet hides on every screen."""
    depth = 0
    for rule in _RULE.finditer(_COMMENT.sub("", sheet)):
        if rule[3]:
            depth = max(0, depth - 1)
        elif rule[4] is not None:
            depth += 1  # a rule about some screens only
        elif depth == 0 and hides(folded(rule[2])):
            selectors = (_PLAIN_SELECTOR.fullmatch(one.strip()) for one in rule[1].split(","))
            yield from (selector[1] for selector in selectors if selector)
