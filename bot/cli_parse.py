"""`charter parse`: what the reader makes of each file, for a person or for a program."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import typer

from bot.domain.boat import Boat
from bot.domain.booking import Kind, Reading
from bot.mail.examination import Examination
from bot.mail.reader import examine_bytes
from bot.mail.unreadable import Unreadable
from bot.settings import load_boats
from bot.views.text import plain

Shown = Callable[[str, Examination, tuple[Boat, ...]], str]
"""How one file's reading is shown, by its name, what became of it, and the boats."""

STDIN = "-"
_ACTED_ON = frozenset({Kind.NEW, Kind.CHANGED, Kind.CANCELLED})
_TITLES = {
    Kind.NEW: "a new booking",
    Kind.CHANGED: "a change of a booking",
    Kind.CANCELLED: "a cancellation",
    Kind.INFORMATIONAL: "for information only",
    Kind.UNRECOGNISED: "not a booking that is known here",
}
_LONGEST_VALUE = 300
# What JSON allows in a string as it is, and a terminal obeys or an encoder refuses: controls,
# separators of lines, changes of direction, halves of characters.
_STEERS_A_TERMINAL = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def parse_files(files: Sequence[str], *, config: Path, shown: Shown) -> int:
    """Show every file's reading, in order, and return the exit code: 2, 3 or 0, the worst first."""
    boats = load_boats(config)
    unreadable = other = False
    for name in files:
        try:
            examination = examine_bytes(_bytes_of(name), name=name, boats=boats)
        except Unreadable as error:
            typer.echo(f"charter: {plain(name)}: {error.reason}", err=True)
            unreadable = True
            continue
        other |= examination.reading.kind not in _ACTED_ON
        typer.echo(shown(name, examination, boats))
    return 2 if unreadable else 3 if other else 0


def as_line_of_json(_name: str, examination: Examination, _boats: tuple[Boat, ...]) -> str:
    """For programs."""
    text = json.dumps(examination.reading.as_json(), ensure_ascii=False)
    return _STEERS_A_TERMINAL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def as_text(name: str, examination: Examination, _boats: tuple[Boat, ...]) -> str:
    """For people."""
    return "\n".join(_lines(name, examination.reading))


def as_explained(colour: bool) -> Shown:
    """For whoever writes or mends a reader: every decision on the way to the reading."""
    # Here, because what draws it is slow to import.
    from bot.cli_explain import explanation  # noqa: PLC0415
    from bot.views.explanation import drawn  # noqa: PLC0415

    def shown(name: str, examination: Examination, boats: tuple[Boat, ...]) -> str:
        return drawn(explanation(_called(name), examination, boats), colour=colour)

    return shown


def _bytes_of(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else None
        raise Unreadable(f"cannot be read ({reason or 'no such name is possible'})") from error


def _lines(name: str, reading: Reading) -> Iterator[str]:
    source = f" ({reading.marketplace})" if reading.marketplace else ""
    yield f"{_called(name)}: {_TITLES[reading.kind]}{source}"
    for field, found in reading.fields.items():
        value = plain(getattr(reading.booking, field, found.value), _LONGEST_VALUE)
        doubt = "" if found.sure else f"  (unsure: {plain(found.why or 'confirm it')})"
        yield f"  {field.replace('_', ' '):<20} {value}{doubt}"
    if reading.missing:
        yield f"  missing: {', '.join(name.replace('_', ' ') for name in reading.missing)}"


def _called(name: str) -> str:
    return "stdin" if name == STDIN else plain(name)
