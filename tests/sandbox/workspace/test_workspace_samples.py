"""The shelf's mails, as the bot reads them."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.domain.boat import Boat
from bot.mail.reader import read_bytes
from sandbox.workspace.samples import SHELF, Samples

BOATS = (
    Boat(
        name="JADA",
        listings=("Sail San Diego Bay aboard JADA",),
        time_zone="America/Los_Angeles",
        capacity=6,
    ),
)
NOW = datetime(2026, 7, 15, 18, 7, 31, tzinfo=UTC)


def read(name: str, now: datetime = NOW):
    return read_bytes(Samples(lambda: now).mail(name), name="shelf.eml", boats=BOATS)


@pytest.mark.parametrize("sample", SHELF, ids=lambda sample: sample.name)
def test_a_mail_on_the_shelf_is_read_as_its_title_says_and_is_sure(sample):
    reading = read(sample.name).as_json()
    assert reading["kind"] == sample.kind
    assert reading["unsure"] == []
    assert reading["missing"] == []


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 7, 18, 18, tzinfo=UTC),  # a Saturday
        datetime(2026, 11, 1, 12, tzinfo=UTC),  # hours after the clocks went back
        datetime(2027, 3, 14, 13, tzinfo=UTC),  # hours after they went forward
        datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    ],
    ids=str,
)
def test_fresh_bookings_are_where_they_say_from_now(now: datetime):
    saturday, under_way, ended = (
        read(name, now).booking for name in ("next_saturday", "under_way", "ended")
    )
    assert saturday.starts_at.strftime("%a %H:%M") == "Sat 10:00"
    assert timedelta() < saturday.starts_at - now < timedelta(days=8)
    assert timedelta(hours=1) <= now - under_way.starts_at < timedelta(hours=1, minutes=15)
    assert under_way.ends_at > now
    assert timedelta(hours=1) <= now - ended.ends_at < timedelta(hours=1, minutes=15)


def test_a_fresh_booking_is_another_one_each_time_it_is_forwarded():
    samples = Samples(lambda: NOW)
    ids = {
        read_bytes(samples.mail("next_saturday"), name="x.eml", boats=BOATS).booking.booking_id
        for _ in range(5)
    }
    assert len(ids) == 5


def test_hostile_text_is_read_to_the_letter():
    booking = read("hostile").booking
    for piece in ('<script>alert("x")</script>', "<!channel>", "<@U0CAPTAIN>", "שלום", "🎉"):
        assert piece in booking.renter
    assert "<script>" in read("hostile_listing").booking.listing


def test_two_forwards_of_a_fresh_booking_are_two_cards(page: httpx.Client, slack):
    before = len(slack.messages())
    for _ in range(2):
        posted = page.post("/workspace/samples/next_saturday", json={"channel": "C0CHARTERS"})
        assert posted.json()["ts"]
    cards = slack.wait_until(
        lambda seen: found if len(found := _cards(seen, before)) == 2 else None, 30, "two cards"
    )
    assert len({card.plain.split(".")[0] for card in cards}) == 2


def _cards(seen, before: int):
    return [m for m in seen.messages()[before:] if "Booking: " in m.plain and not m.is_reply]


def test_the_shelf_is_listed_in_order_and_each_mail_can_be_downloaded(page: httpx.Client):
    listed = page.get("/workspace/samples").json()
    assert [each["name"] for each in listed] == [sample.name for sample in SHELF]
    assert all(each["title"] and each["what"] for each in listed)
    mail = page.get("/workspace/samples/instant")
    assert mail.headers["Content-Type"] == "message/rfc822"
    assert b"Booking ID: xhqgmdh" in mail.content


def test_a_mail_that_is_not_there_is_refused_in_words(page: httpx.Client):
    refused = page.post("/workspace/samples/nothing", json={"channel": "C0CHARTERS"})
    assert refused.status_code == 409
    assert refused.json() == {"error": "There is no mail called nothing on the shelf."}
