"""Every step, in reading order. A new one is one file and one line here."""

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from bot.steps.base import Step
from bot.steps.cache import CacheStep
from bot.steps.calendar import CalendarStep
from bot.steps.crew_event import CrewEventStep
from bot.steps.guest_page import GuestPageStep
from bot.steps.live_check import LiveCheckStep
from bot.steps.operations_mail import OperationsMailStep

STEPS: tuple[Step, ...] = (
    CalendarStep(),
    CrewEventStep(),
    GuestPageStep(),
    CacheStep(),
    LiveCheckStep(),
    OperationsMailStep(),
)


def plan() -> tuple[str, ...]:
    """The names that approval freezes into a charter."""
    return tuple(each.name for each in STEPS)


def step(name: str) -> Step:
    """The step of that name.

    Raises:
        KeyError: there is none, for instance because a newer version froze the plan.
    """
    return {each.name: each for each in STEPS}[name]


def check(steps: Sequence[Step]) -> None:
    """Make sure that `steps` can be run.

    Raises:
        ValueError: two have one name, or one needs what is not there or waits for itself.
    """
    needs = {each.name: each.needs for each in steps}
    if len(needs) < len(steps):
        raise ValueError("two steps have the same name")
    for name, needed in needs.items():
        if unknown := [other for other in needed if other not in needs]:
            raise ValueError(f"{name} needs {', '.join(unknown)}, which no step leaves")
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        raise ValueError(f"these steps wait for each other: {', '.join(error.args[1])}") from error


check(STEPS)
