"""A pass over a plan: all finds at once, lanes beside each other, what is blocked is said."""

import asyncio
from typing import Any

import pytest
from orchestration_fakes import (
    HASTE,
    NOW,
    Book,
    ScriptedStep,
    Ticking,
    always_ours,
    charter,
    granted,
    line,
)

from bot.domain.artefact import Artefact
from bot.domain.errors import NeedsPerson, Retriable
from bot.domain.progress import StepState
from bot.orchestration.plan import PlanPass

DONE, FAILED, BLOCKED = StepState.DONE, StepState.FAILED, StepState.BLOCKED
UNKNOWN = StepState.UNKNOWN


async def through(*steps: ScriptedStep, lines: tuple[Any, ...] = ()) -> tuple[set[StepState], Book]:
    book = Book()
    plan = PlanPass(
        charter=charter(),
        lines=lines or tuple(line(step.name) for step in steps),
        steps={step.name: step for step in steps},
        services=None,
        record=book.record,
        leave=granted,
        confirm=always_ours,
        clock=Ticking(),
        pace=HASTE,
    )
    return await plan.through(), book


def ended(book: Book) -> dict[str, StepState]:
    return {entry["name"]: entry["state"] for entry in book.lines if "state" in entry}


async def test_a_step_sees_what_every_earlier_one_left() -> None:
    first = ScriptedStep("first")
    second = ScriptedStep("second", needs=("first",))
    third = ScriptedStep("third", needs=("second",))
    assert (await through(first, second, third))[0] == {DONE}
    assert set(third.seen[0].artefacts) == {"first", "second"}


async def test_a_failed_lane_leaves_the_other_running_and_blocks_what_needs_it() -> None:
    broken = ScriptedStep("broken", does=[NeedsPerson("No key.")])
    after = ScriptedStep("after", needs=("broken",))
    beside = ScriptedStep("beside")
    both = ScriptedStep("both", needs=("after", "beside"))
    states, book = await through(broken, after, beside, both)
    assert states == {FAILED, BLOCKED, DONE}
    assert ended(book) == {"broken": FAILED, "after": BLOCKED, "beside": DONE, "both": BLOCKED}
    assert after.seen == both.seen == []


async def test_what_is_done_is_neither_asked_for_nor_done_again() -> None:
    first = ScriptedStep("first")
    second = ScriptedStep("second", needs=("first",))
    left = line("first", state=DONE, artefact=Artefact(id="kept"))
    states, book = await through(first, second, lines=(left, line("second")))
    assert states == {DONE}
    assert (first.asked, first.seen) == (0, [])
    assert second.seen[0].artefacts["first"].id == "kept"
    assert set(ended(book)) == {"second"}


async def test_everything_is_asked_for_at_once() -> None:
    asked, all_asked = [], asyncio.Event()

    class Patient(ScriptedStep):
        async def find(self, *arguments: Any) -> Artefact | None:
            asked.append(self.name)
            if len(asked) == 3:
                all_asked.set()
            await all_asked.wait()
            return await super().find(*arguments)

    steps = [
        Patient("first"),
        Patient("second", needs=("first",)),
        Patient("third", needs=("second",)),
    ]
    async with asyncio.timeout(5):
        assert (await through(*steps))[0] == {DONE}


async def test_what_may_be_on_its_way_is_asked_for_once_and_not_in_advance() -> None:
    killed = line("step", state=StepState.RUNNING, started_at=NOW)
    step = ScriptedStep("step", finds=[Artefact(id="there")])
    assert (await through(step, lines=(killed,)))[0] == {DONE}
    assert (step.asked, step.seen) == (1, [])


async def test_a_step_that_this_version_does_not_have_is_said() -> None:
    states, book = await through(lines=(line("bygone"),))
    assert states == {FAILED}
    assert book.lines[-1]["what"] == "This version of the bot does not have this step."


async def test_the_error_of_a_find_that_nobody_came_to_ask_for_is_not_lost_in_a_warning() -> None:
    broken = ScriptedStep("broken", does=[NeedsPerson("No key.")])
    after = ScriptedStep("after", needs=("broken",), finds=[NeedsPerson("Nor here.")])
    states, _ = await through(broken, after)
    assert states == {FAILED, BLOCKED}


async def test_a_bug_in_one_lane_does_not_tear_off_the_request_of_the_other() -> None:
    broke = asyncio.Event()

    class Patient(ScriptedStep):
        async def do(self, *arguments: Any) -> Artefact:
            await broke.wait()
            await asyncio.sleep(0.01)
            return await super().do(*arguments)

    class Broken(ScriptedStep):
        async def do(self, *arguments: Any) -> Artefact:
            broke.set()
            return await super().do(*arguments)

    broken = Broken("broken", does=[ValueError("a bug")])
    after = ScriptedStep("after", needs=("broken",))
    async with asyncio.timeout(5):
        states, book = await through(broken, after, Patient("beside"))
    assert states == {UNKNOWN, BLOCKED, DONE}
    assert ended(book) == {"broken": UNKNOWN, "after": BLOCKED, "beside": DONE}
    [said] = [entry for entry in book.lines if entry.get("state") is UNKNOWN]
    assert said["what"] == "The bot itself broke off here; its log says why."
    assert said["hint"] == "Retry looks what is there and goes on."


async def test_a_mail_that_may_be_out_stays_a_question_when_an_earlier_step_is_missing() -> None:
    broken = ScriptedStep("broken", does=[NeedsPerson("No key.")])
    mail = ScriptedStep("mail", needs=("broken",), reads_back=False)
    killed = line("mail", state=StepState.RUNNING, started_at=NOW)
    states, book = await through(broken, mail, lines=(line("broken"), killed))
    assert (states, mail.seen) == ({FAILED, UNKNOWN}, [])
    assert "The bot stopped while this was under way" in book.lines[-1]["what"]


@pytest.mark.parametrize(
    ("finds", "state", "says"),
    [
        ([Artefact(id="there")], DONE, ""),
        ([None] * 9, BLOCKED, ""),
        ([Retriable("It is away.")] * 9, UNKNOWN, "It is away."),
        ([NeedsPerson("No key.")], UNKNOWN, "No key."),
    ],
)
async def test_what_may_be_on_its_way_is_looked_for_although_an_earlier_step_is_missing(
    finds: list[Any], state: StepState, says: str
) -> None:
    broken = ScriptedStep("broken", does=[NeedsPerson("Nothing.")])
    crew = ScriptedStep("crew", needs=("broken",), finds=finds)
    killed = line("crew", state=StepState.RUNNING, started_at=NOW)
    states, book = await through(broken, crew, lines=(line("broken"), killed))
    assert (states, crew.seen) == ({FAILED, state}, [])
    last = next(entry for entry in reversed(book.lines) if entry["name"] == "crew")
    assert last["state"] is state
    if state is not DONE:
        assert bool(last["started_at"]) is (state is UNKNOWN)
    assert says in last["what"]


async def test_a_request_of_a_step_that_this_version_does_not_have_stays_a_question() -> None:
    bygone = line("bygone", state=StepState.RUNNING, started_at=NOW)
    assert (await through(lines=(bygone,)))[0] == {UNKNOWN}
