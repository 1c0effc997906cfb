from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.steps.registry import STEPS, check, plan, step


@dataclass
class Named:
    name: str
    needs: tuple[str, ...] = ()


def test_the_names_that_are_persisted_do_not_change() -> None:
    assert plan() == (
        "calendar",
        "crew_event",
        "guest_page",
        "cache",
        "live_check",
        "operations_mail",
    )


def test_a_person_reads_labels() -> None:
    assert [each.label for each in STEPS] == [
        "Calendar entry",
        "Crew event",
        "Guest page",
        "CDN cache",
        "Live check",
        "Operations mail",
    ]


def test_crew_and_page_are_two_lanes_that_meet_at_the_mail() -> None:
    def all_needs(name: str) -> Iterator[str]:
        for needed in step(name).needs:
            yield needed
            yield from all_needs(needed)

    assert set(all_needs("crew_event")) == {"calendar"}
    assert set(all_needs("live_check")) == {"guest_page", "cache"}
    assert set(all_needs("operations_mail")) == set(plan()) - {"operations_mail"}


def test_what_is_not_one_effect_when_done_twice_says_so() -> None:
    once = {each.name for each in STEPS if not each.repeatable}
    assert once == {"calendar", "crew_event", "operations_mail"}


def test_a_step_of_another_version_is_not_found() -> None:
    with pytest.raises(KeyError):
        step("teleport")


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([Named("a", ("b",))], "a needs b"),
        ([Named("a", ("b",)), Named("b", ("a",))], "wait for each other"),
        ([Named("a"), Named("a")], "same name"),
    ],
)
def test_a_plan_that_cannot_be_run_is_refused(steps: list[Named], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check(steps)
