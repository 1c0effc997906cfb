"""What a page's styles hide from the reader, of the ways in which mails do it.

Words in the colour of their background are not among them: what lies behind which words, a page
tells only to a browser.
"""

import re
from collections.abc import Mapping

Said = Mapping[str, str]
"""What is said of an element: the value of each property, in lower case."""

_ZERO = re.compile(r"0?\.?0+(?:px|pt|em|rem|ex|%|vw|vh)?|0?\.0+\d*")
_TINY = re.compile(r"(?:1|0?\.\d+)(?:px|pt)|0?\.[01]\d*(?:em|rem)")
_FAR = re.compile(r"-\d{3}")
_FLAT = re.compile(r"scale(?:x|y|3d)?\( ?0?\.?0+ ?[,)]")
_CLEAR = re.compile(r"transparent|(?:rgba|hsla)\([^()]{1,40}[,/] ?0?\.?0+%? ?\)")
_LENGTH = re.compile(r"\d{0,4}\.?\d{1,4}(?:px|pt|em|rem|ex|%|vw|vh)?")
_BOXES = ("height", "width")
_OFFSETS = ("left", "top", "right", "margin-left", "margin-top")
_FONT_WORDS = 8  # of a shorthand, before the names of typefaces


def without_comments(css: str) -> str:
    """Style sheets or an element's style without what stands between `/*` and `*/`."""
    kept, at = [], 0
    while (start := css.find("/*", at)) >= 0:
        kept.append(css[at:start])
        end = css.find("*/", start + 2)
        at = len(css) if end < 0 else end + 2
    return "".join((*kept, css[at:]))


def folded(style: str) -> str:
    """An element's style in the form that the other functions take."""
    return " ".join(without_comments(style).lower().split())


def said_in(style: str) -> tuple[Said, Said]:
    """What a folded style says, and what of it is important."""
    plainly: dict[str, str] = {}
    important: dict[str, str] = {}
    for declaration in style.split(";"):
        name, _, written = declaration.partition(":")
        value, mark, _ = written.partition("!")
        (important if mark else plainly)[name.strip()] = value.strip()
    return _with_font(plainly), _with_font(important)


def _with_font(said: dict[str, str]) -> Said:
    """The same, with what the shorthand for fonts says of size and height."""
    if "font" not in said:
        return said
    sizes = [word.partition("/") for word in said["font"].split(" ")[:_FONT_WORDS]]
    size = next((one for one in reversed(sizes) if _LENGTH.fullmatch(one[0])), ("medium", "", ""))
    shorthand = {"font-size": size[0], "line-height": size[2] or "normal"}
    names = list(said)
    later = {name for name in shorthand if name in said and names.index(name) > names.index("font")}
    return said | {name: value for name, value in shorthand.items() if name not in later}


def hides(said: Said) -> bool:
    """Whether nothing inside the element is seen, whatever that says of itself."""
    if not said:
        return False
    if said.get("display") == "none" or said.get("mso-hide") == "all":
        return True
    if any("line-through" in said.get(name, "") for name in _STRUCK):
        return True
    if any(_is_zero(said, name) for name in ("opacity", "max-height", "max-width")):
        return True
    clipped = said.get("overflow", "").startswith("hidden")
    away = said.get("position") in {"absolute", "fixed"}
    return bool(
        (clipped and any(_is_zero(said, name) for name in _BOXES))
        or (away and any(_FAR.match(said.get(name, "")) for name in _OFFSETS))
        or said.get("clip", "").replace(" ", "").startswith("rect(0")
        or _FAR.match(said.get("text-indent", ""))
        or _FLAT.search(said.get("transform", ""))
    )


_STRUCK = ("text-decoration", "text-decoration-line")


def silences(said: Said) -> str | None:
    """The inherited property by which words in the element are not seen, if any.

    It hides only as far down as another element sets it anew; layouts rely on that.
    """
    if not said:
        return None
    size = said.get("font-size", "")
    if _ZERO.fullmatch(size) or _TINY.fullmatch(size):
        return "font-size"
    if _is_zero(said, "line-height"):
        return "line-height"
    if said.get("visibility") in {"hidden", "collapse"}:
        return "visibility"
    return "color" if _CLEAR.fullmatch(said.get("color", "")) else None


def _is_zero(said: Said, name: str) -> bool:
    return _ZERO.fullmatch(said.get(name, "")) is not None
