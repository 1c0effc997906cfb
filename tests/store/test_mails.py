"""Kept mails: what became of one is known even if the mail itself could not be had."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.domain.booking import Kind
from bot.store.queries import mails
from bot.store.queries.mails import Outcome, StoredMail

NOW = datetime(2026, 5, 14, 18, tzinfo=UTC)
UNREADABLE = Outcome(kind=Kind.UNRECOGNISED)
BOOKED = Outcome(kind=Kind.NEW, booking_id="xhqgmdh")


@pytest.fixture
def db(engine: sa.Engine):
    with engine.begin() as connection:
        yield connection


def mail(raw: bytes) -> StoredMail:
    return StoredMail(key="k", channel="C0", ts="1.0", user_id="U0", received_at=NOW, raw=raw)


def test_a_mail_that_was_never_kept_is_settled_all_the_same(db):
    mails.settle(db, mail(b"{}"), UNREADABLE, words="unreadable")
    assert mails.outcome(db, "k") == UNREADABLE
    assert mails.raw(db, "k") == b"{}"
    assert mails.latest(db, "C0") == "1.0"


def test_a_kept_mail_stays_as_it_came_when_it_is_settled(db):
    mails.keep(db, mail(b"whole"))
    assert mails.outcome(db, "k") is None
    mails.settle(db, mail(b"{}"), BOOKED, words="proposed")
    assert mails.raw(db, "k") == b"whole"
    assert mails.outcome(db, "k") == BOOKED


def test_what_is_read_anew_is_kept_in_place_of_what_could_not_be_read(db):
    mails.settle(db, mail(b"{}"), UNREADABLE, words="unreadable")
    mails.keep(db, mail(b"whole"))
    assert mails.raw(db, "k") == b"whole"
    mails.settle(db, mail(b"{}"), BOOKED, words="proposed")
    mails.keep(db, mail(b"another"))
    assert mails.raw(db, "k") == b"whole"
