"""Turns at Slack: as soon as Slack allows it, never sooner, in the order in which they were asked."""

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any

import pytest

from bot.services.slack_rates import RATES, Turns
from sandbox.slack.rates import UNLIMITED, RateKeeper
from sandbox.slack.web_api.registry import REGISTRY
from tests.storms.storm_world import PatientLife
from tests.torture.clockwork import Timeline

_TIERED = sorted(m for m in RATES if m in REGISTRY and REGISTRY[m].rate is not UNLIMITED)


class Loop:
    """Virtual time, in which turns are taken."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.life = PatientLife(self.timeline, None, lambda _: None)
        self.timeline.lives.append(self.life)
        self.turns = Turns(lambda: self.timeline.now)

    def start(self, work: Coroutine[Any, Any, None]) -> Any:
        return self.life.create_task(work)

    def pass_time(self, seconds: float) -> None:
        self.timeline.run_until(self.timeline.now + seconds)


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.mark.parametrize("method", [*_TIERED, "views.publish", "files.info"])
def test_slack_refuses_none_of_many_calls_that_are_wanted_at_once(loop, method):
    rate, chance = REGISTRY[method].rate, Random(1)
    keeper = RateKeeper(lambda: loop.timeline.now, 1.0)
    refused: list[float] = []
    done: list[float] = []

    async def call() -> None:
        await loop.turns.wait(method, "C1")
        await asyncio.sleep(chance.uniform(0.0, 0.2))  # on its way
        if keeper.wait_for(method, rate, "C1"):
            refused.append(loop.timeline.now)
        done.append(loop.timeline.now)

    wanted = 3 * rate.limit
    for _ in range(wanted):
        loop.start(call())
    loop.pass_time(1.6 * rate.seconds * wanted / rate.limit)
    assert refused == []
    assert len(done) == wanted, "nor is it much slower than Slack allows"


def test_turns_come_in_the_order_in_which_they_were_asked_for(loop):
    came: list[int] = []

    async def call(number: int) -> None:
        await loop.turns.wait("chat.postMessage", "C1")
        came.append(number)

    for number in range(20):
        loop.start(call(number))
    loop.pass_time(60.0)
    assert came == list(range(20))


def test_channels_have_turns_of_their_own(loop):
    came: list[str] = []

    async def call(channel: str) -> None:
        await loop.turns.wait("chat.postMessage", channel)
        came.append(channel)

    for channel in ["C1"] * 8 + ["C2"]:
        loop.start(call(channel))
    loop.pass_time(1.0)
    assert came.count("C1") < 8
    assert came.count("C2") == 1


def test_those_who_were_patient_do_not_all_go_at_once(loop):
    most, seconds = RATES["chat.postMessage"]
    went: list[float] = []

    async def call() -> None:
        await loop.turns.wait("chat.postMessage", "C1")
        went.append(loop.timeline.now)

    loop.turns.pause("chat.postMessage", 60.0)
    for _ in range(30):
        loop.start(call())
    loop.pass_time(60.0 + seconds / 2)
    assert len(went) == most
    assert min(went) >= 60.0
    loop.pass_time(30 / most * seconds)
    assert len(went) == 30


def test_a_shorter_patience_does_not_end_a_longer_one(loop):
    went: list[float] = []

    async def call() -> None:
        await loop.turns.wait("chat.postMessage", "C1")
        went.append(loop.timeline.now)

    loop.turns.pause("chat.postMessage", 30.0)
    loop.turns.pause("chat.postMessage", 1.0)
    loop.start(call())
    loop.pass_time(60.0)
    assert went == [pytest.approx(30.0, abs=0.01)]


def test_who_gives_up_waiting_takes_nobodys_turn(loop):
    went: list[str] = []

    async def call(name: str) -> None:
        await loop.turns.wait("chat.postMessage", "C1")
        went.append(name)

    loop.turns.pause("chat.postMessage", 10.0)
    given_up = [loop.start(call("given up")) for _ in range(12)]
    loop.pass_time(1.0)
    for task in given_up:
        task.cancel()
    loop.start(call("stayed"))
    loop.pass_time(30.0)
    assert went == ["stayed"]
