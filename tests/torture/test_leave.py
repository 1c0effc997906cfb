"""Who began a run is asked for again before its effects, however long the bot was away."""

from dataclasses import replace

from tests.torture.history import Verdict, played
from tests.torture.teeth_of_clicks import DISMISSED
from tests.torture.tell import story
from tests.torture.ways import presses, waits
from tests.torture.weather import Fault


def test_what_nobody_stands_for_any_more_is_not_done_until_an_operator_asks_for_it() -> None:
    assert ended(DISMISSED).ended == ("xhqgmdh needs_person",)
    asked = replace(DISMISSED, steps=(*DISMISSED.steps, presses("retry"), waits(60.0)))
    assert ended(asked).ended == ("xhqgmdh done",)


def test_a_group_that_slack_does_not_tell_of_lets_nobody_have_an_effect() -> None:
    away = {f"chat.group #{number}": Fault.BEFORE for number in range(2, 30)}
    steps = tuple(step for step in DISMISSED.steps if step.kind != "group")
    assert ended(replace(DISMISSED, steps=steps, faults=away)).ended == ("xhqgmdh needs_person",)
    assert ended(replace(DISMISSED, steps=steps)).ended == ("xhqgmdh done",)


def ended(history) -> Verdict:
    verdict = played(history)
    assert not verdict.broken, story(history, verdict)
    return verdict
