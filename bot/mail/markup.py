"""HTML to the text that a reader sees: hidden words dropped, every cell on a line of its own."""

import re
from copy import copy

from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import html as lxml_html  # type: ignore[import-untyped]  # ships no types

from bot.mail.caps import Limits
from bot.mail.unreadable import parsing

_LAYOUT = frozenset(
    {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "center", "ul", "ol", "li", "dl"}
    | {"dt", "dd", "section"}
)
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|opacity:0(?![.0-9])"
    r"|(?:font-size|max-height|line-height):0(?:px|pt|em|%)?(?:;|!|$)"
)
_KEEPS_LINES = re.compile(r"white-space:pre")
_SPACES = re.compile(r"\s+")


def worth_parsing(htmls: list[str], limits: Limits) -> bool:
    """Whether the HTML of all mails in a mail together is of a size that people send."""
    return (
        sum(len(html) for html in htmls) <= limits.html
        and sum(html.count("<") for html in htmls) <= limits.tags
    )


def seen_text(html: str) -> str:
    """The text that an HTML mail shows.

    Raises:
        Unreadable: no parser gets through it.
    """
    if not html.strip():
        return ""
    with parsing("HTML"):
        tree = lxml_html.document_fromstring(html.replace("\0", "").encode(), parser=_parser())
        _linearise(tree)
        return str(Inscriptis(tree, _config()).get_text())


def _config() -> ParserConfig:
    """How a page becomes text.

    Inscriptis writes the page into the profile's own `body`, so mails that are read at the same
    time would get each other's words; each reading has one of its own.
    """
    return ParserConfig(css={**STRICT_CSS_PROFILE, "body": copy(STRICT_CSS_PROFILE["body"])})


def _parser() -> object:
    return lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)


def _linearise(tree: object) -> None:
    """Drop what is hidden and make layout tables plain blocks, so that lines keep their order."""
    for node in list(tree.iter()):  # type: ignore[attr-defined]  # lxml ships no types
        style = _SPACES.sub("", node.attrib.pop("style", "").lower())
        if _HIDDEN.search(style) or "hidden" in node.attrib:
            _empty(node)
        elif _KEEPS_LINES.search(style):
            node.tag = "pre"
        elif node.tag in _LAYOUT:
            node.tag = "div"


def _empty(node: object) -> None:
    """Take everything out of a node but leave it, so that the text after it stays in place."""
    tail = node.tail  # type: ignore[attr-defined]
    node.clear()  # type: ignore[attr-defined]
    node.tail = tail  # type: ignore[attr-defined]
