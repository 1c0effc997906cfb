"""From a wording to the bytes that arrive, by a description of everything that happens between."""

from dataclasses import dataclass, field
from typing import Literal

from grammar import mime
from grammar.forwards import SHAPES, Mail, forwarded
from grammar.mime import Coding
from grammar.noise import BELOW, NOTES, marked
from grammar.pages import PAGES, html_of, page_of, plain_html
from grammar.texts import LAYOUTS, flowed, text_of, wrapped
from grammar.wording import Wording

Carrier = Literal["text", "html", "both", "attached", "file"]


@dataclass(frozen=True)
class Wrapping:
    """What happens to a mail.

    Attributes:
        shapes: through whose clients it went, the first first; none if it came directly, or
            if the original itself is attached.
        language: of those clients.
        layout: of its text. `page`: of its HTML.
        carrier: text, HTML, both, or a mail attached to another.
        coding: from characters to bytes.
        unseen: words in the HTML that nobody sees. `seed`: of unseen marks, or 0 for none.
        note: above the last forward. `below`: under it.
        width: at which the forwarder's client breaks lines, or 0.
    """

    shapes: tuple[str, ...] = ("gmail",)
    language: str = "en"
    layout: str = "paired"
    page: str = "cells"
    carrier: Carrier = "text"
    coding: Coding = field(default_factory=Coding)
    unseen: str = "display"
    seed: int = 0
    note: str = ""
    below: str = ""
    width: int = 0


def wrap(wording: Wording, how: Wrapping) -> bytes:
    """The mail as it arrives."""
    text, html = text_of(wording, LAYOUTS[how.layout]), html_of(wording, PAGES[how.page])
    if how.seed:
        text = marked(text, how.seed)
    mail = Mail(wording.subject, text, html)
    carried = _handed_on(mail, how)
    return (
        _attached(carried, how) if how.carrier in {"attached", "file"} else _carried(carried, how)
    )


def _handed_on(mail: Mail, how: Wrapping) -> Mail:
    for at, shape in enumerate(how.shapes):
        last = at == len(how.shapes) - 1
        note = NOTES[how.note] if how.note and last else "FYI"
        mail = forwarded(mail, SHAPES[shape], how.language, note)
    below = f"\n{BELOW[how.below]}\n" if how.below else ""
    text = mail.text + below
    if how.width:
        text = wrapped(text, how.width)
    if how.coding.flowed:
        text = flowed(text)
    return Mail(mail.subject, text, mail.html + plain_html(below), mail.name, mail.address, mail.to)


def _carried(mail: Mail, how: Wrapping) -> bytes:
    if how.carrier == "text":
        return mime.text_mail(mail, how.coding)
    page = page_of(mail.html, how.unseen)
    make = mime.html_mail if how.carrier == "html" else mime.both_mail
    return make(mail, how.coding, page)


def _attached(mail: Mail, how: Wrapping) -> bytes:
    """The mail, whole, in another that says nothing of it."""
    inner = mime.both_mail(mail, how.coding, page_of(mail.html, how.unseen))
    note = NOTES[how.note] if how.note else "See the attached."
    outer = Mail("from this morning", f"{note}\n", "", "Cap Tain", mail.to, "charters@example.com")
    return mime.attached_mail(outer, inner, how.coding, as_file=how.carrier == "file")
