"""HTML to the text that a reader sees: hidden words dropped, every cell on a line of its own.

Where a link leads stands behind its words in angle brackets, which `document` does not read aloud.
"""

import re
from collections.abc import Mapping
from copy import copy
from typing import Any

from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import html as lxml_html  # type: ignore[import-untyped]  # ships no types

from bot.mail.caps import Limits
from bot.mail.sheets import Sheets
from bot.mail.styles import Said, folded, hides, silences
from bot.mail.unreadable import parsing

_LAYOUT = frozenset(
    {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "center", "ul", "ol", "li", "dl"}
    | {"dt", "dd", "section"}
)
_NEVER_SHOWN = frozenset(
    {"script", "style", "template", "title", "s", "strike", "del", "noscript", "option", "textarea"}
)
_BESIDE = frozenset({"inline-block", "inline-table", "table-cell", "inline-flex"})
_BELOW = frozenset({"block", "table", "table-row", "list-item", "flex", "grid"})
_INLINE = frozenset({"span", "b", "strong", "em", "i", "font", "label", "small", "u", "big"})
_LINK = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_LONGEST_LINK = 400  # characters; what a tracker appends is of no use, and a line has its limit


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
        tree = page_of(html)
        _linearise(tree)
        return str(Inscriptis(tree, _config()).get_text())


def _config() -> ParserConfig:
    """How a page becomes text.

    Inscriptis writes the page into the profile's own `body`, so mails that are read at the same
    time would get each other's words; each reading has one of its own.
    """
    return ParserConfig(css={**STRICT_CSS_PROFILE, "body": copy(STRICT_CSS_PROFILE["body"])})


def page_of(html: str) -> Any:
    """The tree of a page; whatever the parser raises on hostile HTML is the caller's to catch."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    return lxml_html.document_fromstring(html.replace("\0", "").encode(), parser=parser)


def _linearise(tree: Any) -> None:
    """Drop what is hidden and make layout tables plain blocks, so that lines keep their order."""
    sheets = Sheets(sheet.text or "" for sheet in tree.iter("style"))
    said = {node: _said_of(node, sheets) for node in tree.iter()}
    silent: set[Any] = set()
    for node, own in said.items():
        if node.tag in _NEVER_SHOWN or "hidden" in node.attrib or hides(own):
            _empty(node)
            continue
        if own and node not in silent and (by := silences(own)):
            _silence(node, by, said, silent)
        if own.get("white-space", "").startswith("pre"):
            node.tag = "pre"
        elif node.tag == "tr":
            _pair_columns(node)
            node.tag = "div"
        elif node.tag in _LAYOUT or (own and node.tag in _INLINE and _is_block(node, own)):
            node.tag = "div"
        elif node.tag == "a":
            _show_target(node)


def _said_of(node: Any, sheets: Sheets) -> Said:
    """What styles say of a node, which then has none of its own: it may stand anywhere."""
    return sheets.said_of(node, folded(node.attrib.pop("style", "")))


def _silence(node: Any, by: str, said: Mapping[Any, Said], silent: set[Any]) -> None:
    """Take out the words of a node, down to where the property that hides them is set anew."""
    inside = [node]
    while inside:
        one = inside.pop()
        silent.add(one)
        one.text = None
        for child in one:
            child.tail = None
            if child not in silent and by not in said.get(child, ()):
                inside.append(child)


def _is_block(node: Any, said: Said) -> bool:
    """Whether an inline element stands apart from the words around it."""
    display = said.get("display", "")
    if display in _BELOW:
        return True
    before = node.getprevious()
    text = node.getparent().text if before is None else before.tail
    return display in _BESIDE and not (text or "").strip() and not (node.tail or "").strip()


def _pair_columns(row: Any) -> None:
    """Put each value beside its heading, where a row of headings stands above a row of values."""
    heads = list(row)
    below = _row_after(row)
    values = [] if below is None else list(below)
    after = None if below is None else _row_after(below)
    one_row = after is None or _kinds(after) != {"td"} or len(after) != len(values)
    headed = _kinds(row) == {"th"} and _kinds(below) == {"td"} and one_row
    if headed and len(heads) == len(values) > 1:
        for head, value in zip(heads, values, strict=True):
            head.addnext(value)


def _row_after(row: Any) -> Any:
    """The next row, be it in the next part of the table."""
    after = row.getnext()
    if after is None:
        body = row.getparent().getnext()
        after = None if body is None else next(iter(body), None)
    return after if after is not None and after.tag == "tr" else None


def _kinds(row: Any) -> set[str]:
    return set() if row is None else {cell.tag for cell in row}


def _show_target(link: object) -> None:
    """Write where a link leads behind its words, as mail clients do when they turn HTML to text.

    Those who read a text's lines skip such addresses; some marketplaces give an id nowhere else.
    """
    target = _LINK.match(link.get("href", "").strip())  # type: ignore[attr-defined]
    if target:
        tail = link.tail or ""  # type: ignore[attr-defined]
        link.tail = f"<{target[0][:_LONGEST_LINK]}>{tail}"  # type: ignore[attr-defined]


def _empty(node: object) -> None:
    """Take everything out of a node but leave it, so that the text after it stays in place."""
    tail = node.tail  # type: ignore[attr-defined]
    node.clear()  # type: ignore[attr-defined]
    node.tail = tail  # type: ignore[attr-defined]
