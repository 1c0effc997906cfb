"""A backup of a running bot, and a restore after more has happened: nothing is doubled."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from booking_mails import booking_mail
from outcomes import (
    assert_completed,
    assert_one_of_each,
    assert_whole_story,
    card_until,
    operations_mails,
    propose,
    retried,
    until,
)
from scenario_world import World

from bot.views.press import SHORTCUT
from sandbox.bot_process import BotProcess
from sandbox.driver import start_sandbox

HURRIED = (sys.executable, str(Path(__file__).with_name("hurried_bot.py")), "run")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A rehearsal of its own: going back in time is nothing to share."""
    with (
        start_sandbox(tmp_path, rate_scale=50.0, retry_scale=0.02) as sandbox,
        BotProcess(sandbox.env, tmp_path, command=HURRIED) as bot,
    ):
        bot.wait_ready(60)
        yield World(sandbox, bot)


def charter(world: World, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """What the command said."""
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=world.sandbox.env,
        cwd=world.sandbox.root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_restored_bot_goes_on_and_doubles_nothing_that_happened_since(
    world: World, new_id: Callable[[], str]
) -> None:
    before, waiting, later = new_id(), new_id(), new_id()
    done = propose(world, before)
    world.captain.clicks(done, "approve")
    world.said(done, "is set up")
    card = propose(world, waiting)
    taken = charter(world, "backup", "copy.zip")
    assert taken.returncode == 0
    assert "copy.zip: 2 charters" in taken.stdout
    assert (world.sandbox.root / "copy.zip").stat().st_mode & 0o077 == 0

    # What the backup knows nothing of: an approval with its whole run, and a mail with both.
    world.captain.clicks(card, "approve")
    world.said(card, "is set up")
    lost = propose(world, later)
    world.captain.clicks(lost, "approve")
    world.said(lost, "is set up")

    refused = charter(world, "restore", "copy.zip")
    assert (refused.returncode, "another charter bot (process " in refused.stderr) == (1, True)
    world.bot.stop()
    restored = charter(world, "restore", "copy.zip")
    assert restored.returncode == 0, restored.stderr
    assert "Restored 2 charters as of " in restored.stdout
    kept = [line.strip() for line in restored.stdout.splitlines() if "-replaced-" in line]
    assert len(kept) == 2
    assert all(Path(world.sandbox.root, name).exists() for name in kept)
    world.bot.start()
    world.bot.wait_ready(60)

    for each, booking_id in ((card, waiting), (lost, later)):
        card_until(world, each, "[Approve]")
        world.captain.clicks(each, "approve")
        closing = world.closing(each)
        world.said(each, "needs a person")
        assert "restored from a backup" in world.said(each, "needs a person").plain
        assert len(operations_mails(world, booking_id)) == 1
        world.said(each, "[Retry]")  # the closing reply from before the restore had other buttons
        retried(world, each)
        assert_one_of_each(world, booking_id, operations=2)  # the second as a person decided
        assert closing.ts
    for each in (card, lost):
        assert_completed(world, each, operations=2)
    assert_whole_story(world, done)
    assert_one_of_each(world, before)
    listed = charter(world, "list").stdout
    assert all(booking_id.upper() in listed for booking_id in (before, waiting, later))


def test_a_card_that_waits_again_says_that_it_may_be_set_up_already(
    world: World, new_id: Callable[[], str]
) -> None:
    """Nothing calls it undone: not the card, not the form of Reject, not what Reject leaves."""
    booking_id, untouched = new_id(), new_id()
    card, other = propose(world, booking_id), propose(world, untouched)
    world.captain.clicks(other, "reject")
    world.captain.fills({"reason": "The boat is in the yard"}).submits()
    assert "Nothing was set up." in card_until(world, other, "Rejected by").plain
    assert charter(world, "backup", "copy.zip").returncode == 0
    world.captain.clicks(card, "approve")
    world.said(card, "is set up")
    world.bot.stop()
    assert charter(world, "restore", "copy.zip").returncode == 0
    world.bot.start()
    world.bot.wait_ready(60)

    card_until(world, card, "May be set up already: the database was restored.")
    world.captain.types(f"/charter cancel {booking_id}")
    world.whispered(world.captain, "has no approval since the database was restored")
    world.captain.clicks(card, "reject")
    form = str(world.captain.modal())
    assert "approve it, which finds what is there, and press Cancel charter" in form
    assert world.captain.fills({"reason": "The guest is ill"}).submits() is None
    record = card_until(world, card, "Rejected by").plain
    assert "What may have been before still stands" in record
    assert "Nothing was set up." not in record
    assert_one_of_each(world, booking_id)
    assert "Nothing was set up." in card_until(world, other, "Rejected by").plain


def test_what_it_cannot_find_again_is_said_and_is_done_again_by_a_person(
    world: World, new_id: Callable[[], str]
) -> None:
    """A charter that was cancelled since, and a mail that was pasted since and pointed at."""
    ended, pasted = new_id(), new_id()
    thread = propose(world, ended)
    world.captain.clicks(thread, "approve")
    world.said(thread, "is set up")
    assert charter(world, "backup", "copy.zip").returncode == 0
    cancel(world, ended)
    world.said(thread, "is cancelled. The guest page says so.")
    mail = world.captain.says(booking_mail(pasted).decode().partition("\n\n")[2])
    world.captain.uses_shortcut(SHORTCUT, mail)
    card = world.card(pasted)
    world.slack.wait_for_message("Read as booking", thread=mail.ts)

    world.bot.stop()
    restored = charter(world, "restore", "copy.zip").stdout
    assert "cancelled since must be cancelled again: /charter cancel ID" in restored
    assert "Other mail (by HTTP, in a thread, pasted or\npointed at) must be sent again" in restored
    assert 'answer "No such charter" until then' in restored
    world.bot.start()
    world.bot.wait_ready(60)

    assert not status(world, ended).startswith(f"{ended.upper()}: cancelled")
    cancel(world, ended)
    until(lambda: status(world, ended).startswith(f"{ended.upper()}: cancelled"), "cancellation")
    card_until(world, thread, "Cancelled by")
    world.captain.clicks(card, "approve")
    world.whispered(world.captain, f"No such charter: {pasted.upper()}")
    world.captain.uses_shortcut(SHORTCUT, mail)
    until(lambda: status(world, pasted), "charter that is known again")
    world.captain.clicks(card, "approve")
    world.said(card, "needs a person")  # nobody can say whether the operations mail went out
    cards = [m.ts for m in world.slack.messages() if f"Booking: {pasted.upper()}" in m]
    assert cards == [card.ts]


def status(world: World, booking_id: str) -> str:
    """What is told of a charter; nothing of one that nobody knows."""
    return charter(world, "status", booking_id).stdout


def cancel(world: World, booking_id: str) -> None:
    """As the words say it."""
    world.captain.types(f"/charter cancel {booking_id}")
    asked = world.whispers(world.captain, f"Cancel {booking_id.upper()}?")[-1]
    world.captain.clicks(asked, "Cancel charter")
