"""An ordinary stop, as a deploy or a reboot does it."""

import subprocess
import sys
from pathlib import Path

from outcomes import assert_one_of_each, assert_whole_story
from scenario_world import World


def test_a_stop_in_the_middle_of_a_run_is_nothing_that_anyone_hears_of(
    world: World, booking_id: str
) -> None:
    card = world.proposed(booking_id, **{"May 30, 2026": "Nov 3, 2033"})
    # Longer than the bot waits for its jobs when it is told to stop, shorter than a call may take.
    world.sandbox.set_latencies({"crew_service.create_event": 7.0})
    world.captain.clicks(card, "approve")
    world.said(card, "Live check: done")
    assert world.bot.stop() == 0
    world.sandbox.clear_latencies()
    world.bot.start()
    world.bot.wait_ready(60)
    world.said(card, "is set up", timeout=60)
    assert_one_of_each(world, booking_id)
    assert_whole_story(world, card)
    assert "broke off" not in world.slack.transcript()


def test_a_second_bot_on_the_same_database_is_refused_in_words(world: World) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "bot.cli", "run"],
        env={**world.sandbox.env, "PYTHONPATH": str(Path.cwd())},
        cwd=world.sandbox.root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert "another charter bot (process " in second.stderr
    assert "Traceback" not in second.stderr
