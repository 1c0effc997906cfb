"""What can go wrong at the press of a switch: one list, one entry each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sandbox.mistakes import NotThereError
from sandbox.world import World

Json = dict[str, Any]
_POSTS = ("chat.postMessage", "chat.update")
_OUTAGE_SECONDS = 10.0


@dataclass(frozen=True)
class Switch:
    """A fault for people. `what` is one sentence on what then happens."""

    id: str
    label: str
    what: str
    is_on: Callable[[], bool]
    turn: Callable[[bool], Awaitable[None]]
    once: bool = False

    def described(self) -> Json:
        return {
            "id": self.id,
            "label": self.label,
            "what": self.what,
            "kind": "once" if self.once else "switch",
            "on": self.is_on(),
        }


class Catalogue:
    """The faults of one rehearsal, in the order in which they are shown."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._faults = {switch.id: switch for switch in self._switches()}

    def described(self) -> list[Json]:
        return [switch.described() for switch in self._faults.values()]

    async def turn(self, name: str, *, on: bool) -> Json:
        """Switch one on or off; as it is then. Twice on is still once."""
        if name not in self._faults:
            raise NotThereError(f"There is no fault called {name}.")
        switch = self._faults[name]
        if switch.is_on() != on:
            await switch.turn(on)
        return switch.described()

    def _switches(self) -> list[Switch]:
        crew, calendar = self._world.crew.switches, self._world.calendar.switches
        met, set_to, slack = self._met, self._set_to, self._world.slack
        return [
            Switch(
                "key_hash_missing",
                "Crew service: key hash missing",
                "SERVICE_KEY_HASH is not set, so the crew service refuses every call of the bot.",
                lambda: crew.key_hash is None,
                self._lose_key_hash,
            ),
            met(
                "crew_slow",
                "Crew service: slow",
                "Every answer of the crew service takes four seconds more, as after a cold start.",
                target="crew_service",
                kind="slow",
                arg=4,
            ),
            met(
                "crew_down",
                "Crew service: down",
                "Every call to the crew service is answered with 503.",
                target="crew_service",
                kind="503",
            ),
            met(
                "crew_timeout_after",
                "Crew service: answer lost",
                "The next crew event is created, but the answer never arrives.",
                target="crew_service",
                kind="timeout_after",
                arg=6,  # seconds until the connection ends; a person would wait no longer
                operation="create_event",
                times=1,
            ),
            met(
                "calendar_timeout_after",
                "Calendar: answer lost",
                "The next calendar entry is made, but the answer never arrives.",
                target="calendar",
                kind="timeout_after",
                arg=6,  # seconds until the connection ends; a person would wait no longer
                operation="create_entry",
                times=1,
            ),
            met(
                "calendar_down",
                "Calendar: down",
                "Every call to the calendar is answered with 503.",
                target="calendar",
                kind="503",
            ),
            met(
                "cdn_slow",
                "CDN: slow",
                "Every page comes from the CDN four seconds late.",
                target="edge",
                kind="slow",
                arg=4,
            ),
            Switch(
                "slack_429",
                "Slack: too many posts",
                "Slack answers the next five posts and updates with 429, to be tried again after a "
                "second.",
                partial(slack.faults.is_due, *_POSTS, kind="ratelimited"),
                self._limit_posts,
                once=True,
            ),
            Switch(
                "slack_down",
                "Slack: down",
                "Slack is away for ten seconds: connections drop and no call succeeds.",
                lambda: slack.faults.down,
                self._take_slack_down,
                once=True,
            ),
            Switch(
                "no_lookup",
                "Services: no look-up by booking",
                "Calendar and crew service have no route that finds by booking id.",
                lambda: not (crew.find_by_booking and calendar.find_by_booking),
                set_to((crew, calendar), "find_by_booking", on=False, off=True),
            ),
            Switch(
                "presign_put",
                "Photos: uploaded by PUT",
                "The crew service signs photo uploads as a PUT instead of a form.",
                lambda: crew.presign == "put",
                set_to((crew,), "presign", on="put", off="post"),
            ),
            Switch(
                "task_cards_refused",
                "Slack: task cards refused",
                "Slack refuses task cards, so the bot shows its checklist as plain text.",
                lambda: slack.workspace.refuse_task_cards,
                set_to((slack.workspace,), "refuse_task_cards", on=True, off=False),
            ),
        ]

    def _met(
        self, name: str, label: str, what: str, *, times: int | None = None, **fault: Any
    ) -> Switch:
        """One that calls to a stand-in meet: `times` of them, or all while it is on."""
        faults = self._world.conditions.faults
        added: list[int] = []

        async def turn(on: bool) -> None:
            for fault_id in added:
                faults.remove(fault_id)
            added[:] = [faults.add(times=times, **fault).id] if on else []

        def is_on() -> bool:
            return any(each["id"] in added for each in faults.described())

        return Switch(name, label, what, is_on, turn, once=times is not None)

    def _set_to(
        self, owners: tuple[Any, ...], name: str, *, on: Any, off: Any
    ) -> Callable[[bool], Awaitable[None]]:
        """One that is an attribute of how something is deployed."""

        async def turn(wanted: bool) -> None:
            for owner in owners:
                setattr(owner, name, on if wanted else off)

        return turn

    async def _lose_key_hash(self, on: bool) -> None:
        self._world.crew.switches.unset_answer = 401
        await (self._world.set_key_hash(None) if on else self._world.restore_key_hash())

    async def _limit_posts(self, on: bool) -> None:
        faults = self._world.slack.faults
        if on:
            faults.fail_next(*_POSTS, kind="ratelimited", times=5)
        else:
            faults.forget(*_POSTS, kind="ratelimited")

    async def _take_slack_down(self, on: bool) -> None:
        switches = self._world.slack.switches
        await (switches.down_for(_OUTAGE_SECONDS) if on else switches.up())
