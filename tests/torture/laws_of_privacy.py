"""The law of privacy: whatever leaves the house is searched, to whomever and whenever it was shown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from bot.domain.message import Message
from tests.torture.canaries import CONTACT, private
from tests.torture.outside import BOOKINGS
from tests.torture.world import World

_ASKED_BEFORE = 120.0  # seconds between the question who somebody is and the last answer to them
_written_once: WeakKeyDictionary[World, dict[int, tuple[Any, str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Heard:
    """Something that somebody can read. `may`: what may stand in it of what is private."""

    where: str
    written: str
    may: tuple[str, ...] = ()


def no_leak(world: World) -> Iterator[str]:
    """Law 5."""
    heard = (*_posted(world), *_aside(world), *_homes(world), *_forms(world), *_sent(world))
    for each in heard:
        for what in sorted(private(each.written).difference(each.may)):
            leak = f"the payout of {what}" if what in BOOKINGS else what
            yield f"{each.where} holds {leak}."


def _sent(world: World) -> Iterator[Heard]:
    """Whatever the other systems were sent; into the notes people write what they like, too."""
    systems = world.systems
    for made in (*systems.entries, *systems.events, *systems.uploads, *systems.mails):
        yield Heard(f"{made.id} of {made.booking_id}", made.written)
    for made in systems.noted:
        yield Heard(f"a note of {made.booking_id}", made.written, tuple(BOOKINGS))


def _posted(world: World) -> Iterator[Heard]:
    """Every version of every message, deleted ones too; and what is shown of it on a locked phone."""
    for shown in world.workspace.messages.values():
        booking_id, _, kind = shown.key.partition(":")
        may = (booking_id,) if kind == "card" else ()
        for _, message in shown.versions:
            yield Heard(f"the notification of {shown.key}", message.text)
            yield Heard(f"the message {shown.key}", _written(world, message), may)


def _aside(world: World) -> Iterator[Heard]:
    for at, who, message in world.workspace.whispers:
        may = _allowed(world, who, at)
        yield Heard(f"an answer to {who}", message.text, may)
        yield Heard(f"an answer to {who}", _written(world, message), may)
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
        may = _allowed(world, who, at)
        # What an operator may correct they are shown: how to reach the renter, too.
        contact = (CONTACT,) if may else ()
        yield Heard(f"the form of {who}", _written(world, view), (*may, *contact))


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
