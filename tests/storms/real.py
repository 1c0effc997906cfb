"""Storms for the real bot process against the rehearsal; both as much faster than Slack as asked."""

import os
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox, start_sandbox
from tests.scenarios.booking_mails import booking_mail
from tests.storms.storm_world import bookings

HURRIED = Path(__file__).parents[1] / "scenarios" / "hurried_bot.py"
_HANDS = 8
_LOOKS_EVERY_SECONDS = 0.1
_RANKS = {"pending": 0, "in_progress": 1, "complete": 2, "error": 2}


@dataclass
class Told:
    """What came of a storm.

    `late`: deliveries not acknowledged in Slack's three seconds. Slack delivers those again, so that
    they break nothing, as long as all of them come to one card.
    """

    violations: list[str] = field(default_factory=list)
    cards: int = 0
    changes: int = 0
    asked: int = 0
    refused: int = 0
    late: int = 0
    slowest_ack: float = 0.0


def real_mails(root: Path, number: int, *, rate_scale: float = 50.0) -> Told:
    """So many mails as fast as the rehearsal takes them; each tenth is delivered once more."""
    wanted = bookings(number)
    with _rehearsal(root, rate_scale) as (sandbox, _):
        _forward(sandbox, wanted)
        return _all_have_cards(sandbox, wanted)


def hung_mails(root: Path, number: int, *, rate_scale: float = 50.0) -> Told:
    """So many mails while the process hangs, until Slack has given up the first deliveries."""
    wanted = bookings(number)
    with _rehearsal(root, rate_scale) as (sandbox, bot):
        os.kill(bot.pid, signal.SIGSTOP)
        try:
            _forward(sandbox, wanted)
            _until_late(sandbox, number)
        finally:
            os.kill(bot.pid, signal.SIGCONT)
        return _all_have_cards(sandbox, wanted)


def _all_have_cards(sandbox: Sandbox, wanted: list[str]) -> Told:
    _until(sandbox, "SELECT count(*) FROM mails WHERE kind IS NOT NULL", len(wanted))
    _until(sandbox, "SELECT count(*) FROM posts WHERE permalink IS NOT NULL", len(wanted))
    return _told(sandbox, wanted)


def real_statuses(root: Path, number: int, *, rate_scale: float, refusals: int = 0) -> Told:
    """So many charters, approved as fast as somebody could click, all the way to their end.

    `refusals`: how many changes of messages get a 429 besides, however slow the bot is.
    """
    wanted = bookings(number)
    with _rehearsal(root, rate_scale) as (sandbox, _):
        _forward(sandbox, wanted)
        _until(sandbox, "SELECT count(*) FROM posts WHERE permalink IS NOT NULL", number)
        cards = [card for card in sandbox.slack.messages() if "[Approve]" in card.plain]
        captain = sandbox.slack.as_user("U0CAPTAIN")
        if refusals:
            sandbox.slack.fail_next("chat.update", "ratelimited", times=refusals)
        with ThreadPoolExecutor(_HANDS) as hands:
            list(hands.map(lambda card: captain.clicks(card, "approve"), cards))
        done = "SELECT count(*) FROM charters WHERE state = 'done' AND changed = shown"
        _until(sandbox, done, number)
        told = _told(sandbox, wanted)
        told.violations += [
            said for booking in wanted for said in _thread_is_wrong(sandbox, booking)
        ]
        return told


@contextmanager
def _rehearsal(root: Path, rate_scale: float) -> Iterator[tuple[Sandbox, BotProcess]]:
    command = (sys.executable, str(HURRIED), "run")
    with (
        start_sandbox(root, rate_scale=rate_scale, retry_scale=0.02) as sandbox,
        BotProcess(sandbox.env, root, command=command) as bot,
    ):
        bot.wait_ready(60)
        yield sandbox, bot


def _forward(sandbox: Sandbox, wanted: list[str]) -> None:
    captain = sandbox.slack.as_user("U0CAPTAIN")
    mails = [booking_mail(booking) for booking in wanted]
    with ThreadPoolExecutor(_HANDS) as hands:
        sent = list(hands.map(captain.forwards, mails))
        list(hands.map(captain.redelivers, sent[::10]))


def _told(sandbox: Sandbox, wanted: list[str]) -> Told:
    shown = Counter(
        message.plain.partition("Booking: ")[2].split()[0].lower()
        for message in sandbox.slack.messages()
        if "Booking: " in message.plain and not message.is_reply
    )
    calls, deliveries = sandbox.slack.calls(), sandbox.slack.deliveries()
    found = [f"{booking}: {shown[booking]} cards" for booking in wanted if shown[booking] != 1]
    found += _not_taken(deliveries)
    return Told(
        violations=found,
        cards=shown.total(),
        changes=_asked(sandbox, "SELECT sum(changed) FROM charters"),
        asked=len(calls),
        refused=sum(call["error"] == "ratelimited" for call in calls),
        late=sum(bool(each["error"]) for each in deliveries),
        slowest_ack=max(each["seconds"] for each in deliveries),
    )


def _not_taken(deliveries: list[dict[str, Any]]) -> Iterator[str]:
    """What was never acknowledged in time, however often Slack delivered it."""
    taken = {each["name"] for each in deliveries if not each["error"]}
    for name in sorted({each["name"] for each in deliveries} - taken):
        attempts = [each["attempt"] for each in deliveries if each["name"] == name]
        yield f"{name}: not acknowledged in time at attempts {attempts}"


def _thread_is_wrong(sandbox: Sandbox, booking: str) -> Iterator[str]:
    """Its checklist and its end are there once and say that all is done, as the journal does."""
    (card,) = [m for m in sandbox.slack.messages() if f"Booking: {booking.upper()} " in m.plain]
    replies = [m for m in sandbox.slack.messages(thread=card.ts) if m.is_reply]
    lists = [m for m in replies if m.plain.startswith(f"Charter {booking.upper()}: ")]
    ends = [m for m in replies if f"{booking.upper()} is set up" in m.plain]
    if len(lists) != 1 or len(ends) != 1 or "[Approve]" in card.plain:
        yield f"{booking}: {len(lists)} checklists, {len(ends)} ends, card {card.buttons}"
        return
    if set(_stages(lists[0].raw)) != {2}:
        yield f"{booking}: it is done, and the thread says {lists[0].plain}"
    updates = [
        call["arguments"]
        for call in sandbox.slack.calls("chat.update")
        if not call["error"] and call["arguments"]["ts"] == lists[0].ts
    ]
    for before, after in pairwise(_stages(update) for update in updates):
        if any(a < b for b, a in zip(before, after, strict=True)):
            yield f"{booking}: its checklist went back"


def _stages(message: dict[str, Any]) -> list[int]:
    return [_RANKS[task["status"]] for task in message["blocks"][0]["tasks"]]


def _until(sandbox: Sandbox, query: str, number: int) -> None:
    """Wait until a query of the bot's tables gives that number, as long as there is progress."""
    patience, best = time.monotonic() + 60.0, -1
    while (found := _asked(sandbox, query)) < number:
        if found > best:
            best, patience = found, time.monotonic() + 60.0
        assert time.monotonic() < patience, f"{query}: {found} of {number}, and nothing moves"
        time.sleep(_LOOKS_EVERY_SECONDS)


def _until_late(sandbox: Sandbox, number: int) -> None:
    patience = time.monotonic() + 60.0
    while sum(bool(each["error"]) for each in sandbox.slack.deliveries()) < number:
        assert time.monotonic() < patience, "a process that hangs acknowledges in time"
        time.sleep(_LOOKS_EVERY_SECONDS)


def _asked(sandbox: Sandbox, query: str) -> int:
    database = sandbox.env["CHARTER_DATABASE_URL"].removeprefix("sqlite:///")
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return int(connection.execute(query).fetchone()[0] or 0)
    finally:
        connection.close()
