"""Slack's events at many times its hourly ceiling: a cut of what `python -m bench.storm` plays."""

from bench.storm import Asked, played
from bench.storm_judging import late, unacknowledged
from tests.storms.real import HURRIED


def test_whatever_comes_in_a_storm_of_events_is_acknowledged_and_ends_once_where_it_should(
    tmp_path,
):
    """How soon is not judged here: the machine has other work."""
    cut = Asked(events=600, seconds=4.0, mails=12, approved=3, bot=(str(HURRIED),), rate_scale=50.0)
    told = played(tmp_path, cut)
    assert len(told.answers) == 600
    assert told.lost == []


def test_what_is_not_acknowledged_in_time_is_said():
    answers = [("mail", 200, 0.1), ("mail", 503, 0.1), ("click", 0, 10.0), ("mail", 200, 3.2)]
    assert list(unacknowledged(answers)) == [
        "1 of mail were answered 503",
        "1 of click were answered nothing",
    ]
    assert list(late(answers)) == ["1 were acknowledged later than in 3 s"]
