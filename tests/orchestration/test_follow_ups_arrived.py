"""It arrived: a person's word settles what nobody can look up, once, and only while it is asked."""

from typing import Any

import pytest
from follow_up_world import ARTEFACT, ID, NOW, FollowUpWorld, approved

from bot.domain.charter import State
from bot.domain.progress import Overview, StepState
from bot.store.queries import charters, follow_ups, overviews
from bot.store.store import Store
from bot.views.press import ARRIVED

DONE, UNKNOWN, FAILED = StepState.DONE, StepState.UNKNOWN, StepState.FAILED
COUNTED = "XHQGMDH: the operations mail counts as sent, because <@U0CAPTAIN> has seen it."
NO_QUESTION = "whether its operations mail went out is no question, so nothing was done."


async def asking(store: Store, *, mail: StepState = UNKNOWN, crew: StepState = DONE) -> Any:
    """A charter whose run ended with its steps like that."""
    world = await approved(store)
    left = {"state": crew, "artefact": ARTEFACT if crew is DONE else None}
    await store.write(charters.set_step, ID, "crew_event", **left)
    await store.write(charters.set_step, ID, "operations_mail", state=mail, what="No answer.")
    await world.fails()
    return world


async def found(world: FollowUpWorld) -> Overview:
    overview = await world.store.read(overviews.overview, ID)
    assert overview is not None
    return overview


async def test_the_last_question_of_a_charter_ends_it(store: Store) -> None:
    world = await asking(store)
    await world.press(ARRIVED, run=1)
    assert world.answer() == COUNTED
    now = await found(world)
    mail = now.step("operations_mail")
    assert mail is not None
    assert (now.state, mail.state, mail.what, mail.ended_at) == (State.DONE, DONE, "", NOW)
    assert mail.artefact is not None
    assert mail.artefact.id == "seen by U0CAPTAIN"
    assert await world.audited() == [f"{ARRIVED} done"]
    assert {*world.touched} == {ID}


async def test_what_else_is_left_stays_for_retry_which_leaves_the_mail_alone(store: Store) -> None:
    world = await asking(store, crew=FAILED)
    await world.press(ARRIVED, run=1)
    assert world.answer() == f"{COUNTED} Something else is left: press Retry for it."
    assert (await found(world)).state is State.NEEDS_PERSON
    await world.press("retry", key="click:2", run=1)
    states = [step.state for step in (await found(world)).steps]
    assert states == [StepState.WAITING, DONE]


@pytest.mark.parametrize("mail", [DONE, FAILED, StepState.BLOCKED])
async def test_a_mail_that_is_no_question_is_left_as_it_is(store: Store, mail: StepState) -> None:
    world = await asking(store, mail=mail, crew=FAILED)
    await world.press(ARRIVED, run=1)
    assert NO_QUESTION in world.answer()
    step = (await found(world)).step("operations_mail")
    assert step is not None
    assert step.state is mail
    assert await world.audited() == [f"{ARRIVED} failed"]


async def test_a_charter_that_needs_nobody_has_no_question(store: Store) -> None:
    world = await approved(store)
    await store.write(charters.set_step, ID, "operations_mail", state=UNKNOWN)
    await world.press(ARRIVED, run=1)
    assert NO_QUESTION in world.answer()
    assert (await found(world)).state is State.RUNNING


async def test_nobody_decides_about_a_run_that_they_never_saw(store: Store) -> None:
    world = await asking(store)
    await world.press("retry", run=1)
    await store.write(charters.set_step, ID, "operations_mail", state=UNKNOWN)
    await world.fails()
    await world.press(ARRIVED, key="click:2", run=1)
    assert "was retried since that button was drawn" in world.answer("click:2")
    assert (await found(world)).state is State.NEEDS_PERSON


async def test_a_second_click_of_the_same_moment_has_nothing_left_to_do(store: Store) -> None:
    world = await asking(store)
    await world.press(ARRIVED, run=1)
    await world.press(ARRIVED, key="click:2", run=1)
    assert NO_QUESTION in world.answer("click:2")
    assert (await found(world)).state is State.DONE


async def test_a_click_that_a_crash_cut_off_says_what_it_has_done(store: Store) -> None:
    world = await asking(store)

    class KilledError(BaseException):
        """The process ends here."""

    def dies(_booking_id: str) -> None:
        raise KilledError

    world.touched = type("Dying", (list,), {"append": lambda _self, one: dies(one)})()
    with pytest.raises(KilledError):
        await world.press(ARRIVED, run=1)
    assert (await store.read(follow_ups.get, "click:1")).outcome == "counted"
    world.touched = []
    await world.press(ARRIVED, run=1)
    assert world.answer() == COUNTED
