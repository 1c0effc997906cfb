"""A tree of remarks for a terminal, in which words from a mail are quoted and nothing else.

Whatever cannot be seen in those words (an escape sequence, a bidi mark, a zero width, a no-break
space) is shown by its number, so that it neither acts on the terminal nor hides from the reader.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

Tone = Literal["plain", "title", "name", "quote", "good", "doubt", "bad", "faint"]
_STYLES: dict[Tone, str] = {
    "plain": "",
    "title": "bold cyan",
    "name": "bold",
    "quote": "magenta",
    "good": "green",
    "doubt": "yellow",
    "bad": "bold red",
    "faint": "dim",
}
_INDENT = 2
LONGEST_QUOTE = 200  # characters; of anything longer, its length is told


@dataclass(frozen=True)
class Piece:
    """Part of a line, in a tone of voice."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Remark:
    """A line, and what it is made of or follows from, one below the other."""

    line: tuple[Piece, ...]
    parts: tuple["Remark", ...] = ()


def remark(*line: str | Piece, parts: Iterable[Remark] = ()) -> Remark:
    """A line of our own words and of pieces."""
    pieces = (part if isinstance(part, Piece) else Piece(part) for part in line)
    return Remark(tuple(pieces), tuple(parts))


def quote(words: str, limit: int = LONGEST_QUOTE) -> Piece:
    """Words from outside, exact as far as they can be seen."""
    more = f" ({len(words):,} characters)" if len(words) > limit else ""
    kept = words[:limit] + ("…" if more else "")
    return Piece(f"“{visible(kept)}”{more}", "quote")


def visible(words: str) -> str:
    """Words with everything that has no shape of its own written as its number."""
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in words)


def drawn(remarks: Iterable[Remark], *, colour: bool, width: int | None = None) -> str:
    """The tree as text, one line a remark.

    Args:
        remarks: the trees.
        colour: whether escape sequences colour it, and long lines are broken for a screen.
        width: of that screen in columns; by default that of the terminal.
    """
    screen = StringIO()
    console = Console(
        file=screen,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        width=width,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for depth, line in _lines(remarks, 0):
        text = Text.assemble(*((visible(piece.text), _STYLES[piece.tone]) for piece in line))
        if colour:
            console.print(Padding(text, (0, 0, 0, _INDENT * depth), expand=False))
        else:
            console.print(Text(" " * _INDENT * depth) + text, soft_wrap=True)
    return screen.getvalue()


def _lines(remarks: Iterable[Remark], depth: int) -> Iterator[tuple[int, tuple[Piece, ...]]]:
    for one in remarks:
        yield depth, one.line
        yield from _lines(one.parts, depth + 1)
