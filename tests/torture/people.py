"""What people do: forward mail, press buttons as their screen shows them, fill forms, type."""

from collections.abc import Callable
from functools import partial
from itertools import count
from random import Random
from typing import Any

from bot.views.press import ARRIVED, COMMAND, EDIT, EDIT_MODAL, INPUT, REJECT, REJECT_MODAL, Press
from tests.torture.outside import BOOKINGS
from tests.torture.slack import CHANNEL, Shown, buttons, words
from tests.torture.world import Delivery, World

Json = dict[str, Any]
FORM_SECONDS = 2.0
SLOW_FORM_SECONDS = 45.0  # longer than the bot remembers who belongs to a group
_VALUES = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "static_select": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
}
_MAIL = """\
You received an Instant Booking for {start}.
Get ready to earn ${payout}. Instant Book means that this trip is automatically approved.

Booking ID: {booking_id}

Sail San Diego Bay aboard JADA

Renter: Marisol

Email: marisol@example.com

Phone: +1 619 555 0142

Location
San Diego, CA

Start
{start}

End
{end}

Duration
3 hours

Passengers
4

Captain
Captained

Earnings

You earn

${payout}

VIEW BOOKING DETAILS
Your cancellation policy is: strict
"""
PAYOUTS = ("8431.57", "9642.68", "7253.79")


class People:
    """The captain and everybody else, in one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = count(1)

    def forwards(self, who: str, booking_id: str) -> None:
        """Have a booking's mail arrive in the channel."""
        world, number = self._world, next(self._numbers)
        ts = world.workspace.next_ts()
        event = {
            "type": "message",
            "subtype": "file_share",
            "channel": CHANNEL,
            "ts": ts,
            "user": who,
            "files": [_file(booking_id, number)],
        }
        world.workspace.mails.append(event)
        key = f"mail:{CHANNEL}:{ts}:F{number}"
        body = {"event_id": f"Ev{number}", "event": event}
        world.deliver(Delivery(0.0, "event", "message", body, who=who, key=key))

    def redeliver(self, chance: Random) -> None:
        """Slack sends something once more, although it may have been taken."""
        if self._world.deliveries:
            delivery = chance.choice(self._world.deliveries)
            self._world.deliver(delivery, again=9)

    def presses(
        self,
        who: str,
        booking_id: str,
        action: str,
        *,
        stale: bool = False,
        form_seconds: float = FORM_SECONDS,
    ) -> None:
        """Press a button of a charter's messages; `stale`: as it stood there in the beginning.

        `form_seconds`: how long it takes to fill in the form that it may open.
        """
        self.aims(who, booking_id, action, stale=stale, form_seconds=form_seconds)()

    def aims(
        self,
        who: str,
        booking_id: str,
        action: str,
        *,
        stale: bool = False,
        form_seconds: float = FORM_SECONDS,
    ) -> Callable[[], None]:
        """The press of a button as it is seen now, for whenever the finger comes down."""
        mails = self._world.systems.mails
        if action == ARRIVED and not any(mail.booking_id == booking_id for mail in mails):
            return lambda: None  # nobody says of a mail that it arrived which did not
        for shown in self._messages(booking_id):
            versions = shown.versions if stale else shown.versions[::-1]
            message = next((m for _, m in versions if action in buttons(m)), None)
            if message is None or (not stale and message is not shown.message):
                continue
            value, seen = buttons(message)[action], words(message)
            return partial(self._press, who, shown, action, value, seen, form_seconds)
        return lambda: None

    def presses_any(self, who: str, booking_id: str, chance: Random) -> None:
        """Press one of the buttons that stand there."""
        standing = [each for shown in self._messages(booking_id) for each in buttons(shown.message)]
        if standing:
            self.presses(who, booking_id, chance.choice(standing))

    def types(self, who: str, text: str) -> None:
        """Type a command."""
        number = next(self._numbers)
        body = {
            "command": COMMAND,
            "text": text,
            "trigger_id": f"t{number}",
            "user_id": who,
            "channel_id": CHANNEL,
            "response_url": f"https://hooks.slack.com/{number}/{who}",
        }
        key = f"command:t{number}"
        self._world.deliver(Delivery(0.0, "command", COMMAND, body, who=who, key=key, seen=text))

    def opens_home(self, who: str) -> None:
        """Look at the app's Home."""
        event = {"type": "app_home_opened", "user": who, "tab": "home"}
        self._world.deliver(Delivery(0.0, "event", "app_home_opened", {"event": event}, who=who))

    def deletes(self, booking_id: str, chance: Random) -> None:
        """Delete one of the charter's messages, most often its card."""
        if messages := self._messages(booking_id):
            card = [m for m in messages if m.thread is None]
            chosen = card[0] if card and chance.random() < 0.7 else chance.choice(messages)
            self._world.workspace.delete(chosen.ts)

    def _messages(self, booking_id: str) -> list[Shown]:
        """What stands of a charter, the newest first."""
        found = self._world.workspace.messages.values()
        return [m for m in found if m.key.startswith(f"{booking_id}:") and not m.deleted][::-1]

    def _press(
        self, who: str, shown: Shown, action: str, value: str, seen: str, form_seconds: float
    ) -> None:
        world, number = self._world, next(self._numbers)
        trigger, action_ts = f"t{number}", f"{number}.0"
        body = {
            "type": "block_actions",
            "user": {"id": who},
            "trigger_id": trigger,
            "container": {"type": "message", "channel_id": CHANNEL, "message_ts": shown.ts},
            "channel": {"id": CHANNEL},
            "message": {"ts": shown.ts, "thread_ts": shown.thread},
            "actions": [{"action_id": action, "action_ts": action_ts, "value": value}],
        }
        world.workspace.triggers[trigger] = world.timeline.now
        delivery = Delivery(
            *(0.0, "action", action, body),
            who=who,
            key=f"click:{CHANNEL}:{shown.ts}:{action}:{action_ts}",
            seen=seen,
            version=Press.decode(value).version,
        )
        world.deliver(delivery)
        if action in {EDIT, REJECT}:
            at = world.timeline.now + form_seconds
            world.timeline.at(at, lambda: self._submits(who, trigger, number))

    def _submits(self, who: str, trigger: str, number: int) -> None:
        """Fill in a form that has opened, and send it off."""
        view = self._world.workspace.modals.get(trigger)
        if view is None:
            return
        guests = str(2 + number % 40)
        values = {block["block_id"]: _entered(block, guests) for block in _inputs(view)}
        action = {EDIT_MODAL: EDIT, REJECT_MODAL: REJECT}[view["callback_id"]]
        sent = {**view, "id": f"V{number}", "hash": "h", "state": {"values": values}}
        delivery = Delivery(
            *(0.0, "view", view["callback_id"], {"user": {"id": who}, "view": sent}),
            who=who,
            key=f"view:V{number}:h:{action}",
            seen=guests,
            version=Press.decode(view["private_metadata"]).version,
        )
        self._world.deliver(delivery)


def _inputs(view: Any) -> list[Json]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _entered(block: Json, guests: str) -> Json:
    element = block["element"]
    name, initial = _VALUES[element["type"]]
    value = guests if block["block_id"] == "passengers" else element.get(initial)
    return {INPUT: {"type": element["type"], name: value}}


def _file(booking_id: str, number: int) -> Json:
    day = 6 + BOOKINGS[booking_id]  # the days are next to each other, the hours never meet
    text = _MAIL.format(
        booking_id=booking_id.upper(),
        payout=PAYOUTS[BOOKINGS[booking_id]],
        start=f"Jan {day}, 2031 • 10:00 AM",
        end=f"Jan {day}, 2031 • 1:00 PM",
    )
    sender = {"address": "captain@example.com", "name": "Cap Tain"}
    return {
        "id": f"F{number}",
        "mode": "email",
        "filetype": "email",
        "subject": f"Fwd: You have a new Instant Booking for Jan {day}, 2031.",
        "from": [{**sender, "original": "Boatsetter <boatsetter@mail.boatsetter.com>"}],
        "plain_text": text,
        "preview": "",
        "has_more": False,
    }
