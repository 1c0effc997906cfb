"""Several bots on one database: whoever does something, every Home ends with the last state."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from home_world import COMES, WAITS, World

from bot.services.ports import UserGone
from bot.store.queries import homes


@pytest.fixture
def world(home_world: World) -> World:
    return home_world


@dataclass
class Held:
    """The first view is sent, and shown only once it is let go; later ones overtake it."""

    sent: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
def held(world: World, monkeypatch: pytest.MonkeyPatch) -> Held:
    held, publish = Held(), world.screens.publish_home

    async def slow(user: str, view: Any) -> None:
        if not held.sent.is_set():
            held.sent.set()
            await held.let_go.wait()
        await publish(user, view)

    monkeypatch.setattr(world.screens, "publish_home", slow)
    return held


async def test_a_home_opened_through_one_replica_follows_what_another_does(world):
    here, there = world.start(), world.start()
    await here.catch_up()
    await there.opened("U0CAPTAIN", blank=True)
    await world.until("U0CAPTAIN", "Nothing waits")
    await world.quiet()
    await world.proposes()
    here.touch()
    await world.until("U0CAPTAIN", f"{WAITS}1")


async def test_of_two_views_that_cross_on_their_way_the_newer_one_stands_in_the_end(world, held):
    here, there = world.start(), world.start()
    await here.opened("U0CAPTAIN", blank=True)
    await held.sent.wait()
    await world.proposes()
    await there.catch_up()
    await world.until("U0CAPTAIN", f"{WAITS}1")
    held.let_go.set()
    await world.until("U0CAPTAIN", "Nothing waits")
    await world.until("U0CAPTAIN", f"{WAITS}1")
    await world.quiet()
    assert f"{WAITS}1" in world.screens.shown["U0CAPTAIN"]


async def test_a_replica_whose_board_is_old_does_not_undo_what_another_has_shown(world):
    here, there = world.start(), world.start()
    await here.opened("U0CAPTAIN", blank=True)
    await world.until("U0CAPTAIN", "Nothing waits")
    await world.proposes()
    await there.catch_up()
    await world.until("U0CAPTAIN", f"{WAITS}1")
    await world.quiet()
    await here.opened("U0CAPTAIN", blank=False)
    await world.quiet()
    assert f"{WAITS}1" in world.screens.shown["U0CAPTAIN"]
    assert len(world.screens.sent) == 2


async def test_replicas_that_look_at_the_same_time_send_what_is_shown_once(world):
    bots = [world.start() for _ in range(3)]
    await bots[0].opened("U0CAPTAIN", blank=True)
    await world.until("U0CAPTAIN", COMES)
    await world.quiet()
    for bot in bots:
        await bot.catch_up()
    await world.quiet()
    assert len(world.screens.sent) == 1


async def test_who_is_gone_for_one_replica_is_gone_for_all(world):
    here, there = world.start(), world.start()
    await here.opened("U0LEFT", blank=True)
    await world.until("U0LEFT", COMES)
    await there.catch_up()
    await world.quiet()
    await world.proposes()
    await world.approves()
    world.screens.fail = [UserGone("user_not_found")]
    there.touch()
    await world.quiet()
    here.touch()
    await world.quiet()
    assert len(world.screens.sent) == 1
    assert await world.store.read(homes.users) == frozenset()
