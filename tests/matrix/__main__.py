"""The fault matrix: every operation through every fault, once, twice and for ever.

python -m tests.matrix           plays it all, and compares it with what is committed
python -m tests.matrix --write   writes tests/matrix/expected/ anew, to be read in the diff

The row of PostgreSQL needs a server, and a bot that is a process: its page, postgresql-write.md, is
played and compared by tests/scenarios/test_postgresql_faults.py alone, and not counted here.
"""

import asyncio
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import structlog

from tests.matrix import database_cells, table
from tests.matrix.faults import Fault
from tests.matrix.scenes import MOMENTS, Moment
from tests.matrix.story import TIMES, told
from tests.matrix.wire import Heard, heard_by_all
from tests.torture.tell import commit
from tests.torture.tell import table as rows

_QUIET = 50


@dataclass(frozen=True)
class Played:
    """All cells of a moment."""

    name: str
    cells: dict[Fault, str]
    reasons: dict[Fault, str]
    stories: int
    uncertain: int
    broken: int

    @property
    def page(self) -> str:
        return table.page(self.name, self.cells, self.reasons)

    def wrong(self) -> list[str]:
        """The cells that are not as committed."""
        try:
            expected = table.expected(self.name)
        except FileNotFoundError:
            expected = {}
        return [f"{self.name}, {f}" for f, text in self.cells.items() if expected.get(f) != text]


def main(arguments: list[str]) -> int:
    """Play all; 1 if a cell is not as committed, or broke a law."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(_QUIET))
    begun = time.monotonic()
    heard = asyncio.run(heard_by_all())
    leaks = [f"{op}, {fault}: {each.leaks}" for (op, fault), each in heard.items() if each.leaks]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        played = list(pool.map(partial(_play, heard), MOMENTS))
    played.append(_database())
    if "--write" in arguments:
        table.FOLDER.mkdir(exist_ok=True)
        for each in played:
            table.file_of(each.name).write_text(each.page)
    wrong = [cell for each in played for cell in each.wrong()]
    stories = sum(each.stories for each in played)
    senseless = {(each.name.partition(",")[0], f) for each in played for f in each.reasons}
    broken = sum(each.broken for each in played)
    print(_overview(played))
    print(
        rows(
            [
                ("Cells on the wire, by the real clients", len(heard)),
                ("Stories: moments by faults, once, twice and for ever", stories),
                ("Stories in which a law is broken, as that of no effect twice", broken),
                ("Cells whose effects or words are not those committed", len(wrong)),
                ("Requests or secrets that went to another host", len(leaks)),
                ("Uncertain outcomes, shown to a person", sum(e.uncertain for e in played)),
                ("Cells that make no sense, each with its reason", len(senseless)),
                ("Seconds", f"{time.monotonic() - begun:.1f}"),
                ("Commit", commit()),
            ]
        )
    )
    for said in (*leaks, *wrong):
        print(f"Not as it should be: {said}")
    return 1 if wrong or broken or leaks else 0


def _play(heard: dict[tuple[str, Fault], Heard], moment: Moment) -> Played:
    cells, uncertain, broken = dict[Fault, str](), 0, 0
    for fault in table.cells(moment):
        here = heard[moment.operation, fault]
        stories = {times: told(moment, fault, times, heard) for times in TIMES}
        cells[fault] = table.cell(here, stories)
        uncertain += sum(bool(story.uncertain) for story in stories.values())
        broken += sum(bool(story.broken) for story in stories.values())
    reasons = table.reasons(moment.operation)
    return Played(moment.name, cells, reasons, 3 * len(cells), uncertain, broken)


def _database() -> Played:
    found = database_cells.all_told()
    return Played(
        database_cells.NAME,
        {fault: "\n".join(lines) for fault, lines in found.cells.items()},
        table.reasons(database_cells.NAME),
        found.stories,
        found.uncertain,
        found.broken,
    )


def _overview(played: list[Played]) -> str:
    """A letter a cell and fault: how the first story ends."""
    lines = []
    for each in played:
        letters = "".join(_letter(each.cells.get(fault, "")) for fault in Fault)
        lines.append(f"{each.name:<45} {letters}")
    legend = "  ".join(f"{chr(ord('a') + n)} {fault}" for n, fault in enumerate(Fault))
    head = "".join(chr(ord("a") + n) for n in range(len(Fault)))
    told = ". set up   ? a question to a person   ! a person is needed   - makes no sense"
    return f"{legend}\n{told}; the worst of once, twice, for ever\n\n{'':<45} {head}\n" + (
        "\n".join(lines) + "\n"
    )


def _letter(text: str) -> str:
    if not text:
        return "-"
    if "A question is left" in text or "answered: unknown" in text:
        return "?"
    calm = ("set up; everything there once", "answered: done; everything there once")
    stories = [line.partition(": ")[2] for line in text.splitlines()[1:]]
    return "." if all(story.startswith(calm) for story in stories) else "!"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
