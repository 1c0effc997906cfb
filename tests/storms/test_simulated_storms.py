"""Storms in virtual time, at Slack's own rates: cuts of what `python -m tests.storms` plays whole."""

from collections.abc import Iterator

import pytest

from bot.domain.message import Message
from tests.storms.judging import changes, violations
from tests.storms.simulated import MailStorm, StatusStorm, played_mails, played_statuses
from tests.storms.storm_world import StormWorld, bookings


@pytest.mark.parametrize("kills", [0, 2])
def test_of_many_mails_at_once_each_ends_in_one_card(kills):
    told = played_mails(MailStorm(seed=1, mails=60, kills=kills))
    assert told.violations == []
    assert told.cards == 60
    # A process that begins does not know how much the one before had asked a moment ago.
    assert told.refused <= 4 * kills, "the bot keeps to Slack's rates by itself"


def test_of_many_mails_at_once_none_is_lost_by_429s():
    told = played_mails(MailStorm(seed=2, mails=40, moods=20.0))
    assert told.refused > 10
    assert told.violations == []
    assert told.cards == 40


@pytest.mark.parametrize("kills", [0, 1])
def test_of_many_charters_under_way_each_threads_last_state_is_shown(kills):
    told = played_statuses(StatusStorm(seed=1, charters=16, kills=kills))
    assert told.changes > 200
    assert told.violations == []
    assert told.refused <= 4 * kills
    assert told.asked < told.changes, "the latest state wins: not every change is a call"


def test_what_got_a_429_is_shown_later_and_nothing_goes_backwards():
    told = played_statuses(StatusStorm(seed=3, charters=12, moods=25.0, rate=5.0))
    assert told.refused > 10
    assert told.violations == []


# The judge itself, on storms that went wrong


@pytest.fixture
def one() -> Iterator[tuple[StormWorld, str]]:
    """A charter that was set up, with all that was said of it."""
    storm, (booking,) = StormWorld(4), bookings(1)
    storm.start()
    storm.forward_all([booking])
    storm.rest()
    storm.approve_all([booking], within=0.0)
    storm.rest()
    assert violations(storm, [booking]) == []
    assert changes(storm) > 10
    yield storm, booking
    storm.end()


def test_the_judge_sees_a_mail_without_a_card(one):
    storm, _ = one
    assert violations(storm, ["zlostxx"]) == ["zlostxx: its mail was lost"]


def test_the_judge_sees_a_doubled_card(one):
    storm, booking = one
    storm.world.workspace.messages["2"] = storm.world.workspace.of_key(f"{booking}:card")[0]
    assert violations(storm, [booking]) == [f"{booking}:card: posted 2 times"]


def test_the_judge_sees_a_last_state_that_is_not_shown(one):
    storm, booking = one
    shown = storm.world.workspace.of_key(f"{booking}:checklist")[0]
    shown.versions.append(
        (storm.world.timeline.now, Message(text="Half.", blocks=shown.message.blocks))
    )
    (said,) = violations(storm, [booking])
    assert "shows 'Half.', but the journal has" in said


def test_the_judge_sees_a_message_that_went_backwards(one):
    storm, booking = one
    shown = storm.world.workspace.of_key(f"{booking}:checklist")[0]
    first = shown.versions[0][1]
    shown.versions[-1:-1] = [(0.0, shown.message), (0.0, first)]
    assert [said for said in violations(storm, [booking]) if "went back" in said]
