"""`charter parse`: what the reader makes of each file, for a person or for a program."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from bot.domain.booking import Kind, Reading
from bot.mail.reader import read_bytes
from bot.mail.unreadable import Unreadable
from bot.settings import load_boats
from bot.views.text import plain

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


def parse_files(files: Sequence[str], *, config: Path, as_json: bool) -> int:
    """Show every file's reading, in order, and return the exit code: 2, 3 or 0, the worst first."""
    boats = load_boats(config)
    unreadable = other = False
    for name in files:
        try:
            reading = read_bytes(_bytes_of(name), name=name, boats=boats)
        except Unreadable as error:
            typer.echo(f"charter: {plain(name)}: {error.reason}", err=True)
            unreadable = True
            continue
        other |= reading.kind not in _ACTED_ON
        if as_json:
            typer.echo(json.dumps(reading.as_json(), ensure_ascii=False))
        else:
            typer.echo("\n".join(_lines(name, reading)))
    return 2 if unreadable else 3 if other else 0


def _bytes_of(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else None
        raise Unreadable(f"cannot be read ({reason or 'no such name is possible'})") from error


def _lines(name: str, reading: Reading) -> Iterator[str]:
    source = f" ({reading.marketplace})" if reading.marketplace else ""
    yield f"{'stdin' if name == STDIN else plain(name)}: {_TITLES[reading.kind]}{source}"
    for field, found in reading.fields.items():
        value = plain(getattr(reading.booking, field, found.value), _LONGEST_VALUE)
        doubt = "" if found.sure else f"  (unsure: {plain(found.why or 'confirm it')})"
        yield f"  {field.replace('_', ' '):<20} {value}{doubt}"
    if reading.missing:
        yield f"  missing: {', '.join(name.replace('_', ' ') for name in reading.missing)}"
