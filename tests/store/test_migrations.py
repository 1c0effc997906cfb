"""Migrations forwards and back over a database with charters in it, on both kinds."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from test_store import NOW, PLAN, decision, proposal

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Cancelled, StepState
from bot.store import schema, tables
from bot.store.queries import audit, charters, follow_ups, homes, mails, overviews, posts
from bot.store.queries.follow_ups import FollowUp
from bot.store.queries.mails import StoredMail
from bot.store.queries.posts import Post
from bot.views.press import CANCEL

GONE = Cancelled(user="U0MATE", at=NOW + timedelta(hours=1))
KEPT = ("mails", "bookings", "charters", "steps", "posts", "follow_ups", "listings", "audit")


@pytest.fixture
def filled(engine: sa.Engine) -> sa.Engine:
    """One of each: a charter that is done, one cancelled, one rejected, one that waits."""
    with engine.begin() as db:
        mail = StoredMail(
            key="mail:1", channel="C0", ts="1.1", user_id="U0", received_at=NOW, raw=b"\x00mail\xff"
        )
        mails.keep(db, mail)
        for booking_id in ("xaaaaaa", "xbbbbbb", "xcccccc", "xdddddd"):
            proposed = proposal(booking_id)
            charters.propose(db, proposed, mail=None, at=NOW)
            mails.add_version(db, proposed.booking, source="mail", mail_key="mail:1", at=NOW)
        for booking_id in ("xaaaaaa", "xbbbbbb"):
            whole = proposal(booking_id).complete()
            charters.approve(db, whole, version=1, decision=decision(), plan=PLAN)
            done = {"state": StepState.DONE, "artefact": {"id": "1"}, "ended_at": NOW}
            charters.set_step(db, booking_id, "calendar", begun=True, **done)
            charters.finish(db, booking_id, state=State.DONE, at=NOW)
        charters.cancel(db, "xbbbbbb", cancelled=GONE)
        by_click = {"booking_id": "xbbbbbb", "origin": "click:1"}
        audit.add(db, audit.Entry(at=GONE.at, who="U0MATE", what=f"{CANCEL} done", **by_click))
        charters.reject(db, "xcccccc", version=1, decision=decision(approved=False))
        posts.intend(db, Post(key="xaaaaaa:card", channel="C0", ts="1.2", intended_at=NOW))
        work = FollowUp(
            key="click:1", booking_id="xbbbbbb", action=CANCEL, user_id="U0MATE", started_at=NOW
        )
        follow_ups.begin(db, work)
        mails.remember_boat(db, "Sail", "JADA", user="U0", at=NOW)
        homes.tell(db, "U0CAPTAIN", Message(text="Done.", blocks=()), at=NOW)
    return engine


def everything(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    """All rows of every table; how often a charter changed is left out."""
    found = {}
    with engine.connect() as db:
        for table in tables.metadata.sorted_tables:
            columns = [c for c in table.c if c.name != "changed"]
            rows = db.execute(sa.select(*columns).order_by(*table.primary_key)).all()
            found[table.name] = [tuple(row) for row in rows]
    return found


def test_there_and_back_again_keeps_all_but_who_had_a_home(filled: sa.Engine) -> None:
    before = everything(filled)
    assert all(before.values())  # whatever tables there are
    schema.revert(filled, "0001")
    schema.migrate(filled)
    after = everything(filled)
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}
    assert after["homes"] == []  # whoever opens it is known again
    with filled.connect() as db:
        cancelled = overviews.overview(db, "xbbbbbb")
        assert cancelled is not None
        assert (cancelled.state, cancelled.cancelled) == (State.CANCELLED, GONE)


def test_all_the_way_back_leaves_nothing_and_forth_again_all_tables(filled: sa.Engine) -> None:
    schema.revert(filled, "base")
    assert sa.inspect(filled).get_table_names() == ["alembic_version"]
    schema.migrate(filled)
    assert not any(everything(filled).values())


def test_the_version_before_finds_only_what_it_knows(filled: sa.Engine) -> None:
    schema.revert(filled, "0001")
    known = {"proposed", "rejected", "running", "done", "needs_person"}
    with filled.connect() as db:
        states = dict(db.execute(sa.text("SELECT booking_id, state FROM charters")).all())
        columns = {each["name"] for each in sa.inspect(db).get_columns("charters")}
        tables_then = set(sa.inspect(db).get_table_names())
    assert set(states.values()) <= known
    assert states["xaaaaaa"] == "done"
    assert states["xbbbbbb"] == "rejected"  # nobody sails it
    assert "cancelled" not in columns
    assert "homes" not in tables_then


def test_the_audit_cannot_be_changed_after_it_was_migrated_either(filled: sa.Engine) -> None:
    schema.revert(filled, "0001")
    schema.migrate(filled)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), filled.begin() as db:
        db.execute(sa.delete(tables.audit))


def test_a_database_of_a_newer_version_is_refused_in_words(filled: sa.Engine) -> None:
    with filled.begin() as db:
        db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.NewerSchemaError, match=r"revision 9999.*restore the backup"):
        schema.migrate(filled)
    assert schema.current(filled) == "9999"


@pytest.mark.parametrize("outcome", [follow_ups.DONE, follow_ups.PARTLY])
def test_who_tried_in_vain_to_cancel_it_did_not(filled: sa.Engine, outcome: str) -> None:
    tried = [
        ("U0CREW", f"{audit.REFUSED}{CANCEL}", NOW),
        ("U0CAPTAIN", f"{CANCEL} {follow_ups.FAILED}", NOW),
        (GONE.user, f"{CANCEL} {outcome}", GONE.at),
    ]
    with filled.begin() as db:
        db.execute(sa.text("UPDATE charters SET state = 'cancelled' WHERE booking_id = 'xaaaaaa'"))
        for who, what, at in tried:
            about = {"booking_id": "xaaaaaa", "origin": f"click:{who}"}
            audit.add(db, audit.Entry(at=at, who=who, what=what, **about))
    schema.revert(filled, "0001")
    schema.migrate(filled)
    with filled.connect() as db:
        found = overviews.overview(db, "xaaaaaa")
    assert found is not None
    assert found.cancelled == GONE


def test_a_cancelled_charter_that_nobody_wrote_down_is_still_known(filled: sa.Engine) -> None:
    """Its decision and its last change are what is left of it."""
    with filled.begin() as db:
        db.execute(sa.text("UPDATE charters SET state = 'cancelled' WHERE booking_id = 'xaaaaaa'"))
    schema.revert(filled, "0001")
    schema.migrate(filled)
    with filled.connect() as db:
        found = overviews.overview(db, "xaaaaaa")
    assert found is not None
    assert found.cancelled == Cancelled(user="U0CAPTAIN", at=NOW)
    assert found.cancelled.at.astimezone(UTC) == datetime(2026, 5, 14, 18, tzinfo=UTC)
