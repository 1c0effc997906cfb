import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import NeedsPerson, Refused, Unknown
from bot.domain.outgoing import CrewEvent
from bot.services.crew_service import ShipCaptainCrew

KEY = "canary-key"


class Table:
    """Stands where the look-up in the crew service's table stands; see test_crew_table for that."""

    def __init__(self) -> None:
        self.events: dict[str, str] = {}

    async def find(self, booking_id: str) -> str | None:
        return self.events.get(booking_id)


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def crew(http: Any, vault: Any, table: Table) -> Any:
    def make(credential: str = "x-service-key") -> ShipCaptainCrew:
        return ShipCaptainCrew(
            http,
            vault(key=KEY),
            key="env:key",
            credential=credential,  # type: ignore[arg-type]
            lookup=table,  # type: ignore[arg-type]
            crew_link="https://sailjada.example/crew/event/{event_id}",
            function="ShipCaptainCrew",
        )

    return make


@pytest.fixture
def event() -> CrewEvent:
    zone = ZoneInfo("America/Los_Angeles")
    return CrewEvent(
        event_name="JADA Sat 30 May",
        booking_id="xhqgmdh",
        calendar_entry_id="cal-1",
        start_time=datetime(2026, 5, 30, 10, tzinfo=zone),
        end_time=datetime(2026, 5, 30, 13, tzinfo=zone),
        duration_hours=3.0,
        guest_count=6,
        crew_needed=("captain", "crew_1"),
        crew_tasks=("Check fuel",),
        notes="Boatsetter booking XHQGMDH",
    )


async def test_an_event_is_posted_as_agreed(crew: Any, stand_in: Any, event: CrewEvent) -> None:
    stand_in.answers(201, {"event_id": "evt-1"})
    assert await crew().create(event) == "evt-1"
    (asked,) = stand_in.asked
    assert (asked.method, asked.path) == ("POST", "/prod/events")
    assert asked.json == {
        "event_name": "JADA Sat 30 May",
        "booking_id": "xhqgmdh",
        "calendar_entry_id": "cal-1",
        "start_time": "2026-05-30T10:00:00-07:00",
        "end_time": "2026-05-30T13:00:00-07:00",
        "duration_hours": 3.0,
        "guest_count": 6,
        "crew_needed": ["captain", "crew_1"],
        "crew_tasks": ["Check fuel"],
        "notes": "Boatsetter booking XHQGMDH",
    }


@pytest.mark.parametrize(
    ("credential", "header", "value"),
    [
        ("x-service-key", "X-Service-Key", KEY),
        ("x-service-key-sha256", "X-Service-Key-SHA256", hashlib.sha256(KEY.encode()).hexdigest()),
        ("authorization", "Authorization", f"Bearer {KEY}"),
    ],
)
async def test_the_key_travels_in_the_header_of_the_deployment(
    crew: Any, stand_in: Any, event: CrewEvent, credential: str, header: str, value: str
) -> None:
    stand_in.answers(201, {"event_id": "evt-1"})
    await crew(credential).create(event)
    (asked,) = stand_in.asked
    assert asked.headers[header] == value
    assert "service_key" not in asked.json
    assert sum(KEY in text for text in asked.headers.values()) == (KEY in value)


async def test_the_key_travels_in_the_body_of_the_deployment(
    crew: Any, stand_in: Any, table: Table, event: CrewEvent
) -> None:
    service = crew("body")
    stand_in.answers(201, {"event_id": "evt-1"})
    await service.create(event)
    stand_in.answers(202, {"sent": 2})
    assert await service.resend("evt-1") == 2
    table.events["xhqgmdh"] = "evt-1"
    assert await service.find("xhqgmdh") == "evt-1"
    assert [asked.json["service_key"] for asked in stand_in.asked] == [KEY, KEY]
    assert not any(KEY in text for asked in stand_in.asked for text in asked.headers.values())


async def test_401_points_at_the_hash_on_the_lambda_function(
    crew: Any, stand_in: Any, event: CrewEvent
) -> None:
    stand_in.answers(401, {})
    with pytest.raises(NeedsPerson, match="401") as told:
        await crew().create(event)
    assert "SERVICE_KEY_HASH is not set on the Lambda function ShipCaptainCrew" in told.value.hint


async def test_403_points_at_cloudfront(crew: Any, stand_in: Any, event: CrewEvent) -> None:
    stand_in.answers(403, "<html>")
    with pytest.raises(NeedsPerson, match="403") as told:
        await crew().create(event)
    assert "CloudFront" in told.value.hint
    assert "execute-api URL" in told.value.hint


@pytest.mark.parametrize("body", [{}, {"event_id": ""}, {"ok": True}])
async def test_200_and_nothing_is_unknown_and_names_the_likely_cause(
    crew: Any, stand_in: Any, event: CrewEvent, body: Any
) -> None:
    stand_in.answers(200, body)
    with pytest.raises(Unknown, match="without naming an event") as told:
        await crew().create(event)
    assert "SERVICE_KEY_HASH" in told.value.hint
    assert "ShipCaptainCrew" in told.value.hint


@pytest.mark.parametrize("fault", ["never_answers", "hangs_up"])
async def test_no_answer_to_a_post_is_unknown_and_not_repeated(
    crew: Any, stand_in: Any, event: CrewEvent, fault: str
) -> None:
    getattr(stand_in, fault)()
    with pytest.raises(Unknown):
        await crew().create(event)
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (200, {"events": []}, None),
        (200, {"events": [{"event_id": "evt-1"}]}, "evt-1"),
        (200, {"events": [{"event_id": "evt-1", "booking_id": "XHQGMDH"}]}, "evt-1"),
        (200, {"events": [{"event_id": "other", "booking_id": "abcdefg"}]}, None),
        (200, {"event_id": "evt-1", "booking_id": "xhqgmdh"}, "evt-1"),
        (200, {}, "evt-table"),
        (404, {}, "evt-table"),
        (405, {}, "evt-table"),
    ],
)
async def test_an_event_is_found_by_the_service_or_else_in_its_table(
    crew: Any, stand_in: Any, table: Table, status: int, body: Any, found: str | None
) -> None:
    table.events["xhqgmdh"] = "evt-table"
    stand_in.answers(status, body)
    assert await crew().find("XHQGMDH") == found
    assert stand_in.asked[0].query == {"booking_id": "xhqgmdh"}


async def test_resending_tells_how_many(crew: Any, stand_in: Any) -> None:
    stand_in.answers(202, {"sent": 3})
    assert await crew().resend("evt/1") == 3
    assert stand_in.asked[0].path == "/prod/events/evt%2F1/resend"


async def test_without_the_route_resending_names_the_other_way(crew: Any, stand_in: Any) -> None:
    stand_in.answers(404, {})
    with pytest.raises(NeedsPerson) as told:
        await crew().resend("evt-1")
    assert 'resend = "ses"' in told.value.hint


async def test_resending_without_a_number_is_unknown(crew: Any, stand_in: Any) -> None:
    stand_in.answers(202, {})
    with pytest.raises(Unknown):
        await crew().resend("evt-1")


def test_the_crew_link_holds_the_event(crew: Any) -> None:
    assert crew().crew_link("evt-1") == "https://sailjada.example/crew/event/evt-1"
    with pytest.raises(Refused):
        crew().crew_link("..")
