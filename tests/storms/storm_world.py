"""A simulated world in a storm: the bot's real parts, and a Slack that keeps to its rates."""

from asyncio import TimerHandle
from collections.abc import Iterable
from itertools import islice, product
from random import Random
from typing import Any
from unittest.mock import patch

from bot.services.slack import SlackChat
from bot.views.press import APPROVE
from sandbox.slack.mail import mail_file
from tests.scenarios.booking_mails import booking_mail
from tests.storms.busy_slack import BusySlack
from tests.torture import process
from tests.torture.clockwork import Life
from tests.torture.history import at_rest
from tests.torture.people import People
from tests.torture.slack import CAPTAIN, CHANNEL
from tests.torture.world import Delivery, World

_RESOLUTION_SECONDS = 1e-6
_LOOKS_EVERY_SECONDS = 10.0
_AFTERWARDS_SECONDS = 65.0
_LONGEST_SECONDS = 4 * 3600.0


class PatientLife(Life):
    """In which no timer is due at the very instant at which it is set, as in no real loop.

    A limiter of rates that finds itself a rounding error short of a turn sets one again and again.
    """

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> TimerHandle:
        later = max(when, self.time() + _RESOLUTION_SECONDS)
        return super().call_at(later, callback, *args, context=context)


class StormWorld:
    """`world` as for one history, but with as many bookings as are asked for.

    Args:
        seed: the same seed is the same storm.
        rate: of a hundred calls to other systems, how many meet a fault.
        moods: of a hundred calls to Slack, how many get a 429 for no reason of the bot's.
    """

    def __init__(self, seed: int, *, rate: float = 0.0, moods: float = 0.0) -> None:
        self.world = World(seed, rate)
        self.slack = BusySlack(self.world.workspace, seed, moods=moods)
        self._people = People(self.world)
        self._chance = Random(seed)
        self._mails = 0

    def start(self) -> None:
        """A process of the bot begins; it asks this Slack by the real client's side."""

        def chat(_workspace: object) -> SlackChat:
            return SlackChat(self.slack, clock=lambda: self.world.timeline.now)  # type: ignore[arg-type]

        with patch.object(process, "Chat", chat), patch.object(process, "Life", PatientLife):
            self.world.start()

    def forward_all(self, bookings: Iterable[str], *, within: float = 0.0) -> None:
        """A mail about each arrives in so many seconds; one of ten is delivered once more."""
        for booking in bookings:
            body = self._mail(booking)
            self._later(within, body)
            if self._chance.random() < 0.1:
                self._later(within + 5.0, body, again=9)

    def approve_all(self, bookings: Iterable[str], *, within: float) -> None:
        """The captain presses Approve on every card, at moments in so many seconds."""
        for booking in bookings:
            self._at(within, lambda booking=booking: self._press(booking))

    def kill(self) -> None:
        """The process is gone; another begins at once."""
        self.world.crash()
        self.start()

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds of the world go by."""
        self.world.timeline.ticks = 0  # they are counted against a history of three bookings
        self.world.pass_time(seconds)
        if self.world.process is None:
            self.start()

    def rest(self) -> float:
        """Let time pass until nothing is left to do; the second of the world at which that was.

        Raises:
            AssertionError: something still was after four hours.
        """
        self.world.weather.calm = True
        self.pass_time(_LOOKS_EVERY_SECONDS)
        while not at_rest(self.world):
            self.pass_time(_LOOKS_EVERY_SECONDS)
            assert self.world.timeline.now < _LONGEST_SECONDS, "the bot comes to no end"
        ended = self.world.timeline.now
        self.pass_time(_AFTERWARDS_SECONDS)
        assert at_rest(self.world)
        return ended

    def end(self) -> None:
        """Let go of everything."""
        self.world.end()

    def _mail(self, booking: str) -> dict[str, Any]:
        self._mails += 1
        ts = self.world.workspace.next_ts()
        file, _ = mail_file(booking_mail(booking), truncated=False)
        event = {
            "type": "message",
            "subtype": "file_share",
            "channel": CHANNEL,
            "ts": ts,
            "user": "USLACKBOT",
            "files": [{**file, "id": f"F{self._mails}"}],
        }
        self.world.workspace.mails.append(event)
        return {"event_id": f"Ev{self._mails}", "event": event}

    def _later(self, within: float, body: dict[str, Any], *, again: int = 0) -> None:
        delivery = Delivery(0.0, "event", "message", body, who="USLACKBOT")
        self._at(within, lambda: self.world.deliver(delivery, again=again))

    def _at(self, within: float, happens: Any) -> None:
        timeline = self.world.timeline
        timeline.at(timeline.now + self._chance.uniform(0.0, within), happens)

    def _press(self, booking: str) -> None:
        self._people.presses(CAPTAIN, booking, APPROVE)


def bookings(number: int) -> list[str]:
    """So many booking ids."""
    letters = product("bcdfghjklm", repeat=6)
    return ["z" + "".join(each) for each in islice(letters, number)]
