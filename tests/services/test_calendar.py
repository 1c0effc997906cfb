from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import NeedsPerson, Refused, Unknown
from bot.domain.outgoing import CalendarEntry
from bot.services.aws import AwsAccounts
from bot.services.calendar import JadaCalendar
from bot.services.dynamo import BookingLookup

SAN_DIEGO = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def entry() -> CalendarEntry:
    return CalendarEntry(
        booking_id="xhqgmdh",
        title="JADA charter XHQGMDH",
        starts_at=datetime(2026, 5, 30, 10, tzinfo=SAN_DIEGO).astimezone(ZoneInfo("UTC")),
        ends_at=datetime(2026, 5, 30, 13, tzinfo=SAN_DIEGO),
        time_zone="America/Los_Angeles",
        guest_count=6,
        source="boatsetter",
        notes="Boatsetter booking XHQGMDH",
    )


@pytest.fixture
def table(emulator: Any) -> Iterator[Any]:
    """A calendar table in the crew account, whose role may scan; its key is the entry's id."""
    dynamodb = emulator.admin("dynamodb", emulator.crew)
    dynamodb.create_table(
        TableName="JadaCalendar-Prod",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield dynamodb
    dynamodb.delete_table(TableName="JadaCalendar-Prod")


@pytest.fixture
def calendar(http: Any, vault: Any, accounts: AwsAccounts, emulator: Any) -> JadaCalendar:
    lookup = BookingLookup(
        accounts.client("dynamodb", emulator.role(emulator.crew)), "JadaCalendar-Prod", "id"
    )
    return JadaCalendar(http, vault(token="canary"), token="env:token", lookup=lookup)


async def test_an_entry_is_posted_in_the_boats_local_time(
    calendar: JadaCalendar, stand_in: Any, entry: CalendarEntry
) -> None:
    stand_in.answers(201, {"id": "cal-1"})
    assert await calendar.create(entry) == "cal-1"
    (asked,) = stand_in.asked
    assert (asked.method, asked.path) == ("POST", "/prod/calendar/events")
    assert asked.headers["X-Dashboard-Token"] == "canary"
    assert asked.json == {
        "booking_id": "xhqgmdh",
        "charter_date": "2026-05-30",
        "charter_start": "10:00",
        "charter_end": "13:00",
        "guest_count": 6,
        "source": "boatsetter",
        "type": "boatsetter_charter",
        "notes": "Boatsetter booking XHQGMDH",
    }


@pytest.mark.parametrize("body", [{}, {"id": ""}, "<html>"])
async def test_an_answer_without_an_id_is_unknown(
    calendar: JadaCalendar, stand_in: Any, entry: CalendarEntry, body: Any
) -> None:
    stand_in.answers(200, body)
    with pytest.raises(Unknown):
        await calendar.create(entry)


async def test_a_posting_without_the_route_needs_a_person(
    calendar: JadaCalendar, stand_in: Any, entry: CalendarEntry
) -> None:
    stand_in.answers(404, {})
    with pytest.raises(NeedsPerson, match="no such address"):
        await calendar.create(entry)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([], None),
        ([{"id": "cal-1"}], "cal-1"),
        ([{"id": 17, "booking_id": "XHQGMDH"}], "17"),
        ([{"id": "other", "booking_id": "abcdefg"}], None),
    ],
)
async def test_an_entry_is_found_by_its_booking(
    calendar: JadaCalendar, stand_in: Any, events: list[Any], found: str | None
) -> None:
    stand_in.answers(200, {"events": events})
    assert await calendar.find("XHQGMDH") == found
    assert stand_in.asked[0].query == {"booking_id": "xhqgmdh"}


@pytest.mark.parametrize("status", [404, 405])
async def test_without_a_route_to_find_by_the_table_is_read(
    calendar: JadaCalendar, stand_in: Any, table: Any, status: int
) -> None:
    stand_in.answers(status, {})
    assert await calendar.find("xhqgmdh") is None
    item = {"id": {"S": "cal-9"}, "booking_id": {"S": "xhqgmdh"}}
    table.put_item(TableName="JadaCalendar-Prod", Item=item)
    assert await calendar.find("xhqgmdh") == "cal-9"


async def test_a_rotated_token_is_read_again(
    http: Any, vault: Any, stand_in: Any, entry: CalendarEntry
) -> None:
    held = vault(token="old")
    await held.get("env:token")
    held.values["token"] = "new"
    stand_in.answers_in_turn((401, {}), (201, {"id": "cal-1"}))
    calendar = JadaCalendar(http, held, token="env:token", lookup=None)  # type: ignore[arg-type]
    assert await calendar.create(entry) == "cal-1"
    assert [asked.headers["X-Dashboard-Token"] for asked in stand_in.asked] == ["old", "new"]


async def test_what_is_no_booking_id_is_not_asked_for(
    calendar: JadaCalendar, stand_in: Any
) -> None:
    with pytest.raises(Refused):
        await calendar.find("xhqgmdh&booking_id=abcdefg")
    assert not stand_in.asked
