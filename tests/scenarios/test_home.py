"""The app's Home, opened once: it tells what happens from then on, and its Retry is the thread's."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from booking_mails import booking_mail
from outcomes import assert_completed, audited
from scenario_world import World

from sandbox.people import Person
from sandbox.slack.seen import Modal

WAITING, STUCK, NEXT, LATELY = (
    "Waiting for approval",
    "Needs a person",
    "Next charters",
    "Done lately",
)
MONEY = ("840.75", "$", "Payout", "earn")


@pytest.fixture(scope="module")
def home_world(empty: World) -> World:
    """Two people look at their Home, once, before anything has happened."""
    for person in (empty.captain, empty.stranger):
        person.opens_home()
    told = shows(empty, empty.captain, LATELY, "Nothing was done yet.")
    assert "Nothing waits for approval." in told
    assert "Nothing needs a person." in told
    assert "No charter is to come." in shows(empty, empty.stranger, NEXT, "")
    return empty


@pytest.fixture
def world(home_world: World) -> Iterator[World]:
    if not home_world.bot.running:
        home_world.bot.start()
        home_world.bot.wait_ready(60)
    yield home_world
    home_world.sandbox.faults.clear()
    home_world.sandbox.clear_latencies()


def shows(world: World, person: Person, section: str, text: str) -> str:
    """The person's whole Home, as soon as that section shows the text."""

    def shown(_: object) -> str | None:
        home = world.slack.home(person.user)
        return home.plain if home and text in part(home, section) else None

    return world.slack.wait_until(shown, 40.0, f"Home of {person.user} with {text!r}")


def part(home: Modal, section: str) -> str:
    """What stands below a heading."""
    parts, below = {"": ""}, ""
    for block in home.raw["blocks"]:
        text = Modal({"blocks": [block]}).plain
        if block["type"] == "header":
            below = text.partition(":")[0]
        parts[below] = parts.get(below, "") + text + "\n"
    return parts.get(section, "nowhere" if section else "")


def buttons(home: Modal) -> list[str]:
    rows = [block["elements"] for block in home.raw["blocks"] if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


def forwarded(world: World, booking_id: str) -> str:
    """The id as it is shown, of a booking whose mail was just forwarded."""
    world.captain.forwards(booking_mail(booking_id))
    return booking_id.upper()


def test_a_charter_goes_through_home_without_its_being_opened_again(world, booking_id):
    name = forwarded(world, booking_id)
    told = shows(world, world.captain, WAITING, name)
    assert "Waiting for less than an hour, since" in told
    shows(world, world.captain, WAITING, "[Open the card]")
    card = world.card(booking_id)
    world.captain.clicks(card, "approve")
    shows(world, world.captain, NEXT, name)
    shows(world, world.captain, NEXT, f"{name} · 4 guests · crew called · Guest page")
    told = shows(world, world.captain, LATELY, f"{name} approved by U0CAPTAIN")
    assert "JADA" in told
    home = world.slack.home("U0CAPTAIN")
    assert name not in part(home, WAITING)
    assert f"/g/{booking_id}" in str(home.raw["blocks"])
    assert all(words not in told for words in MONEY)


def test_a_stranger_sees_the_charters_to_come_and_nothing_to_press(world, booking_id):
    name = forwarded(world, booking_id)
    shows(world, world.captain, WAITING, name)
    card = world.card(booking_id)
    assert name not in world.slack.home("U0STRANGER").plain
    world.captain.clicks(card, "approve")
    told = shows(world, world.stranger, NEXT, f"{name} · 4 guests · crew called")
    home = world.slack.home("U0STRANGER")
    assert buttons(home) == []
    assert all(words not in told for words in (*MONEY, "Marisol", "approved", WAITING, STUCK))


def test_a_failure_stands_on_home_and_its_retry_does_what_is_left(world, booking_id):
    name = forwarded(world, booking_id)
    card = world.card(booking_id)
    world.sandbox.unset_key_hash()
    try:
        world.captain.clicks(card, "approve")
        told = shows(world, world.captain, STUCK, "[Retry] [Open the thread]")
    finally:
        world.sandbox.restore_key_hash()
    assert "Crew event: failed, needs a person." in told
    assert "SERVICE_KEY_HASH" in told
    shows(world, world.captain, NEXT, f"{name} · 4 guests · calling the crew failed")
    assert not world.captain.presses("retry").errors
    world.said(card, "is set up")
    shows(world, world.captain, STUCK, "Nothing needs a person.")
    shows(world, world.captain, "", "trying again what is not done: Crew event")
    shows(world, world.captain, LATELY, f"{name} retried by U0CAPTAIN")
    assert ("U0CAPTAIN", "retry done") in audited(world, booking_id)
    assert_completed(world, card)
    world.captain.opens_home()
    shows(world, world.captain, NEXT, f"{name} · 4 guests · crew called")
    world.slack.wait_until(lambda slack: "trying again" not in slack.home("U0CAPTAIN").plain)


def test_what_is_pressed_in_the_thread_is_told_on_home(world, booking_id):
    name = forwarded(world, booking_id)
    card = world.card(booking_id)
    world.captain.clicks(card, "approve")
    world.captain.clicks(world.closing(card), "resend_crew_links")
    shows(world, world.captain, LATELY, f"{name} fresh crew links mailed by U0CAPTAIN")
    shows(world, world.captain, NEXT, "crew called, fresh links mailed")


def test_after_the_bot_was_killed_home_goes_on_being_current(world, booking_id):
    world.bot.restart(kill=True)
    name = forwarded(world, booking_id)
    shows(world, world.captain, WAITING, name)
    card = world.card(booking_id)
    world.captain.clicks(card, "reject")
    world.captain.fills({"reason": "In the yard"}).submits()
    shows(world, world.captain, LATELY, f"{name} rejected by U0CAPTAIN")
    assert name not in part(world.slack.home("U0CAPTAIN"), WAITING)


def test_a_run_is_a_few_publishes_and_none_that_change_nothing(world, booking_id):
    forwarded(world, booking_id)
    card = world.card(booking_id)
    before = len(world.slack.calls("views.publish"))
    world.captain.clicks(card, "approve")
    world.said(card, "is set up")
    shows(world, world.captain, NEXT, f"{booking_id.upper()} · 4 guests · crew called · Guest page")
    calls = [
        call
        for call in world.slack.calls("views.publish")[before:]
        if call["arguments"]["user_id"] == "U0CAPTAIN"
    ]
    assert calls
    times = [call["at"] for call in calls]
    assert all(later - sooner > 1.9 for sooner, later in pairwise(times)), times
    views = [str(call["arguments"]["view"]) for call in calls]
    assert len(set(views)) == len(views)
