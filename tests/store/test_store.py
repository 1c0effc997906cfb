"""The same truths on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.domain.boat import Boat
from bot.domain.booking import Booking, as_booking_id
from bot.domain.charter import IllegalTransitionError, Proposal, State
from bot.domain.progress import Decision, Posted, StepState
from bot.store import schema, tables
from bot.store.database import make_engine
from bot.store.queries import audit, charters, follow_ups, mails, overviews, posts
from bot.store.queries.follow_ups import FollowUp, Kept
from bot.store.queries.posts import Post

NOW = datetime(2026, 5, 14, 18, tzinfo=UTC)
BOAT = Boat(name="JADA", time_zone="America/Los_Angeles", capacity=6, turnaround_minutes=60)
ZONE = ZoneInfo("America/Los_Angeles")
PLAN = (("calendar", "Calendar entry"), ("crew_event", "Crew event"))


def proposal(booking_id: str = "xhqgmdh", start: int = 10, hours: int = 3) -> Proposal:
    starts_at = datetime(2026, 5, 30, start, tzinfo=ZONE)
    return Proposal(
        marketplace="boatsetter",
        boat=BOAT,
        booking=Booking(
            booking_id=booking_id,
            listing="Sail San Diego Bay aboard JADA",
            renter="Marisol",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=hours),
            passengers=4,
            owner_payout=Decimal("840.75"),
            currency="USD",
        ),
    )


def decision(user: str = "U0CAPTAIN", *, approved: bool = True) -> Decision:
    return Decision(user=user, at=NOW, approved=approved)


@pytest.fixture
def db(engine: sa.Engine):
    with engine.begin() as connection:
        yield connection


def approve(db: sa.Connection, version: int = 1, user: str = "U0CAPTAIN") -> bool:
    charter = proposal().complete()
    return charters.approve(db, charter, version=version, decision=decision(user), plan=PLAN)


def test_a_booking_becomes_one_charter_however_often_it_is_proposed(db):
    mail = Posted(channel="C0CHARTERS", ts="1.1")
    assert charters.propose(db, proposal(), mail=mail, at=NOW)
    assert not charters.propose(db, proposal(start=12), mail=None, at=NOW)
    found = overviews.overview(db, "xhqgmdh")
    assert found is not None
    assert (found.state, found.version, found.mail) == (State.PROPOSED, 1, mail)
    assert found.proposal == proposal()


def test_of_two_approvals_one_wins(db):
    charters.propose(db, proposal(), mail=None, at=NOW)
    assert approve(db)
    assert not approve(db, user="U0MATE")
    found = overviews.overview(db, "xhqgmdh")
    assert found is not None
    assert found.decision == decision()
    assert [(s.name, s.state) for s in found.steps] == [
        ("calendar", StepState.WAITING),
        ("crew_event", StepState.WAITING),
    ]
    assert overviews.approved(db, "xhqgmdh") == proposal().complete()
    assert overviews.unfinished(db) == (("xhqgmdh", 1),)


def test_an_edit_makes_an_older_cards_approval_lose(db):
    charters.propose(db, proposal(), mail=None, at=NOW)
    assert charters.edit(db, "xhqgmdh", proposal(start=11), version=1, at=NOW)
    assert not approve(db, version=1)
    assert not charters.edit(db, "xhqgmdh", proposal(start=12), version=1, at=NOW)
    assert approve(db, version=2)


def test_a_corrected_booking_id_takes_the_card_along(db):
    charters.propose(db, proposal("mercury"), mail=None, at=NOW)
    posts.intend(db, Post(key="mercury:card", channel="C0CHARTERS", ts="1.2", intended_at=NOW))
    assert charters.edit(db, "mercury", proposal("xhqgmdh"), version=1, at=NOW)
    assert not charters.is_known(db, "mercury")
    found = overviews.overview(db, "xhqgmdh")
    assert found is not None
    assert found.card == Posted(channel="C0CHARTERS", ts="1.2")


def test_a_rejected_charter_cannot_be_approved(db):
    charters.propose(db, proposal(), mail=None, at=NOW)
    no = decision(approved=False)
    assert charters.reject(db, "xhqgmdh", version=1, decision=no)
    assert not approve(db, version=2)
    with pytest.raises(IllegalTransitionError):
        charters.finish(db, "xhqgmdh", state=State.PROPOSED, at=NOW)


def test_a_retry_begins_only_what_is_not_done(db):
    charters.propose(db, proposal(), mail=None, at=NOW)
    approve(db)
    charters.set_step(
        db, "xhqgmdh", "calendar", begun=True, state=StepState.DONE, artefact={"id": "1"}
    )
    charters.set_step(db, "xhqgmdh", "crew_event", begun=True, state=StepState.FAILED, what="401")
    assert charters.finish(db, "xhqgmdh", state=State.NEEDS_PERSON, at=NOW)
    assert charters.restart(db, "xhqgmdh", at=NOW) == 2
    assert charters.restart(db, "xhqgmdh", at=NOW) is None
    found = overviews.overview(db, "xhqgmdh")
    assert found is not None
    calendar, crew = found.steps
    assert (calendar.state, calendar.attempts) == (StepState.DONE, 1)
    assert (crew.state, crew.what, crew.attempts) == (StepState.WAITING, "", 1)


@pytest.mark.parametrize(
    ("start", "hours", "collides"),
    [(13, 3, True), (14, 3, False), (7, 2, False), (7, 3, True), (11, 1, True)],
)
def test_the_same_boat_too_close_is_a_conflict_turnaround_included(db, start, hours, collides):
    charters.propose(db, proposal(), mail=None, at=NOW)
    other = proposal("kxwgpzt", start, hours)
    charters.propose(db, other, mail=None, at=NOW)
    found = overviews.overview(db, "kxwgpzt")
    assert found is not None
    assert [c.booking_id for c in found.conflicts] == (["xhqgmdh"] if collides else [])


def test_a_rejected_neighbour_is_no_conflict(db):
    charters.propose(db, proposal(), mail=None, at=NOW)
    charters.reject(db, "xhqgmdh", version=1, decision=decision(approved=False))
    charters.propose(db, proposal("kxwgpzt"), mail=None, at=NOW)
    found = overviews.overview(db, "kxwgpzt")
    assert found is not None
    assert found.conflicts == ()


def test_what_slack_does_not_show_yet_is_known(db):
    charters.propose(db, proposal(), mail=None, at=NOW)
    assert overviews.unshown(db) == ("xhqgmdh",)
    charters.shown(db, "xhqgmdh", overviews.changed(db, "xhqgmdh"))
    assert overviews.unshown(db) == ()
    charters.touch(db, "xhqgmdh")
    assert overviews.unshown(db) == ("xhqgmdh",)


def test_a_near_miss_of_an_id_is_suggested(db):
    charters.propose(db, proposal(), mail=None, at=NOW)
    charters.propose(db, proposal("kxwgpzt"), mail=None, at=NOW)
    assert overviews.near(db, "XHQGMDG") == ("xhqgmdh",)
    assert overviews.near(db, "aaaaaaa") == ()


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_forget_what_was_done(engine, change):
    entry = audit.Entry(
        at=NOW, who="U0CAPTAIN", what="approved", booking_id="xhqgmdh", origin="click:1"
    )
    with engine.begin() as db:
        audit.add(db, entry)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as db:
        db.execute(sa.text(change))
    with engine.begin() as db:
        assert audit.of_booking(db, "xhqgmdh") == (entry,)
        assert audit.has(db, "click:1")
        assert not audit.has(db, "click:2")


def test_every_version_of_a_booking_is_kept(db):
    first, second = proposal().booking, proposal(start=12).booking
    mails.add_version(db, first, source="mail", mail_key=None, at=NOW)
    mails.add_version(db, second, source="U0CAPTAIN", mail_key=None, at=NOW)
    assert mails.versions(db, "xhqgmdh") == (first, second)


def test_an_operators_answer_about_a_listing_is_remembered_and_can_be_changed(db):
    mails.remember_boat(db, " Sail  the Bay ", "JADA", user="U0CAPTAIN", at=NOW)
    mails.remember_boat(db, "sail the bay", "ORCA", user="U0CAPTAIN", at=NOW)
    assert mails.remembered(db) == (("sail the bay", "ORCA"),)


def test_a_second_resend_within_a_minute_is_refused_and_does_not_count_itself(db):
    charters.propose(db, proposal(), mail=None, at=NOW)

    def begin(key: str, seconds: int):
        at = NOW + timedelta(seconds=seconds)
        work = FollowUp(
            key=key, booking_id="xhqgmdh", action="resend", user_id="U0CAPTAIN", started_at=at
        )
        return follow_ups.begin(db, work, not_within=timedelta(minutes=1))

    assert begin("a", 0) is None
    assert begin("b", 59) == Kept(earlier=NOW)
    assert begin("c", 60) is None


def test_a_posts_identity_survives_until_it_is_sent(db):
    post = Post(key="xhqgmdh:card", channel="C0CHARTERS", intended_at=NOW)
    posts.intend(db, post)
    assert posts.get(db, post.key) == post
    posts.sent(db, post.key, ts="1.2", digest="d", permalink="https://slack/1")
    found = posts.get(db, post.key)
    assert found is not None
    assert (found.ts, found.digest, found.permalink) == ("1.2", "d", "https://slack/1")


def test_a_time_without_a_zone_never_reaches_the_database(db):
    with pytest.raises(sa.exc.StatementError, match="without a zone"):
        charters.propose(db, proposal(), mail=None, at=datetime(2026, 1, 1))  # noqa: DTZ001


def shape(engine: sa.Engine) -> dict[str, object]:
    """All that a database's catalogue says of its tables and triggers."""
    inspector = sa.inspect(engine)
    found: dict[str, object] = {
        table: [
            sorted(
                ({**each, "type": str(each["type"])} for each in columns), key=itemgetter("name")
            ),
            inspector.get_pk_constraint(table),
            sorted(inspector.get_foreign_keys(table), key=itemgetter("name")),
            sorted(inspector.get_unique_constraints(table), key=itemgetter("name")),
            sorted(inspector.get_check_constraints(table), key=itemgetter("name")),
            sorted(inspector.get_indexes(table), key=itemgetter("name")),
        ]
        for table in inspector.get_table_names()
        if (columns := inspector.get_columns(table))
    }
    triggers = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, pg_get_triggerdef(pg_trigger.oid), prosrc "
        "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        found["triggers"] = sorted(map(tuple, connection.exec_driver_sql(triggers)))
    assert found["triggers"]
    return found


def test_migrations_and_tables_agree(engine):
    schema.revert(engine, "base")
    schema.migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, tables.metadata) == []


def test_migrations_go_back_and_forth_and_make_what_a_new_database_has(engine):
    new = shape(engine)
    schema.revert(engine, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    schema.migrate(engine)
    assert schema.current(engine) == schema.HEAD
    assert shape(engine) == new


def test_sqlite_keeps_what_it_accepted(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/x/charter.db")
    with engine.connect() as db:
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    engine.dispose()


def test_the_longest_booking_id_is_kept_whole(db):
    viators = "br-143709675112"
    assert as_booking_id(viators.upper()) == viators
    charters.propose(db, proposal(viators), mail=None, at=NOW)

    assert overviews.overview(db, viators).booking_id == viators
