"""The matrix as text: a Markdown file for each moment, a heading for each fault, compared exactly."""

import re
from pathlib import Path

from tests.matrix.faults import Fault, senseless
from tests.matrix.operations import OPERATIONS
from tests.matrix.scenes import Moment
from tests.matrix.story import Told
from tests.matrix.wire import Heard

FOLDER = Path(__file__).parent / "expected"
_DIALECTS = {operation.name: operation.dialect for operation in OPERATIONS}


def file_of(name: str) -> Path:
    """Where what is expected of a moment stands."""
    return FOLDER / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.md"


def cells(moment: Moment) -> list[Fault]:
    """The faults that the moment can meet."""
    dialect = _DIALECTS[moment.operation]
    return [f for f in Fault if senseless(moment.operation, dialect, f) is None]


def cell(heard: Heard, stories: dict[str, Told]) -> str:
    """What stands below a fault's heading."""
    lines = [f"- on the wire: {heard}"]
    lines += _merged({times: str(told) for times, told in stories.items()})
    return "\n".join(lines)


def _merged(stories: dict[str, str]) -> list[str]:
    """A line a story; equal ones together."""
    together: dict[str, list[str]] = {}
    for times, told in stories.items():
        together.setdefault(told, []).append(times)
    return [f"- {', '.join(times)}: {told}" for told, times in together.items()]


def page(name: str, found: dict[Fault, str], reasons: dict[Fault, str]) -> str:
    """A whole file."""
    parts = [f"# {name}"]
    parts += [f"## {fault}\n\n{text}" for fault, text in found.items()]
    if reasons:
        together: dict[str, list[str]] = {}
        for fault, why in reasons.items():
            together.setdefault(why, []).append(fault)
        listed = "\n".join(f"- {', '.join(faults)}: {why}" for why, faults in together.items())
        parts.append(f"## Cells that make no sense\n\n{listed}")
    return "\n\n".join(parts) + "\n"


def reasons(operation: str) -> dict[Fault, str]:
    """The cells of an operation that make no sense, and why."""
    dialect = _DIALECTS.get(operation, "")
    found = {fault: senseless(operation, dialect, fault) for fault in Fault}
    return {fault: each.why for fault, each in found.items() if each}


def expected(name: str) -> dict[str, str]:
    """What is committed, by the fault's name."""
    text = file_of(name).read_text()
    parts = text.split("\n## ")[1:]
    headed = (part.partition("\n\n") for part in parts)
    return {heading: body.strip() for heading, _, body in headed}


def line_of(text: str, times: str) -> str:
    """The story of so many times in a cell's text."""
    for line in text.splitlines():
        listed, _, told = line.removeprefix("- ").partition(": ")
        if times in listed.split(", "):
            return told
    return ""
