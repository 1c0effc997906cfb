import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer

from bot.domain.errors import Refused
from bot.services.aws import AwsAccounts
from bot.services.crew_table import DynamoCrewTable
from bot.services.dynamo import BookingLookup
from bot.services.ports import LostRace


class Stored:
    """The crew service's table, as its own service writes it."""

    def __init__(self, emulator: Any, name: str, *, index: bool) -> None:
        self.name = name
        self.dynamodb = emulator.admin("dynamodb", emulator.crew)
        names = ["event_id", "booking_id"] if index else ["event_id"]
        indexes = {
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "booking_id-index",
                    "KeySchema": [{"AttributeName": "booking_id", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ]
        }
        self.dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "event_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
            BillingMode="PAY_PER_REQUEST",
            **(indexes if index else {}),
        )

    def put(self, **item: Any) -> None:
        serialize = TypeSerializer().serialize
        self.dynamodb.put_item(
            TableName=self.name, Item={name: serialize(value) for name, value in item.items()}
        )


@pytest.fixture
def stored(emulator: Any) -> Any:
    tables: list[Stored] = []

    def make(*, index: bool = False) -> Stored:
        tables.append(Stored(emulator, f"scc-events-{len(tables)}", index=index))
        return tables[-1]

    yield make
    for table in tables:
        table.dynamodb.delete_table(TableName=table.name)


@pytest.fixture
def dynamodb(accounts: AwsAccounts, emulator: Any) -> Any:
    return accounts.client("dynamodb", emulator.role(emulator.crew))


@pytest.mark.parametrize(
    "notes",
    ['{"payout": "840.75"}', "Owner gets $840.75", {"payout": Decimal("840.75"), "a": [1]}, None],
)
async def test_notes_of_every_shape_are_read_and_replaced(
    stored: Any, dynamodb: Any, notes: Any
) -> None:
    kept = stored()
    kept.put(event_id="evt-1", booking_id="xhqgmdh", **({} if notes is None else {"notes": notes}))
    table = DynamoCrewTable(dynamodb, kept.name)
    seen = await table.get("evt-1")
    assert seen is not None
    assert seen.notes == notes
    for clean in ("prose", {"left": 1.5}, None):
        await table.replace_notes("evt-1", seen=seen.notes, notes=clean)
        seen = await table.get("evt-1")
        assert seen is not None
        assert seen.notes == clean


async def test_notes_that_are_null_are_taken_for_none(stored: Any, dynamodb: Any) -> None:
    kept = stored()
    kept.put(event_id="evt-1", notes=None)
    table = DynamoCrewTable(dynamodb, kept.name)
    await table.replace_notes("evt-1", seen=None, notes="prose")
    assert (await table.get("evt-1")).notes == "prose"  # type: ignore[union-attr]


@pytest.mark.parametrize("seen", ["old", {"old": 1}, None])
async def test_notes_that_changed_meanwhile_are_left_alone(
    stored: Any, dynamodb: Any, seen: Any
) -> None:
    kept = stored()
    kept.put(event_id="evt-1", notes="captain's own words")
    table = DynamoCrewTable(dynamodb, kept.name)
    with pytest.raises(LostRace):
        await table.replace_notes("evt-1", seen=seen, notes="clean")
    assert (await table.get("evt-1")).notes == "captain's own words"  # type: ignore[union-attr]


async def test_of_many_who_saw_the_same_notes_one_writes(stored: Any, dynamodb: Any) -> None:
    kept = stored()
    kept.put(event_id="evt-1", notes="seen")
    table = DynamoCrewTable(dynamodb, kept.name)
    ended = await asyncio.gather(
        *(table.replace_notes("evt-1", seen="seen", notes=f"by {n}") for n in range(8)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in ended) == ["LostRace"] * 7 + ["NoneType"]
    assert (await table.get("evt-1")).notes == f"by {ended.index(None)}"  # type: ignore[union-attr]


async def test_an_event_that_is_gone_is_not_made_again(stored: Any, dynamodb: Any) -> None:
    table = DynamoCrewTable(dynamodb, stored().name)
    with pytest.raises(LostRace):
        await table.replace_notes("evt-1", seen=None, notes="clean")
    assert await table.get("evt-1") is None


@pytest.mark.parametrize(
    "crew",
    [
        [{"crew_id": "captain", "email": "c@example.com"}],
        {"captain": {"email": "c@example.com"}},
        json.dumps([{"crew_id": "captain", "email": "c@example.com"}]),
    ],
)
async def test_the_crew_is_read_however_it_is_stored(stored: Any, dynamodb: Any, crew: Any) -> None:
    kept = stored()
    kept.put(event_id="evt-1", event_name="JADA Sat 30 May", crew=crew)
    event = await DynamoCrewTable(dynamodb, kept.name).get("evt-1")
    assert event is not None
    assert event.crew == ({"crew_id": "captain", "email": "c@example.com"},)
    assert event.name == "JADA Sat 30 May"


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("spelling", ["xhqgmdh", "XHQGMDH"])
async def test_an_event_is_found_by_its_booking(
    stored: Any, dynamodb: Any, spelling: str, *, index: bool
) -> None:
    kept = stored(index=index)
    lookup = BookingLookup(dynamodb, kept.name, "event_id")
    kept.put(event_id="other", booking_id="abcdefg")
    assert await lookup.find("xhqgmdh") is None
    kept.put(event_id="evt-1", booking_id=spelling)
    assert await lookup.find("Xhqgmdh") == "evt-1"


async def test_an_event_beyond_the_first_page_of_a_scan_is_found(
    stored: Any, dynamodb: Any, log: Any
) -> None:
    kept = stored()
    lookup = BookingLookup(dynamodb, kept.name, "event_id")
    for n in range(4):
        kept.put(event_id=f"evt-{n}", booking_id=f"abcdef{n}", filler="x" * 390_000)
    for n in range(4):
        assert await lookup.find(f"abcdef{n}") == f"evt-{n}"
    assert log.getvalue().count('"scan"') > 4, "pages hold one megabyte, so some took two"


async def test_what_is_no_booking_id_is_not_looked_up(dynamodb: Any, log: Any) -> None:
    with pytest.raises(Refused):
        await BookingLookup(dynamodb, "scc-events", "event_id").find("*")
    assert not log.getvalue()
