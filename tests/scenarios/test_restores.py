"""A backup of a running bot, and a restore after more has happened: nothing is doubled."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from outcomes import (
    assert_completed,
    assert_one_of_each,
    assert_whole_story,
    card_until,
    operations_mails,
    propose,
    retried,
)
from scenario_world import World

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
