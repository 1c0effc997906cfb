"""What the app's Home is told, and who looks at it; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.board import Board
from bot.domain.boat import Boat
from bot.domain.booking import Booking
from bot.domain.charter import Proposal, State
from bot.domain.message import Message
from bot.domain.progress import Cancelled, Decision, StepState
from bot.store.queries import audit, boards, charters, follow_ups, homes, posts
from bot.store.queries.follow_ups import FollowUp
from bot.store.queries.posts import Post

NOW = datetime(2026, 5, 14, 18, tzinfo=UTC)
BOAT = Boat(name="JADA", time_zone="America/Los_Angeles", capacity=6)
RESEND = "resend_crew_links"
RETRY = "retry"


@pytest.fixture
def db(engine: sa.Engine):
    with engine.begin() as connection:
        yield connection


def put(db: sa.Connection, booking_id: str, state: State, days: float | None) -> None:
    """A charter that starts `days` from now."""
    starts_at = None if days is None else NOW + timedelta(days=days)
    ends_at = starts_at + timedelta(hours=3) if starts_at else None
    booking = Booking(booking_id=booking_id, starts_at=starts_at, ends_at=ends_at, passengers=4)
    proposal = Proposal(marketplace="boatsetter", booking=booking, boat=BOAT)
    charters.propose(db, proposal, mail=None, at=NOW)
    decision = Decision(user="U0CAPTAIN", at=NOW, approved=state is not State.REJECTED)
    if state is State.REJECTED:
        charters.reject(db, booking_id, version=1, decision=decision)
    elif state is not State.PROPOSED:
        plan = [("calendar", "Calendar entry"), ("crew_event", "Crew event")]
        charters.approve(db, proposal.complete(), version=1, decision=decision, plan=plan)
        if state is State.CANCELLED:
            charters.finish(db, booking_id, state=State.DONE, at=NOW)
            charters.cancel(db, booking_id, cancelled=Cancelled(user="U0MATE", at=NOW))
        elif state is not State.RUNNING:
            charters.finish(db, booking_id, state=state, at=NOW)


def board(db: sa.Connection) -> Board:
    return boards.board(db, now=NOW, resend=RESEND, retry=RETRY)


def ids(shelf) -> list[str]:
    return [overview.booking_id for overview in shelf.charters]


def did(db: sa.Connection, what: str, who: str = "U0MATE", booking_id: str = "running") -> None:
    entry = audit.Entry(at=NOW, who=who, what=what, booking_id=booking_id, origin="click:1")
    audit.add(db, entry)


def test_each_charter_stands_where_somebody_looks_for_it(db):
    put(db, "undated", State.PROPOSED, None)
    put(db, "laterxx", State.PROPOSED, 9)
    put(db, "soonerx", State.PROPOSED, 2)
    put(db, "rejecte", State.REJECTED, 3)
    put(db, "trouble", State.NEEDS_PERSON, -5)
    put(db, "running", State.RUNNING, 7)
    put(db, "stuckxx", State.RUNNING, 6)
    charters.set_step(db, "stuckxx", "crew_event", state=StepState.UNKNOWN)
    put(db, "underwa", State.DONE, -1 / 24)
    put(db, "isoverx", State.DONE, -2)
    put(db, "calledo", State.CANCELLED, 5)
    found = board(db)
    assert ids(found.waiting) == ["undated", "soonerx", "laterxx"]
    assert ids(found.troubled) == ["trouble", "stuckxx"]
    assert ids(found.to_come) == ["underwa", "stuckxx", "running"]
    assert found.since == dict.fromkeys(["undated", "soonerx", "laterxx"], NOW)


def test_what_does_not_fit_is_counted(db):
    for number in range(34):
        name = f"aaaaa{chr(97 + number // 26)}{chr(97 + number % 26)}"
        put(db, name, State.DONE if number else State.PROPOSED, 40 - number)
    found = board(db)
    assert (len(found.to_come.charters), found.to_come.total) == (30, 33)
    assert (len(found.waiting.charters), found.waiting.total) == (1, 1)
    starts = [o.proposal.booking.starts_at for o in found.to_come.charters]
    assert starts == sorted(starts)


def test_the_latest_wish_for_fresh_links_counts_once_it_has_ended(db):
    put(db, "running", State.DONE, 3)
    for minutes, outcome in [(1, "failed"), (2, "done"), (3, "refused"), (4, "sending"), (5, None)]:
        at = NOW + timedelta(minutes=minutes)
        work = FollowUp(
            key=str(minutes),
            booking_id="running",
            action=RESEND,
            user_id="U0MATE",
            started_at=at,
            outcome=outcome,
        )
        follow_ups.begin(db, work)
    other = work.model_copy(update={"key": "9", "action": "scrub_revenue", "outcome": "done"})
    follow_ups.begin(db, other)
    (found,) = board(db).resent.values()
    assert (found.outcome, found.at) == ("done", NOW + timedelta(minutes=2))


def test_what_people_did_lately_is_told_newest_first_and_not_what_they_were_refused(db):
    put(db, "running", State.RUNNING, 3)
    card = Post(key="running:card", channel="C0", ts="1.2", permalink="https://x", intended_at=NOW)
    posts.intend(db, card)
    for number in range(9):
        did(db, f"deed {number}")
    did(db, "run done", who=audit.BOT)
    did(db, "refused approve", who="U0STRANGER")
    did(db, "run 2 begun")
    did(db, "retry done")
    did(db, "edited", booking_id="goneidx")
    found = board(db).deeds
    assert [deed.what for deed in found] == [
        *("edited", "run 2 begun", "deed 8", "deed 7", "deed 6", "deed 5", "deed 4", "deed 3")
    ]
    assert (found[0].boat, found[0].card) == (None, None)
    assert (found[1].boat, found[1].card, found[1].who) == (BOAT, "https://x", "U0MATE")


def test_a_board_of_many_asks_the_database_as_often_as_one_of_few(db):
    asked: list[str] = []
    put(db, "onexxxx", State.PROPOSED, 1)
    put(db, "runxxxx", State.RUNNING, 2)
    did(db, "approved", booking_id="runxxxx")
    sa.event.listen(db, "before_cursor_execute", lambda *call: asked.append(call[2]))
    board(db)
    few = len(asked)
    for number, letter in enumerate("abcdefgh"):
        put(db, f"many{letter}xx", State.PROPOSED, number)
        put(db, f"runs{letter}xx", State.RUNNING, 20 + number)
        did(db, "approved", booking_id=f"runs{letter}xx")
    asked.clear()
    board(db)
    assert len(asked) == few


def test_who_looked_is_remembered_with_what_they_see(db):
    assert homes.users(db) == frozenset()
    homes.opened(db, "U0CAPTAIN", blank=True)
    homes.opened(db, "U0MATE", blank=True)
    assert published(db, "d1")
    homes.opened(db, "U0CAPTAIN", blank=False)
    assert homes.users(db) == {"U0CAPTAIN", "U0MATE"}
    assert captains(db).digest == "d1"
    homes.opened(db, "U0CAPTAIN", blank=True)
    assert captains(db).digest == ""
    homes.forget(db, "U0CAPTAIN")
    assert homes.users(db) == {"U0MATE"}


def test_of_two_who_publish_at_once_neither_is_believed(db):
    homes.tell(db, "U0CAPTAIN", Message(text="No.", blocks=()), at=NOW)
    assert published(db, "d1", after=None)
    seen = captains(db).mark
    assert published(db, "d2", after=seen)
    assert not published(db, "d3", after=seen)
    assert captains(db).digest == ""


def test_a_view_that_came_back_meanwhile_is_not_taken_for_the_one_that_stood(db):
    homes.opened(db, "U0CAPTAIN", blank=True)
    first = published(db, "d1")
    assert published(db, "d2")
    assert published(db, "d1")
    assert not published(db, "d3", after=first)


def test_an_answer_stands_until_home_is_opened_again(db):
    homes.opened(db, "U0CAPTAIN", blank=True)
    said = Message(text="No.", blocks=({"type": "rich_text", "elements": []},))
    homes.tell(db, "U0CAPTAIN", said, at=NOW)
    published(db, "d1")
    found = captains(db)
    assert (found.notice, found.noticed_at, found.digest) == (said, NOW, "d1")
    homes.opened(db, "U0CAPTAIN", blank=False)
    found = captains(db)
    assert (found.notice, found.noticed_at) == (None, None)


def captains(db: sa.Connection) -> homes.Home:
    return homes.all_of_them(db)["U0CAPTAIN"]


def published(db: sa.Connection, digest: str, **after: str | None) -> str | None:
    """The mark that publishing leaves, if nobody did so since the mark `after`, or the last."""
    return homes.published(db, "U0CAPTAIN", digest, **{"after": captains(db).mark, **after})
