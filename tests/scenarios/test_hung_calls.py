"""Calls that get no answer at all. Their time-outs are long, so other scenarios run meanwhile."""

from collections.abc import Mapping

from outcomes import assert_completed, called_for_a_person, retried
from scenario_world import World

from sandbox.slack.seen import Message


def test_a_time_out_after_the_effect_is_found_and_not_repeated(
    world: World, hung: Mapping[str, Message]
) -> None:
    card = hung["timeout_after"]
    world.said(card, "is set up", timeout=60)
    assert_completed(world, card)


def test_a_time_out_before_the_effect_is_a_question_that_retry_settles(
    world: World, hung: Mapping[str, Message]
) -> None:
    card = hung["timeout_before"]
    world.said(card, "[Retry]", timeout=60)
    closing = called_for_a_person(world, card)
    assert "Crew event: not known whether it happened" in closing.plain
    assert "did not answer in time" in closing.plain
    retried(world, card)
    assert_completed(world, card)
