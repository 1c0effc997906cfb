"""Homes follow what happens: the last state is always shown, seldom, to whoever may see it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from home_world import COMES, WAITS, World

from bot.domain.errors import NeedsPerson, Refused, Retriable
from bot.domain.message import Message
from bot.orchestration import homes as keeping
from bot.services.ports import UserGone
from bot.store.queries import boards, homes


@pytest.fixture
def world(home_world: World) -> World:
    return home_world


async def test_whoever_has_opened_home_sees_what_happens_afterwards(world):
    bot = world.start()
    await bot.opened("U0CAPTAIN", blank=True)
    await bot.opened("U0STRANGER", blank=True)
    await world.until("U0CAPTAIN", "Nothing waits")
    await world.until("U0STRANGER", COMES)
    await world.proposes()
    bot.touch()
    await world.until("U0CAPTAIN", f"{WAITS}1")
    await world.quiet()
    assert "XHQGMDH" not in world.screens.shown["U0STRANGER"]
    await world.approves()
    bot.touch()
    for user in ("U0CAPTAIN", "U0STRANGER"):
        assert "XHQGMDH" in await world.until(user, f"{COMES}: 1")


async def test_nobody_is_sent_what_they_see_already(world):
    bot = world.start()
    await bot.opened("U0CAPTAIN", blank=True)
    await world.until("U0CAPTAIN", COMES)
    for _ in range(3):
        bot.touch()
        await bot.opened("U0CAPTAIN", blank=False)
        await world.quiet()
    assert len(world.screens.sent) == 1
    await bot.opened("U0CAPTAIN", blank=True)  # Slack has forgotten it
    await world.quiet()
    assert len(world.screens.sent) == 2


async def test_a_storm_of_changes_is_a_few_publishes_and_ends_with_the_last(world, monkeypatch):
    monkeypatch.setattr(keeping, "_SPACING_SECONDS", 0.3)
    bot = world.start()
    await bot.opened("U0CAPTAIN", blank=True)
    await world.until("U0CAPTAIN", COMES)
    for letter in "abcdefghijkl":
        await world.proposes(f"storm{letter}x")
        bot.touch()
    await world.until("U0CAPTAIN", f"{WAITS}12")
    assert len(world.screens.sent) <= 3


async def test_after_a_restart_every_home_goes_on(world):
    first = world.start()
    await first.opened("U0CAPTAIN", blank=True)
    await world.until("U0CAPTAIN", COMES)
    await first.close()
    await world.proposes()
    first.touch()
    second = world.start()
    await second.catch_up()
    await world.until("U0CAPTAIN", f"{WAITS}1")
    await world.quiet()
    third = world.start()
    await third.catch_up()
    await world.quiet()
    assert len(world.screens.sent) == 2, "the third start had nothing new to show"


@pytest.mark.parametrize(
    "failure",
    [Retriable("Slack failed.", after=0.02), sa.exc.OperationalError("", {}, Exception())],
)
async def test_what_slack_could_not_take_is_shown_a_little_later(world, failure, monkeypatch):
    monkeypatch.setattr(keeping, "_BLOCKED_PAUSE_SECONDS", 60.0)
    bot = world.start()
    world.screens.fail = [failure]
    await bot.opened("U0CAPTAIN", blank=True)
    await world.until("U0CAPTAIN", COMES)


@pytest.mark.parametrize("failure", [NeedsPerson("not_enabled"), Refused("view_too_large")])
async def test_a_home_that_slack_refuses_is_left_alone_until_something_changes(world, failure):
    bot = world.start()
    world.screens.fail = [failure]
    await bot.opened("U0CAPTAIN", blank=True)
    await world.quiet()
    assert world.screens.sent == []
    await bot.opened("U0MATE", blank=True)
    await world.until("U0MATE", COMES)
    bot.touch()
    await world.until("U0CAPTAIN", COMES)


async def test_who_leaves_the_user_group_is_shown_what_everybody_sees(world):
    await world.proposes()
    bot = world.start()
    await bot.opened("U0MATE", blank=True)
    await world.until("U0MATE", f"{WAITS}1")
    world.screens.members = frozenset()
    world.seconds += 31  # what Slack said about the group is remembered for 30 s
    bot.touch()
    await world.until("U0MATE", '"text": "Next charters"')
    await world.quiet()
    assert WAITS not in world.screens.shown["U0MATE"]


async def test_while_slack_does_not_say_who_belongs_to_a_group_its_members_see_the_least(world):
    await world.proposes()
    world.screens.members = NeedsPerson("missing_scope")
    bot = world.start()
    await bot.opened("U0MATE", blank=True)
    await bot.opened("U0CAPTAIN", blank=True)
    await world.until("U0CAPTAIN", f"{WAITS}1")
    await world.until("U0MATE", COMES)
    assert WAITS not in world.screens.shown["U0MATE"]
    world.screens.members = frozenset({"U0MATE"})
    await world.until("U0MATE", f"{WAITS}1")


async def test_a_group_that_cannot_be_asked_is_not_asked_for_every_home(world, monkeypatch):
    monkeypatch.setattr(keeping, "_UNSURE_SECONDS", 30.0)
    world.screens.members = Retriable("Slack cannot be reached.")
    bot = world.start()
    for number in range(9):
        await bot.opened(f"U0OTHER{number}", blank=True)
    for number in range(9):
        await world.until(f"U0OTHER{number}", COMES)
    assert world.screens.asked == 1


async def test_a_home_of_nobody_is_forgotten_and_of_somebody_who_comes_back_is_drawn(world):
    bot = world.start()
    world.screens.fail = [UserGone("user_not_found"), Refused("asked again about nobody")]
    await bot.opened("U0LEFT", blank=True)
    await world.quiet()
    assert await world.store.read(homes.users) == frozenset()
    bot.touch()
    await world.quiet()
    assert len(world.screens.fail) == 1, "Slack was not asked again"
    world.screens.fail = []
    await bot.opened("U0LEFT", blank=True)
    await world.until("U0LEFT", COMES)


async def test_the_board_is_read_once_for_everybody(world, monkeypatch):
    bot, read = world.start(), []

    def counted(*args: Any, **how: Any) -> Any:
        read.append(how)
        return board(*args, **how)

    users = [f"U0OTHER{number}" for number in range(9)]
    for user in users:
        await bot.opened(user, blank=True)
    for user in users:
        await world.until(user, COMES)
    await world.quiet()
    board = boards.board
    monkeypatch.setattr(boards, "board", counted)
    await world.proposes()
    await world.approves()
    bot.touch()
    for user in users:
        await world.until(user, "XHQGMDH")
    assert len(read) == 1


async def test_an_answer_stands_on_home_until_it_is_opened_again_or_is_old(world):
    bot = world.start()
    await bot.opened("U0CAPTAIN", blank=True)
    said = Message(text="No.", blocks=({"type": "header", "text": "Nothing to retry"},))
    await bot.tell("U0CAPTAIN", said)
    await world.until("U0CAPTAIN", "Nothing to retry")
    await bot.opened("U0CAPTAIN", blank=False)
    await world.quiet()
    assert "Nothing to retry" not in world.screens.shown["U0CAPTAIN"]
    await bot.tell("U0CAPTAIN", said)
    await world.until("U0CAPTAIN", "Nothing to retry")
    world.now += timedelta(minutes=6)
    bot.touch()
    await world.quiet()
    assert "Nothing to retry" not in world.screens.shown["U0CAPTAIN"]


async def test_homes_change_with_time_alone(world, monkeypatch):
    monkeypatch.setattr(keeping, "_LOOK_AGAIN_SECONDS", 0.05)
    await world.proposes()
    bot = world.start()
    await bot.opened("U0CAPTAIN", blank=True)
    await world.until("U0CAPTAIN", "less than an hour")
    ticking = asyncio.create_task(bot.forever())
    world.now += timedelta(hours=5)
    await world.until("U0CAPTAIN", "Waiting for 5 hours")
    ticking.cancel()


async def test_after_closing_nothing_is_drawn_until_the_next_start(world):
    bot = world.start()
    await bot.close()
    await bot.opened("U0CAPTAIN", blank=True)
    bot.touch()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert world.screens.sent == []
    assert await world.store.read(homes.users) == {"U0CAPTAIN"}


@pytest.mark.parametrize("lost", [Retriable("No answer."), NeedsPerson("Not understood.")])
async def test_a_view_whose_answer_was_lost_is_followed_by_the_one_from_before(world, lost):
    """Who looks sees the last state, even where it is the same as the one before the last."""
    homes = world.start()
    await homes.opened("U0CAPTAIN", blank=True)
    before = await world.until("U0CAPTAIN", "Nothing waits")
    world.screens.lose = [lost]
    said = Message(text="No.", blocks=({"type": "header", "text": "Nothing to retry"},))
    await homes.tell("U0CAPTAIN", said)
    await world.until("U0CAPTAIN", "Nothing to retry")
    await homes.opened("U0CAPTAIN", blank=False)
    async with asyncio.timeout(10):
        while world.screens.shown["U0CAPTAIN"] != before:
            await asyncio.sleep(0.01)
