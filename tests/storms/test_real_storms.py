"""Storms upon the real process: cuts of what `python -m tests.storms` plays whole."""

from tests.storms.real import hung_mails, real_mails, real_statuses


def test_of_many_mails_at_once_each_is_taken_and_ends_in_one_card(tmp_path):
    told = real_mails(tmp_path, 30)
    assert told.violations == []
    assert told.cards == 30


def test_what_is_acknowledged_too_late_is_delivered_again_and_ends_in_one_card(tmp_path):
    told = hung_mails(tmp_path, 10)
    assert told.late >= 10
    assert told.violations == []
    assert told.cards == 10


def test_of_many_charters_at_once_each_thread_ends_as_the_journal_does_despite_429s(tmp_path):
    """The bot believes that Slack takes many times what it takes; a slow one may not notice."""
    told = real_statuses(tmp_path, 5, rate_scale=2.0, refusals=3)
    assert told.refused >= 3
    assert told.violations == []
    assert told.changes >= 15 * 5
