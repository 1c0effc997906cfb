"""A wording as HTML, in the markups that mailers have used; words outlast markup."""

from collections.abc import Callable
from html import escape
from itertools import groupby

from grammar.wording import Item, Wording

Page = Callable[[tuple[Item, ...]], str]


def cells(items: tuple[Item, ...]) -> str:
    """Label and value in two cells of a row."""
    return _rows(items, lambda label, value: f"<tr><td>{label}</td><td>{value}</td></tr>")


def rows(items: tuple[Item, ...]) -> str:
    """The label's row above the value's."""
    return _rows(
        items, lambda label, value: f"<tr><td>{label}</td></tr>\n<tr><td>{value}</td></tr>"
    )


def breaks(items: tuple[Item, ...]) -> str:
    """Both in one cell, a line break between them."""
    return _rows(
        items, lambda label, value: f"<tr><td><strong>{label}</strong><br>{value}</td></tr>"
    )


def nested(items: tuple[Item, ...]) -> str:
    """A table of its own in a cell for every field."""
    inner = "<table role=presentation><tbody><tr><th align=left>{}</th></tr><tr><td>{}</td></tr>"
    return _rows(
        items,
        lambda label, value: f"<tr><td>{inner.format(label, value)}</tbody></table></td></tr>",
    )


def abreast(items: tuple[Item, ...]) -> str:
    """Several fields in a row, each in a cell with its label."""
    return _grouped(
        items,
        lambda pairs: (
            "<tr>"
            + "".join(f"<td><p>{label}</p><p>{value}</p></td>" for label, value in pairs)
            + "</tr>"
        ),
    )


def four_cells(items: tuple[Item, ...]) -> str:
    """Two fields in a row of four cells."""
    return _grouped(
        items,
        lambda pairs: (
            "<tr>"
            + "".join(f"<td>{label}</td><td>{value}</td>" for label, value in pairs)
            + "</tr>"
        ),
    )


def columns(items: tuple[Item, ...]) -> str:
    """A row of labels above a row of values."""
    return _grouped(
        items,
        lambda pairs: (
            "<tr>"
            + "".join(f"<th>{label}</th>" for label, _ in pairs)
            + "</tr>\n<tr>"
            + "".join(f"<td>{value}</td>" for _, value in pairs)
            + "</tr>"
        ),
    )


def bare_columns(items: tuple[Item, ...]) -> str:
    """The same without a word that the labels are headings."""
    return columns(items).replace("<th>", "<td>").replace("</th>", "</td>")


def divs(items: tuple[Item, ...]) -> str:
    """A div for everything."""
    return _each(items, lambda label, value: f"<div>{label}</div><div>{value}</div>", "div")


def paragraphs(items: tuple[Item, ...]) -> str:
    """A paragraph for everything."""
    return _each(items, lambda label, value: f"<p>{label}</p>\n<p>{value}</p>", "p")


def definitions(items: tuple[Item, ...]) -> str:
    """A definition list."""
    inner = _each(items, lambda label, value: f"<dt>{label}</dt><dd>{value}</dd>", "dd")
    return f"<dl>{inner}</dl>"


def listed(items: tuple[Item, ...]) -> str:
    """A list of points."""
    inner = _each(items, lambda label, value: f"<li><b>{label}:</b> {value}</li>", "li")
    return f"<ul>{inner}</ul>"


def bold(items: tuple[Item, ...]) -> str:
    """`<b>Label:</b> value`, a paragraph each."""
    return _each(items, lambda label, value: f"<p><b>{label}:</b> {value}</p>", "p")


def side_by_side(items: tuple[Item, ...]) -> str:
    """Spans that styles set side by side, with no space between them in the source."""
    span = '<span style="display:inline-block;width:40%">'
    return _each(
        items, lambda label, value: f"<div>{span}{label}</span>{span}{value}</span></div>", "div"
    )


PAGES = {
    made.__name__: made
    for made in (
        cells, rows, breaks, nested, abreast, four_cells, columns, bare_columns, divs, paragraphs, definitions,
        listed, bold, side_by_side,
    )
}  # fmt: skip

_TAIL = "Your next adventure &zwnj;&nbsp;&zwnj;&nbsp;&#847;"
_LIE = f"Booking ID: zzzzzzz<br>Passengers: 99<br>Location: Nowhere<br>Renter: Nobody<br>{_TAIL}"
UNSEEN = {
    "display": f'<div style="display:none;max-height:0">{_LIE}</div>',
    "display_spaced": f'<div style="color:#fff; DISPLAY : none !important">{_LIE}</div>',
    "mso": f"<span style='mso-hide:all'>{_LIE}</span>",
    "font": f'<span style="font-size:0px;line-height:1px">{_LIE}</span>',
    "font_bare": f'<span style="font-size:0">{_LIE}</span>',
    "opacity": f'<p style="opacity: 0.0">{_LIE}</p>',
    "opacity_bare": f'<p style="opacity:0;">{_LIE}</p>',
    "height": f'<div style="height:0px;overflow:hidden">{_LIE}</div>',
    "max_height": f'<div style="max-height:0px;overflow:hidden">{_LIE}</div>',
    "hidden": f"<div hidden>{_LIE}</div>",
    "visibility": f'<div style="visibility: hidden">{_LIE}</div>',
    "transparent": f'<div style="color:transparent">{_LIE}</div>',
    "comment": f"<!-- {_LIE} --><!--[if mso]><p>{_LIE}</p><![endif]-->",
    "style": '<style>.x:after{content:"Start"} td{color:#333}</style>',
    "class": f"<style>.pre{{display:none !important}}</style><div class=pre>{_LIE}</div>",
    "script": f"<script>var x = '{_LIE}'</script><template>{_LIE}</template>",
    "far_away": f'<div style="position:absolute;left:-9999px">{_LIE}</div>',
    "image": '<img src="https://t.boatsetter.com/o.gif" width=1 height=1 alt="Passengers: 99">',
}


def page_of(inner: str, unseen: str = "display") -> str:
    """A whole page around a body, with words in it that a reader does not see."""
    return (
        f"<!doctype html>\n<html><head><meta charset=utf-8><title>Start</title></head>\n<body>"
        f"{UNSEEN[unseen]}\n{inner}\n{UNSEEN[unseen]}<p>© 2026 Boatsetter · Fort Lauderdale, FL · "
        '<a href="https://x.example/u?Passengers=9">Unsubscribe</a></p></body></html>\n'
    )


def html_of(wording: Wording, page: Page = cells) -> str:
    """The mail's body in HTML."""
    return page(wording.items)


def plain_html(text: str) -> str:
    """Text as a client turns it into HTML."""
    return "".join(f"<div>{escape(line) or '<br>'}</div>\n" for line in text.splitlines())


def _other(item: Item, tag: str) -> str:
    words = escape(item.text)
    if item.form == "named":
        words = f"<b>{item.label}:</b> {words}"
    if item.form == "link":
        words = f'<a href="https://click.mail.boatsetter.com/ls?upn=u001.1-2">{words}</a>'
    return f"<{tag}>{words}</{tag}>\n"


def _each(items: tuple[Item, ...], pair: Callable[[str, str], str], tag: str) -> str:
    return "".join(
        pair(escape(item.label), escape(item.text)) + "\n"
        if item.form == "pair"
        else _other(item, tag)
        for item in items
    )


def _rows(items: tuple[Item, ...], pair: Callable[[str, str], str]) -> str:
    inner = "".join(
        pair(escape(item.label), escape(item.text)) + "\n"
        if item.form == "pair"
        else f"<tr><td colspan=2>{_other(item, 'div')}</td></tr>\n"
        for item in items
    )
    return f"<table width=600><tr><td><table>{inner}</table></td></tr></table>"


def _grouped(items: tuple[Item, ...], pairs: Callable[[list[tuple[str, str]]], str]) -> str:
    """A row for each run of up to two pairs."""
    found = ""
    for is_pair, run in groupby(items, key=lambda item: item.form == "pair"):
        together = list(run)
        if not is_pair:
            found += "".join(
                f"<tr><td colspan=4>{_other(one, 'div')}</td></tr>" for one in together
            )
            continue
        for at in range(0, len(together), 2):
            two = together[at : at + 2]
            found += pairs([(escape(one.label), escape(one.text)) for one in two]) + "\n"
    return f"<table>{found}</table>"
