"""What people are told in so many words, held against the systems and not against the bot's views."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

from bot.domain.charter import State
from bot.domain.progress import Overview
from bot.store.queries import boards, homes
from bot.store.queries.homes import Home
from bot.views.home import home as drawn_home
from bot.views.press import RESEND, RETRY
from tests.torture.canaries import spellings
from tests.torture.laws_of_truth import seconds
from tests.torture.outside import BOOKINGS, DOCK
from tests.torture.people import PAYOUTS
from tests.torture.slack import words
from tests.torture.world import World

_MAILED = re.compile(r"\d+ fresh crew links? mailed")
_INVALIDATED = "the cache was invalidated"
_CLEAN = ("read back: ", "holds no revenue")
_BEGUN = "trying again what is not done"
_CLOSED = {
    State.DONE: ("{id} is set up", "finished and read back"),
    State.NEEDS_PERSON: ("{id} needs a person",),
    State.CANCELLED: ("{id} is cancelled",),
}
_ALL_DONE = re.compile(r"\ball \d+ steps?\b", re.IGNORECASE)
_NOTICE_STANDS = timedelta(minutes=5)
_LOOKED_AGAIN_SECONDS = 75


def answered_as_it_is(world: World) -> Iterator[str]:
    """Law 4: whatever a follow-up says has come about has come about."""
    mailed = Counter[str]()
    for row in world.rows("SELECT key, booking_id, started_at FROM follow_ups"):
        for shown in world.workspace.of_key(f"{row['key']}:answer"):
            said = words(shown.message)
            booking_id = row["booking_id"]
            mailed[booking_id] += bool(_MAILED.search(said))
            if _INVALIDATED in said and not world.systems.invalidations.get(_reference(row)):
                yield f"{booking_id}: the cache is said to have been invalidated, and was not."
            if _BEGUN in said and not _begun_by(world, row["key"]):
                yield f"{booking_id}: it is said to be tried again, and is not."
            if any(claim in said for claim in _CLEAN) and not _was_clean(world, row, shown):
                yield f"{booking_id}: its notes are said to hold no revenue, and always held some."
    for booking_id, times in mailed.items():
        resends = sum(each.booking_id == booking_id for each in world.systems.resends)
        if times > resends:
            yield f"{booking_id}: crew links are said to be mailed {times} times, not {resends}."
    yield from _kept_by_scrubs(world)


def _reference(row: Any) -> str:
    """What the CDN knows a click's invalidation by."""
    return f"{row['booking_id']}-{sha256(row['key'].encode()).hexdigest()[:32]}"


def _begun_by(world: World, key: str) -> bool:
    rows = world.rows("SELECT origin FROM audit WHERE what LIKE 'run % begun'")
    return any(row["origin"] == key for row in rows)


def _was_clean(world: World, row: Any, shown: Any) -> bool:
    """Whether the notes held no revenue at some moment between the click and its answer."""
    began, ended = seconds(row["started_at"]), shown.versions[0][0]
    # The field's name may stay, where somebody wrote prose below its JSON: it says nothing.
    private = spellings(PAYOUTS[BOOKINGS[row["booking_id"]]])
    stood = [each for each in world.systems.noted if each.booking_id == row["booking_id"]]
    until = [*(each.at for each in stood[1:]), float("inf")]
    return any(
        each.at <= ended and end >= began and not any(p in each.written for p in private)
        for each, end in zip(stood, until, strict=True)
    )


def _kept_by_scrubs(world: World) -> Iterator[str]:
    """What a person wrote beside the revenue is there still."""
    dock = set[str]()
    for each in world.systems.noted:
        if DOCK in each.written:
            dock.add(each.booking_id)
        elif each.booking_id in dock:
            yield f"{each.booking_id}: what somebody wrote about the dock was lost from its notes."


def closed_as_it_is(world: World, charters: list[Overview]) -> Iterator[str]:
    """Law 4: the closing reply says in words how it ended, and nothing else."""
    for charter in charters:
        shown = world.workspace.standing(f"{charter.booking_id}:closing:{charter.run}")
        if shown is None or charter.state not in _CLOSED:
            continue
        said = words(shown.message)
        for state, claims in _CLOSED.items():
            for each in claims:
                claim = each.format(id=charter.booking_id.upper())
                if (claim in said) != (state is charter.state):
                    yield f"{charter.booking_id} is {charter.state}; its closing reply: {claim!r}."
        if charter.state is not State.DONE and _ALL_DONE.search(said):
            yield f"{charter.booking_id} is {charter.state}, and all of its steps are called done."
        missed = [s.label for s in charter.troubled if s.label not in said]
        if charter.state is State.NEEDS_PERSON and missed:
            yield f"the closing reply of {charter.booking_id} does not tell of {missed}."


def home_as_it_is(world: World) -> Iterator[str]:
    """Law 4: each Home that was opened shows the tables."""
    opened = {d.who for d in world.deliveries if d.name == "app_home_opened" and d.acked_at}
    with world.database.engine.connect().execution_options(reading=True) as connection:
        known = homes.all_of_them(connection)
    for who in sorted(opened):
        if who not in known:
            yield f"nobody knows that {who} has opened their Home."
        elif not _shows_the_tables(world, known[who]):
            yield f"the Home of {who} shows an earlier state."


def _shows_the_tables(world: World, home: Home) -> bool:
    """As they are told now, or were when it was last looked at: some of it tells how long ago."""
    operators = world.workspace.operators_between(world.timeline.now, world.timeline.now)
    shown = world.workspace.homes.get(home.user_id, [None])[-1]
    with world.database.engine.connect().execution_options(reading=True) as connection:
        for ago in range(_LOOKED_AGAIN_SECONDS):
            now = world.timeline.clock() - timedelta(seconds=ago)
            fresh = home.noticed_at is not None and now - home.noticed_at < _NOTICE_STANDS
            view = drawn_home(
                boards.board(connection, now=now, resend=RESEND, retry=RETRY),
                now=now,
                operator=home.user_id in operators,
                notice=home.notice if fresh else None,
            )
            if view == shown:
                return True
    return False
