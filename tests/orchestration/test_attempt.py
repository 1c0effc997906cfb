"""One step: find, do, find, and what is said when that does not end well."""

import asyncio
from datetime import datetime, timedelta
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
from bot.domain.errors import NeedsPerson, Refused, Retriable, Unknown
from bot.domain.progress import StepState
from bot.orchestration.attempt import Attempt, Pace

THERE = Artefact(id="there")
LOST = Unknown("No answer came.", "Look at it.")
SILENT = Retriable("It does not answer.", "Wait.")


async def carried_out(step: ScriptedStep, **changes: Any) -> tuple[StepState, Book, list[Artefact]]:
    book, told = Book(), []
    about = {
        "line": line(),
        "record": book.record,
        "leave": granted,
        "confirm": always_ours,
        "announce": told.append,
        "clock": Ticking(),
        "pace": HASTE,
        **changes,
    }
    attempt = Attempt(step=step, charter=charter(), services=None, **about)
    return await attempt.carry_out(), book, told


async def test_what_is_there_already_is_not_done_again() -> None:
    step = ScriptedStep(finds=[THERE])
    state, book, told = await carried_out(step)
    assert (state, step.seen, told) == (StepState.DONE, [], [THERE])
    assert book.states == [StepState.DONE]


async def test_what_was_accepted_and_cannot_be_read_back_is_a_question_though_repeatable() -> None:
    step = ScriptedStep(repeatable=True, finds=[None] * 20)
    state, book, told = await carried_out(step)
    assert (state, len(step.seen), len(told)) == (StepState.UNKNOWN, 1, 1)
    assert book.lines[-1]["what"] == "It was accepted, but it cannot be read back."


async def test_what_was_done_is_read_back_and_its_beginning_is_written_down_first() -> None:
    step = ScriptedStep()
    state, book, _ = await carried_out(step)
    assert state is StepState.DONE
    assert book.lines[0]["begun"] is True
    assert book.states == [StepState.RUNNING, StepState.DONE]
    assert step.asked == 2


async def test_dependents_are_told_before_the_reading_back() -> None:
    step = ScriptedStep(finds=[None, None])
    _, book, told = await carried_out(step)
    assert told[0].id == "calendar-1"
    assert book.lines[-1]["artefact"]["id"] == "calendar-1"


async def test_a_survey_that_is_under_way_is_used_instead_of_asking_again() -> None:
    step = ScriptedStep()
    survey = asyncio.get_running_loop().create_future()
    survey.set_result(THERE)
    state, _, _ = await carried_out(step, survey=survey)
    assert (state, step.asked) == (StepState.DONE, 0)


async def test_what_may_help_is_tried_again_and_said_meanwhile() -> None:
    step = ScriptedStep(does=[Retriable("Too busy.")])
    state, book, _ = await carried_out(step)
    assert state is StepState.DONE
    assert len(step.seen) == 2
    assert "Too busy. Trying again." in [entry.get("what") for entry in book.lines]
    assert book.lines[-1]["what"] == ""


async def test_patience_ends_and_the_last_reason_is_told() -> None:
    step = ScriptedStep(does=[Retriable("Too busy.", "Wait.")] * 3)
    state, book, told = await carried_out(step)
    assert (state, len(step.seen), told) == (StepState.FAILED, 3, [])
    assert (book.lines[-1]["what"], book.lines[-1]["hint"]) == ("Too busy.", "Wait.")


@pytest.mark.parametrize("error", [NeedsPerson("No key.", "Set it."), Refused("No.", "Set it.")])
async def test_what_trying_again_does_not_mend_is_not_tried_again(error: Exception) -> None:
    step = ScriptedStep(does=[error])
    state, book, _ = await carried_out(step)
    assert (state, len(step.seen)) == (StepState.FAILED, 1)
    assert book.lines[-1]["hint"] == "Set it."


async def test_a_lost_answer_is_settled_by_looking_and_nothing_is_repeated() -> None:
    step = ScriptedStep(finds=[None, None, THERE], does=[LOST])
    state, _, told = await carried_out(step)
    assert (state, len(step.seen), told) == (StepState.DONE, 1, [THERE])


async def test_a_lost_request_is_a_question_once_it_can_take_effect_no_more() -> None:
    step = ScriptedStep(does=[LOST])
    state, book, _ = await carried_out(step)
    assert (state, len(step.seen)) == (StepState.UNKNOWN, 1)
    assert book.lines[-1]["what"] == "No answer came."
    assert step.asked > 1


async def test_what_is_one_effect_however_often_is_simply_done_again() -> None:
    step = ScriptedStep(repeatable=True, does=[LOST])
    state, _, _ = await carried_out(step)
    assert (state, len(step.seen)) == (StepState.DONE, 2)


async def test_an_interrupted_request_is_waited_for_before_it_is_made_again() -> None:
    interrupted = line(state=StepState.RUNNING, started_at=NOW)
    late = ScriptedStep(finds=[None, None, THERE])
    assert (await carried_out(late, line=interrupted))[0] is StepState.DONE
    assert late.seen == []
    never = ScriptedStep(finds=[None, None, None])
    assert (await carried_out(never, line=interrupted))[0] is StepState.DONE
    assert len(never.seen) == 1


async def test_a_request_is_waited_for_from_when_it_can_have_been_sent_at_the_latest() -> None:
    """Its secret took a while to fetch, so that its beginning says little."""
    interrupted = line(state=StepState.RUNNING, started_at=NOW - timedelta(seconds=HASTE.settle))
    late = ScriptedStep(finds=[None, None, THERE])
    assert (await carried_out(late, line=interrupted))[0] is StepState.DONE
    assert late.seen == []


async def test_a_beginning_that_took_long_to_write_down_is_written_down_anew() -> None:
    """Else whoever comes later counts from it, and takes what is on its way for long past."""
    clock, said = Ticking(), []

    async def away_at_first(**values: Any) -> None:
        clock.at += timedelta(minutes=0 if said else 5)
        said.append(values)

    class Timed(ScriptedStep):
        async def do(self, *arguments: Any) -> Artefact:
            out.append(clock.at)
            return await super().do(*arguments)

    out: list[datetime] = []
    await carried_out(Timed(), record=away_at_first, clock=clock)
    begun = [values["started_at"] for values in said if values.get("begun")]
    assert out[0] - begun[-1] < timedelta(seconds=HASTE.beginning)


async def test_the_thread_says_what_is_waited_for() -> None:
    step = ScriptedStep(finds=[None, None, THERE], does=[LOST])
    _, book, _ = await carried_out(step)
    [said] = [entry["what"] for entry in book.lines if "looked for" in entry.get("what", "")]
    assert said.startswith("A request went out and no answer came")
    assert book.lines[-1]["what"] == ""


async def test_what_is_made_again_is_no_longer_said_not_to_be() -> None:
    interrupted = line(state=StepState.RUNNING, started_at=NOW)
    step = ScriptedStep(finds=[None, None, None])
    state, book, _ = await carried_out(step, line=interrupted)
    said = [entry["what"] for entry in book.lines if "what" in entry]
    assert (state, len(step.seen)) == (StepState.DONE, 1)
    assert said[0].endswith("and not made again.")
    [begun] = [entry for entry in book.lines if entry.get("begun")]
    assert (begun["what"], begun["hint"]) == ("", "")


def test_a_run_outwaits_an_api_gateway() -> None:
    assert Pace().settle > 29


async def test_an_interrupted_mail_is_a_question_because_nobody_can_be_asked() -> None:
    step = ScriptedStep(reads_back=False)
    interrupted = line(state=StepState.RUNNING, started_at=NOW)
    state, book, _ = await carried_out(step, line=interrupted)
    assert (state, step.seen) == (StepState.UNKNOWN, [])
    assert "The bot stopped while this was under way" in book.lines[-1]["what"]


async def test_a_failed_look_after_a_lost_answer_is_no_leave_to_ask_again() -> None:
    step = ScriptedStep(finds=[None, SILENT, None], does=[LOST])
    state, book, _ = await carried_out(step)
    assert (state, len(step.seen)) == (StepState.UNKNOWN, 1)
    assert book.lines[-1]["what"] == "No answer came."


async def test_a_late_look_that_fails_is_repeated_before_a_person_is_asked() -> None:
    step = ScriptedStep(finds=[None, *[SILENT] * 4, THERE], does=[LOST])
    state, _, told = await carried_out(step)
    assert (state, len(step.seen), told) == (StepState.DONE, 1, [THERE])


async def test_looks_that_fail_for_good_leave_a_question_and_not_a_certain_failure() -> None:
    step = ScriptedStep(finds=[None, *[SILENT] * 20], does=[LOST])
    state, book, _ = await carried_out(step)
    assert (state, len(step.seen)) == (StepState.UNKNOWN, 1)
    assert book.lines[-1]["what"].startswith("No answer came. Whether it happened could not be")
    assert book.lines[-1]["started_at"] is not None


async def test_after_a_kill_a_first_look_that_fails_does_not_cut_the_waiting_short() -> None:
    killed = line(state=StepState.RUNNING, started_at=NOW)
    late = ScriptedStep(finds=[SILENT, None, THERE])
    assert (await carried_out(late, line=killed))[0] is StepState.DONE
    assert late.seen == []
    silent = ScriptedStep(finds=[SILENT] * 20)
    state, book, _ = await carried_out(silent, line=killed)
    assert (state, silent.seen) == (StepState.UNKNOWN, [])
    assert book.lines[-1]["started_at"] == NOW


async def test_after_a_kill_a_closed_door_leaves_a_question_and_not_a_certain_failure() -> None:
    killed = line(state=StepState.RUNNING, started_at=NOW)
    step = ScriptedStep(finds=[NeedsPerson("No key.", "Set it.")])
    state, book, _ = await carried_out(step, line=killed)
    assert (state, step.seen, book.lines[-1]["hint"]) == (StepState.UNKNOWN, [], "Set it.")


async def test_what_was_seen_before_the_waiting_is_no_proof_that_nothing_came_of_it() -> None:
    survey = asyncio.get_running_loop().create_future()
    survey.set_result(None)
    long_ago = line(state=StepState.RUNNING, started_at=NOW - timedelta(hours=1))
    step = ScriptedStep(finds=[THERE])
    assert (await carried_out(step, line=long_ago, survey=survey))[0] is StepState.DONE
    assert (step.asked, step.seen) == (1, [])


async def test_a_retry_is_waiting_for_the_request_of_the_run_before() -> None:
    retried = line(state=StepState.WAITING, started_at=NOW)
    late = ScriptedStep(finds=[None, None, THERE])
    assert (await carried_out(late, line=retried))[0] is StepState.DONE
    assert late.seen == []
    never = ScriptedStep(finds=[None, None, None])
    assert (await carried_out(never, line=retried))[0] is StepState.DONE
    assert len(never.seen) == 1


async def test_a_retried_mail_is_sent_because_a_person_decided_it() -> None:
    step = ScriptedStep(reads_back=False)
    retried = line(state=StepState.WAITING, started_at=NOW)
    assert (await carried_out(step, line=retried))[0] is StepState.DONE
    assert len(step.seen) == 1


@pytest.mark.parametrize("reads_back", [True, False])
async def test_a_question_that_nobody_answered_yet_stays_one(*, reads_back: bool) -> None:
    step = ScriptedStep(reads_back=reads_back)
    asked = line(state=StepState.UNKNOWN, started_at=NOW, what="No answer came.", hint="Look.")
    state, book, _ = await carried_out(step, line=asked)
    assert (state, step.seen) == (StepState.UNKNOWN, [])
    assert (book.lines[-1]["what"], book.lines[-1]["hint"]) == ("No answer came.", "Look.")


async def test_a_failed_reading_back_is_no_leave_to_do_it_again() -> None:
    step = ScriptedStep(finds=[None, SILENT])
    assert (await carried_out(step))[0] is StepState.DONE
    assert len(step.seen) == 1
    silent = ScriptedStep(finds=[None, *[SILENT] * 20])
    assert (await carried_out(silent))[0] is StepState.UNKNOWN
    assert len(silent.seen) == 1


@pytest.mark.parametrize("error", [SILENT, Refused("No."), NeedsPerson("No key.")])
async def test_what_certainly_had_no_effect_is_not_remembered_as_begun(error: Exception) -> None:
    step = ScriptedStep(does=[error] * 3)
    state, book, _ = await carried_out(step)
    assert state is StepState.FAILED
    assert book.lines[-1]["started_at"] is None


async def test_what_cannot_be_read_back_is_not_called_done() -> None:
    step = ScriptedStep(finds=[None] * 9)
    state, book, _ = await carried_out(step)
    assert state is StepState.UNKNOWN
    assert "cannot be read back" in book.lines[-1]["what"]


def test_a_service_that_asks_for_patience_gets_it() -> None:
    class Outcome:
        def exception(self) -> Exception:
            return Retriable("Slow down.", after=7.0)

    class State:
        outcome, attempt_number = Outcome(), 1

    assert Pace(jitter=lambda _low, high: high).pause(State()) == 7.5


@pytest.mark.parametrize("said", [NeedsPerson("They are no operator now.", "Retry."), SILENT])
async def test_without_leave_nothing_is_done_and_it_is_said(said: Exception) -> None:
    async def refuse() -> None:
        raise said

    step = ScriptedStep()
    state, book, _ = await carried_out(step, leave=refuse)
    assert (state, step.seen) == (StepState.FAILED, [])
    assert book.lines[-1]["what"] == str(said)
    assert not any(entry.get("begun") for entry in book.lines)


async def test_leave_is_asked_for_before_each_effect_and_not_for_what_is_there() -> None:
    asked = []

    async def grant() -> None:
        asked.append(len(step.seen))

    step = ScriptedStep(finds=[None, None], does=[SILENT, None])
    assert (await carried_out(step, leave=grant))[0] is StepState.DONE
    assert asked == [0, 1]
    asked.clear()
    await carried_out(ScriptedStep(finds=[THERE]), leave=grant)
    assert asked == []
