"""The law of privacy: whatever leaves the house is searched, to whomever and whenever it was shown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from bot.domain.message import Message
from tests.torture.outside import BOOKINGS
from tests.torture.people import PAYOUTS
from tests.torture.world import World

_ASKED_BEFORE = 120.0  # seconds between the question who somebody is and the last answer to them
_written_once: WeakKeyDictionary[World, dict[int, tuple[Any, str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Heard:
    """Something that people can read. `money_of`: the booking whose payout they may read in it."""

    where: str
    written: str
    money_of: tuple[str, ...] = ()


def no_leak(world: World) -> Iterator[str]:
    """Law 5."""
    heard = [*_posted(world), *_aside(world), *_homes(world), *_forms(world)]
    for number, booking_id in enumerate(BOOKINGS):
        private = spellings(PAYOUTS[number])
        for each in heard:
            if booking_id not in each.money_of and any(p in each.written for p in private):
                yield f"{each.where} holds the payout of {booking_id}."
        systems = world.systems
        for made in (*systems.entries, *systems.events, *systems.uploads, *systems.mails):
            if made.booking_id == booking_id and any(p in made.written for p in private):
                yield f"{made.id} of {booking_id} holds the payout."
    for each in heard:
        if "-canary-" in each.written or "example.com" in each.written:
            yield f"{each.where} holds a secret or a contact."


def spellings(amount: str) -> tuple[str, ...]:
    """The ways in which an amount is written."""
    whole, _, cents = amount.partition(".")
    return amount, f"{whole[:-3]},{whole[-3:]}.{cents}", f"{whole}{cents}"


def _posted(world: World) -> Iterator[Heard]:
    """Every version of every message, deleted ones too; and what is shown of it on a locked phone."""
    for shown in world.workspace.messages.values():
        booking_id, _, kind = shown.key.partition(":")
        for _, message in shown.versions:
            yield Heard(f"the notification of {shown.key}", message.text)
            money_of = (booking_id,) if kind == "card" else ()
            yield Heard(f"the message {shown.key}", _written(world, message), money_of)


def _aside(world: World) -> Iterator[Heard]:
    for at, who, message in world.workspace.whispers:
        said = f"{message.text} {_written(world, message)}"
        yield Heard(f"an answer to {who}", said, _allowed(world, who, at))
    for each in world.deliveries:
        if each.said:
            said = json.dumps(each.said)
            yield Heard(f"an answer to {each.who}", said, _allowed(world, each.who, each.at))


def _homes(world: World) -> Iterator[Heard]:
    """Nobody's holds money, or ever did: it is looked at where others look, too."""
    for who, views in world.workspace.homes.items():
        for view in views:
            yield Heard(f"the Home of {who}", _written(world, view))


def _forms(world: World) -> Iterator[Heard]:
    opened_by = {each.body.get("trigger_id"): each.who for each in world.deliveries}
    for trigger, view in world.workspace.modals.items():
        who, at = opened_by[trigger], world.workspace.triggers[trigger]
        yield Heard(f"the form of {who}", _written(world, view), _allowed(world, who, at))


def _allowed(world: World, who: str, at: float) -> tuple[str, ...]:
    """Operators may read every amount."""
    operators = world.workspace.operators_between(at - _ASKED_BEFORE, at)
    return tuple(BOOKINGS) if who in operators else ()


def _written(world: World, shown: Message | Mapping[str, Any]) -> str:
    """What stands in it; of what never changes, and is searched at each look."""
    known = _written_once.setdefault(world, {})
    if id(shown) not in known:
        blocks = shown.blocks if isinstance(shown, Message) else shown
        known[id(shown)] = shown, json.dumps(blocks)
    return known[id(shown)][1]
