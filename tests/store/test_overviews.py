"""The list of charters: what matters most first, whole, and in few queries; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.boat import Boat
from bot.domain.booking import Booking
from bot.domain.charter import Proposal, State
from bot.domain.progress import Decision, Posted
from bot.store.queries import charters, overviews, posts
from bot.store.queries.posts import Post

NOW = datetime.now(UTC)  # the ranking goes by the database's clock
BOAT = Boat(name="JADA", time_zone="America/Los_Angeles", capacity=6, turnaround_minutes=60)


@pytest.fixture
def db(engine: sa.Engine):
    with engine.begin() as connection:
        yield connection


def put(db: sa.Connection, booking_id: str, state: State, days: float | None, changed: int = 0):
    """A charter that starts `days` from now; `changed`: minutes after the others."""
    starts_at = None if days is None else NOW + timedelta(days=days)
    booking = Booking(
        booking_id=booking_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3) if starts_at else None,
        passengers=4,
    )
    proposal = Proposal(marketplace="boatsetter", booking=booking, boat=BOAT)
    at = NOW + timedelta(minutes=changed)
    charters.propose(db, proposal, mail=None, at=at)
    decision = Decision(user="U0CAPTAIN", at=at, approved=state is not State.REJECTED)
    if state is State.REJECTED:
        charters.reject(db, booking_id, version=1, decision=decision)
    elif state is not State.PROPOSED:
        plan = [("calendar", "Calendar entry"), ("crew_event", "Crew event")]
        charters.approve(db, proposal.complete(), version=1, decision=decision, plan=plan)
        if state is not State.RUNNING:
            charters.finish(db, booking_id, state=state, at=at)


def ids(found) -> list[str]:
    return [overview.booking_id for overview in found]


def test_what_waits_comes_first_then_what_is_to_come_then_what_is_over(db):
    put(db, "overold", State.DONE, -300)
    put(db, "overnew", State.DONE, -2)
    put(db, "nextlat", State.DONE, 30)
    put(db, "nextnow", State.DONE, 1)
    put(db, "rejecte", State.REJECTED, -9)
    put(db, "rejnone", State.REJECTED, None)
    put(db, "trouble", State.NEEDS_PERSON, -5, changed=1)
    put(db, "running", State.RUNNING, 50, changed=2)
    put(db, "undated", State.PROPOSED, None, changed=3)
    active = ["undated", "running", "trouble", "nextnow", "nextlat"]
    everything = [*active, "overnew", "rejecte", "overold", "rejnone"]
    assert ids(overviews.overviews(db)) == everything
    assert ids(overviews.overviews(db, limit=6)) == everything[:6]


def test_a_charter_under_way_is_still_to_come(db):
    put(db, "underwa", State.DONE, -1 / 24)
    put(db, "isoverx", State.DONE, -1)
    put(db, "nextlat", State.DONE, 30)
    assert ids(overviews.overviews(db)) == ["underwa", "nextlat", "isoverx"]


@pytest.mark.parametrize("days", [400, None])
def test_the_newest_of_many_is_listed_first(db, days):
    for number in range(61):
        put(db, f"aaaaa{chr(97 + number // 26)}{chr(97 + number % 26)}", State.PROPOSED, number)
    put(db, "newestx", State.PROPOSED, days, changed=1)
    assert ids(overviews.overviews(db))[0] == "newestx"


def test_every_charter_of_a_list_is_as_whole_as_alone(db):
    put(db, "onexxxx", State.PROPOSED, 1)
    put(db, "twoxxxx", State.PROPOSED, 1.1)
    put(db, "running", State.RUNNING, 40)
    card = Post(key="running:card", channel="C0", ts="1.2", permalink="https://x", intended_at=NOW)
    posts.intend(db, card)
    posts.intend(db, Post(key="onexxxx:card", channel="C0", intended_at=NOW))
    listed = {overview.booking_id: overview for overview in overviews.overviews(db)}
    for booking_id, overview in listed.items():
        assert overview == overviews.overview(db, booking_id)
    assert [c.booking_id for c in listed["onexxxx"].conflicts] == ["twoxxxx"]
    assert [c.booking_id for c in listed["twoxxxx"].conflicts] == ["onexxxx"]
    assert listed["onexxxx"].card is None
    assert listed["running"].card == Posted(channel="C0", ts="1.2", permalink="https://x")
    assert [step.name for step in listed["running"].steps] == ["calendar", "crew_event"]


def test_a_list_of_many_asks_the_database_as_often_as_a_list_of_one(engine, db):
    asked: list[str] = []
    put(db, "onexxxx", State.PROPOSED, 1)
    sa.event.listen(db, "before_cursor_execute", lambda *call: asked.append(call[2]))
    overviews.overviews(db)
    alone = len(asked)
    for number, letter in enumerate("abcdefgh"):
        put(db, f"many{letter}xx", State.PROPOSED, number)
    asked.clear()
    assert len(overviews.overviews(db)) == 9
    assert len(asked) == alone


def test_a_deleted_thread_is_forgotten_with_its_card_and_a_newer_one_is_kept(db):
    put(db, "running", State.RUNNING, 1)
    put(db, "another", State.RUNNING, 9)
    for key, thread, ts in [
        ("running:card", None, "1.0"),
        ("running:checklist", "1.0", "1.1"),
        ("running:closing:1", "1.0", None),
        ("mail:1:answer", "0.5", "1.2"),
        ("another:card", None, "2.0"),
    ]:
        posts.intend(db, Post(key=key, channel="C0", thread=thread, ts=ts, intended_at=NOW))
    charters.shown(db, "running", overviews.changed(db, "running"))
    posts.forget_story(db, "running", ts="0.9")
    assert posts.get(db, "running:card")
    posts.forget_story(db, "running", ts="1.0")
    left = set(db.scalars(sa.text("SELECT key FROM posts")))
    assert left == {"mail:1:answer", "another:card"}
    assert "running" in overviews.unshown(db)
