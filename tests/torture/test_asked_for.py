"""What `make torture SEEDS=…` makes of the words it is given."""

import re

import pytest

from tests.torture.__main__ import main


@pytest.mark.parametrize("asked", ["5-3", "0", "races:", "races:x", "points:sort", "matrix:2", "x"])
def test_what_is_not_known_is_answered_with_what_there_is(asked, capsys):
    assert main([asked]) == 2
    said = capsys.readouterr().err
    assert f"SEEDS={asked}: what is that?" in said
    assert "make torture SEEDS=kills" in said


def test_what_there_is_can_be_asked_for(capsys):
    assert main(["help"]) == 0
    assert capsys.readouterr().out.startswith("`make torture SEEDS=…`")


@pytest.mark.parametrize(("asked", "seeds"), [("2", "1-2"), ("7-8", "7-8"), ("3-3", "3-3")])
def test_a_count_and_a_range_of_seeds_are_played_and_counted(asked, seeds, capsys):
    assert main([asked]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"| Seeds | {seeds} |" in said
    assert "| Violations | 0 |" in said


def test_one_seed_is_told_in_words(capsys):
    main(["races:7"])
    told = capsys.readouterr().out
    assert "Race 7: " in told
    assert re.search(r"How it ended:\n  xhqgmdh is \w+, at version \d of its card", told)
    assert re.search(r"\n  approved by U0\w+\.\n", told)
    assert "refused, of people who may not act." in told
    assert "Effects: 1 calendar entry, 1 crew event, " in told
    assert "  No law is broken." in told
    main(["3-3"])
    told = capsys.readouterr().out
    assert "forward XHQGMDH by U0CAPTAIN" in told
    assert "No law is broken." in told
