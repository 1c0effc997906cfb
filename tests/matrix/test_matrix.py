"""The fault matrix: the wire whole, and of the stories one of each cell.

A cell, a moment that meets a fault, is met once, twice or for ever: `python -m tests.matrix` plays
all three, here it is one. The faults of a moment that the wire hears as the same are met equally
often, because nobody could tell their stories apart and they are played once; what is heard as
something else takes the next of the three, and each moment begins one further than that before it.
"""

import asyncio
from collections.abc import Iterator

import pytest
import structlog

from tests.matrix import database_cells, table
from tests.matrix.faults import POSTGRESQL, Fault
from tests.matrix.operations import OPERATIONS
from tests.matrix.scenes import MOMENTS, Moment
from tests.matrix.story import TIMES, told
from tests.matrix.wire import VALUE, Heard, heard_by_all

# What cannot be done twice without two of a thing.
_ONCE_ONLY = (
    *("Slack post", "calendar create", "crew service create", "crew service resend", "SES send"),
)


def _stories() -> Iterator[tuple[Moment, Fault, str]]:
    """Each cell with how often it is met: see above."""
    turns = list(TIMES)
    for number, moment in enumerate(MOMENTS):
        written, cells = table.expected(moment.name), table.cells(moment)
        heard_as = {fault: written[fault].splitlines()[0] for fault in cells}
        kinds = list(dict.fromkeys(heard_as.values()))
        for fault in cells:
            yield moment, fault, turns[(number + kinds.index(heard_as[fault])) % len(turns)]


_TROUBLES = [
    (moment, fault, times)
    for moment in database_cells.MOMENTS
    for fault in database_cells.FAULTS
    for times in TIMES
]


@pytest.fixture(scope="module")
def heard() -> dict[tuple[str, Fault], Heard]:
    return asyncio.run(heard_by_all())


@pytest.fixture(autouse=True)
def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


def _label(cell: object) -> str:
    return cell.name if isinstance(cell, Moment) else str(cell)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_each_fault_is_heard_as_what_it_is(operation, heard) -> None:
    moment = next(moment for moment in MOMENTS if moment.operation == operation.name)
    expected = table.expected(moment.name)
    for fault in table.cells(moment):
        said = f"- on the wire: {heard[operation.name, fault]}"
        assert expected[fault].splitlines()[0] == said, f"{operation.name}, {fault}"


def test_no_request_and_no_secret_goes_to_another_host(heard) -> None:
    assert not [(cell, each.leaks) for cell, each in heard.items() if each.leaks]


@pytest.mark.parametrize("operation", _ONCE_ONLY)
def test_what_may_have_happened_is_never_heard_as_a_failure(operation, heard) -> None:
    happened = {
        fault: each.kind
        for (name, fault), each in heard.items()
        if name == operation and each.effects
    }
    assert len(happened) >= 6
    assert set(happened.values()) <= {"Unknown", VALUE}


@pytest.mark.parametrize(("moment", "fault", "times"), list(_stories()), ids=_label)
def test_a_story_ends_as_it_is_written_down(moment, fault, times, heard) -> None:
    story = told(moment, fault, times, heard)
    assert not story.broken
    assert str(story) == table.line_of(table.expected(moment.name)[fault], times)


@pytest.mark.parametrize(("moment", "fault", "times"), _TROUBLES, ids=_label)
def test_a_full_or_locked_database_ends_well_once_it_is_mended(moment, fault, times) -> None:
    story = database_cells.told_of(moment, fault, times)
    assert not story.broken
    lines = table.expected(database_cells.NAME)[fault].splitlines()
    assert f"- {moment}, {times}: {story}" in lines


def test_every_cell_is_played_or_has_its_reason() -> None:
    for name in [moment.name for moment in MOMENTS] + [database_cells.NAME, POSTGRESQL]:
        operation = name.partition(",")[0]
        written = table.expected(name)
        without = table.reasons(operation)
        told_of = {Fault(heading) for heading in written if heading in set(Fault)}
        assert told_of | set(without) == set(Fault), name
        assert not told_of & set(without), name
