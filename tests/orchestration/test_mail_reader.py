"""From a file in Slack to a reading whose sender is proved, or not, over real DNS and processes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hostile_work
import pytest
from orchestration_fakes import NOW
from signing import INSTANT, Signer

from bot.domain.boat import Boat
from bot.domain.booking import Kind
from bot.domain.errors import Retriable
from bot.domain.sender import Proof
from bot.mail.unreadable import Unreadable
from bot.orchestration import mail_reader
from bot.orchestration.mail_reader import MailReader
from bot.orchestration.mailbag import Mailbag
from bot.orchestration.quarantine import Bounds, Quarantine
from bot.services.text_records import DnsTextRecords
from bot.store.queries import mails
from bot.store.queries.mails import StoredMail
from bot.store.store import Store
from sandbox.names import NameServer

BOATS = (
    Boat(
        name="JADA",
        listings=("Sail San Diego Bay aboard JADA",),
        time_zone="America/Los_Angeles",
        capacity=6,
    ),
)
FORWARD = Path(__file__).parents[2] / "sandbox/samples/1-xhqgmdh-instant-gmail.eml"
SIGNER = Signer()


class Downloads:
    """Slack, of which only the download is asked."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    async def download(self, _url: str, *, limit: int) -> bytes:
        assert len(self.raw) <= limit
        return self.raw


class NoNetwork:
    async def of(self, _name: str) -> tuple[bytes, ...]:
        raise Retriable("The name servers do not answer.")


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    server = await NameServer.start()
    yield server
    server.close()


def bag(store: Store, raw: bytes, text_records, seconds: float = 10) -> Mailbag:
    reader = MailReader(Quarantine(Bounds(seconds=seconds)), text_records)
    return Mailbag(store, Downloads(raw), lambda: NOW, reader)


def dropped(**more) -> dict:
    """A message with an `.eml`."""
    file = {"id": "F1", "name": "x.eml", "preview": "From: B", "url_private": "https://x"}
    ts = f"{NOW.timestamp():.6f}"
    return {"key": "k", "channel": "C1", "ts": ts, "user": "U1", "file": file, "text": None} | more


async def test_a_signed_mail_is_verified_with_the_key_that_its_domain_publishes(store, names):
    names.publish(SIGNER.key_name, SIGNER.record)
    signed = SIGNER.signed(INSTANT)
    reading = await bag(store, signed, DnsTextRecords(names.address)).read(dropped(), BOATS)
    assert (reading.kind, reading.booking.booking_id) == (Kind.NEW, "xhqgmdh")
    assert reading.booking.starts_at == datetime(2026, 5, 30, 17, tzinfo=UTC)
    assert reading.sender.why == "signed by mail.boatsetter.com"
    assert reading.sender.proof is Proof.VERIFIED
    assert names.asked == [SIGNER.key_name]
    assert await store.read(mails.raw, "k") == signed


async def test_a_changed_mail_is_read_and_said_to_be_changed(store, names):
    names.publish(SIGNER.key_name, SIGNER.record)
    raw = SIGNER.signed(INSTANT).replace(b"$840.75", b"$90.00")
    reading = await bag(store, raw, DnsTextRecords(names.address)).read(dropped(), BOATS)
    assert (reading.kind, reading.sender.proof) == (Kind.NEW, Proof.FAILED)


async def test_a_key_that_is_not_there_proves_nothing_either_way(store, names):
    raw = SIGNER.signed(INSTANT)
    reading = await bag(store, raw, DnsTextRecords(names.address)).read(dropped(), BOATS)
    assert reading.sender.proof is Proof.UNTOLD
    assert "not published" in reading.sender.why


async def test_without_a_network_the_booking_is_read_all_the_same(store):
    raw = SIGNER.signed(INSTANT)
    reading = await bag(store, raw, NoNetwork()).read(dropped(), BOATS)
    assert (reading.kind, reading.sender.proof) == (Kind.NEW, Proof.UNTOLD)
    assert "could not be looked up" in reading.sender.why


async def test_an_expiry_counts_against_the_moment_that_slack_got_the_mail(store, names):
    names.publish(SIGNER.key_name, SIGNER.record)
    expiry = int((NOW + timedelta(hours=1)).timestamp())
    raw = Signer(tags={b"x": str(expiry).encode()}).signed(INSTANT)
    mailbag = bag(store, raw, DnsTextRecords(names.address))
    in_time = await mailbag.read(dropped(), BOATS)
    late = await mailbag.read(dropped(ts=f"{expiry + 1}.000100"), BOATS)
    assert (in_time.sender.proof, late.sender.proof) == (Proof.VERIFIED, Proof.UNTOLD)


async def test_for_a_mail_that_came_by_http_it_counts_against_the_moment_that_it_came(store, names):
    """However long after it is worked on."""
    names.publish(SIGNER.key_name, SIGNER.record)
    expiry = NOW - timedelta(hours=1)
    raw = Signer(tags={b"x": str(int(expiry.timestamp())).encode()}).signed(INSTANT)
    proofs = []
    for key, came in (("in time", expiry - timedelta(hours=1)), ("late", expiry + timedelta(1))):
        mail = {"key": key, "channel": "C1", "ts": "", "user_id": "http"}
        await store.write(mails.keep, StoredMail(**mail, received_at=came, raw=raw))
        mailbag = bag(store, b"", DnsTextRecords(names.address))
        reading = await mailbag.read(dropped(key=key, ts="", file=None), BOATS)
        proofs.append(reading.sender.proof)
    assert proofs == [Proof.VERIFIED, Proof.UNTOLD]


async def test_a_forward_asks_no_name_server(store, names):
    forward = FORWARD.read_bytes()
    reading = await bag(store, forward, DnsTextRecords(names.address)).read(dropped(), BOATS)
    assert reading.kind is Kind.NEW
    assert reading.sender.why == "a forwarded mail does not prove who wrote it"
    assert names.asked == []


async def test_pasted_words_and_what_slack_took_apart_are_read_there_too(store):
    text = INSTANT.decode().split("\n\n", 1)[1]
    pasted = await bag(store, b"", NoNetwork()).read(dropped(file=None, text=text), BOATS)
    told = {"id": "F1", "mode": "email", "plain_text": text, "subject": "Fwd: x"}
    apart = await bag(store, b"", NoNetwork()).read(dropped(file=told), BOATS)
    assert pasted.booking.booking_id == apart.booking.booking_id == "xhqgmdh"
    assert {pasted.sender.proof, apart.sender.proof} == {Proof.UNTOLD}


async def test_a_mail_whose_reading_never_ends_is_kept_and_unreadable(store, monkeypatch, tmp_path):
    monkeypatch.setattr(mail_reader, "read_mail", hostile_work.for_ever_here)
    raw = str(tmp_path / "pid").encode()
    with pytest.raises(Unreadable, match="too long"):
        await bag(store, raw, NoNetwork(), seconds=2).read(dropped(), BOATS)
    assert await store.read(mails.raw, "k") == raw


async def test_a_signature_whose_check_breaks_costs_the_proof_and_not_the_booking(
    store, monkeypatch, names
):
    names.publish(SIGNER.key_name, SIGNER.record)
    monkeypatch.setattr(mail_reader, "judged_reading", hostile_work.killed_by)
    raw = SIGNER.signed(INSTANT)
    reading = await bag(store, raw, DnsTextRecords(names.address)).read(dropped(), BOATS)
    assert reading.booking.booking_id == "xhqgmdh"
    assert reading.sender.why == "its signature could not be checked"
