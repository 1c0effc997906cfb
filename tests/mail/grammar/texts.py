"""A wording as plain text, in the ways that mailers and clients lay it out."""

import textwrap
from collections.abc import Callable

from grammar.wording import Item, Wording

Layout = Callable[[Item], list[str]]


def spaced(item: Item) -> list[str]:
    """Label and value on lines of their own, blank lines between everything."""
    return ["", *([item.label, "", item.text] if item.form == "pair" else [_line(item)])]


def paired(item: Item) -> list[str]:
    """Value right under its label, a blank line between fields."""
    if item.form == "pair":
        return ["", item.label, item.text]
    return [_line(item)] if item.form in {"sentence", "link"} else ["", _line(item)]


def dense(item: Item) -> list[str]:
    """No blank line anywhere."""
    return [item.label, item.text] if item.form == "pair" else [_line(item)]


def inline(item: Item) -> list[str]:
    """`Label: value`, a line each."""
    gap = [""] if item.form in {"title", "heading"} else []
    return [*gap, f"{item.label}: {item.text}" if item.form == "pair" else _line(item), *gap]


def starred(item: Item) -> list[str]:
    """As clients write bold words: `*Label*`, `*Renter:* value`."""
    if item.form == "named":
        return ["", f"*{item.label}:* {item.text}"]
    return ["", f"*{item.label}*", item.text] if item.form == "pair" else ["", _line(item)]


def linked(item: Item) -> list[str]:
    """The address behind every link written after its words."""
    lines = paired(item)
    if item.form == "link":
        lines[-1] += " <https://click.mail.boatsetter.com/ls/click?upn=u001.Start-11>"
    return lines


LAYOUTS = {made.__name__: made for made in (paired, spaced, dense, inline, starred, linked)}


def text_of(wording: Wording, layout: Layout = paired) -> str:
    """The mail's text."""
    lines = [line for item in wording.items for line in layout(item)]
    return "\n".join(lines).strip("\n") + "\n"


def wrapped(text: str, width: int = 76) -> str:
    """Hard-wrapped, as a client does that keeps lines short."""
    return _refilled(text, width, "\n")


def flowed(text: str, width: int = 72) -> str:
    """RFC 3676: wrapped softly, a space at the end of a line that goes on."""
    stuffed = "".join(
        f" {line}\n" if line[:1] in {" ", ">"} or line.startswith("From ") else f"{line}\n"
        for line in text.splitlines()
    )
    return _refilled(stuffed, width, " \n")


def _refilled(text: str, width: int, seam: str) -> str:
    lines = (
        seam.join(
            textwrap.wrap(
                line, width, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
            )
        )
        if len(line) > width
        else line.rstrip(" ")
        if seam != "\n" and line != "-- "
        else line
        for line in text.splitlines()
    )
    return "\n".join(lines) + "\n"


def _line(item: Item) -> str:
    return f"{item.label}: {item.text}" if item.form == "named" else item.text
