"""Photographs: the crew's after the charter, and what guests are told when theirs are refused."""

from datetime import UTC, datetime, timedelta

import pytest
from crew_links import member

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 1000
PHOTO = {"file_name": "me & you.jpg", "mime_type": "image/jpeg", "file_size": len(JPEG)}


@pytest.fixture
def after(event):
    """The event of a charter that ended an hour ago."""
    end = datetime.now(UTC) - timedelta(hours=1)
    start = end - timedelta(hours=3)
    return {**event, "start_time": start.isoformat(), "end_time": end.isoformat()}


@pytest.fixture
def one(crew, web, sandbox, after):
    made = crew.post("/events", json=after).json()["event_id"]
    return member(web, sandbox, "crew.one@example.com", made)


def upload(web, signed, body=JPEG):
    return web.post(signed["url"], data=signed["fields"], files={"file": ("p.jpg", body)})


def test_crew_add_a_photo_and_the_others_see_it(sandbox, web, one):
    signed = one.posts("presign", PHOTO).json()
    assert signed["key"].startswith("uploads/xhqgmdh/crew/")
    assert upload(web, signed).status_code == 204
    kept = one.posts("photos", {"key": signed["key"], "file_name": PHOTO["file_name"]})
    assert kept.status_code == 201
    assert sandbox.object(signed["key"]) == JPEG
    assert one.reads()["photos"] == 1
    assert "me &amp; you.jpg" in one.opens().text


def test_a_photo_that_did_not_arrive_is_not_counted(sandbox, one):
    signed = one.posts("presign", PHOTO).json()
    said = {"key": signed["key"], "file_name": "a.jpg"}
    assert one.posts("photos", said).status_code == 409
    guests = {**said, "key": signed["key"].replace("/crew/", "/")}
    assert one.posts("photos", guests).status_code == 409
    assert "photos" not in sandbox.crew_events()[0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"file_size": 0}, "size"),
        ({"file_size": 60 * 1024 * 1024}, "size"),
        ({"mime_type": "application/x-msdownload"}, "type"),
        ({"file_name": ""}, "invalid"),
    ],
)
def test_what_is_no_photo_is_refused_by_its_reason(crew, web, one, changes, reason):
    answer = one.posts("presign", {**PHOTO, **changes})
    assert (answer.status_code, answer.json()["reason"]) == (400, reason)
    asked = {"booking_id": "XHQGMDH", **PHOTO, **changes}
    guests = web.post(f"{crew.base_url}g/presign", json=asked)
    assert (guests.status_code, guests.json()["reason"]) == (400, reason)
    assert guests.json()["message"]


def test_before_the_charters_end_crew_are_told_when_photos_open(sandbox, crew, web, event):
    made = crew.post("/events", json=event).json()["event_id"]
    one = member(web, sandbox, "crew.one@example.com", made)
    answer = one.posts("presign", PHOTO)
    assert (answer.status_code, answer.json()["reason"]) == (403, "early")
    assert answer.json()["opens_at"] == event["end_time"]
    assert "1:00 PM PDT" in one.opens().text


def test_after_the_cut_off_crew_are_told_so(sandbox, one):
    sandbox.switch("crew", photo_grace_hours=0.5)
    try:
        assert one.posts("presign", PHOTO).json()["reason"] == "closed"
        assert "closed on" in one.opens().text
    finally:
        sandbox.switch("crew", photo_grace_hours=24)


def test_guests_are_told_the_services_time(sandbox, crew, web):
    headers = {"Origin": sandbox.urls["edge"]}
    asked = {"booking_id": "aaaaaaa", **PHOTO}
    answer = web.post(f"{crew.base_url}g/presign", json=asked, headers=headers)
    assert (answer.status_code, answer.json()["reason"]) == (403, "closed")
    away = datetime.now(UTC) - datetime.fromisoformat(answer.json()["now"])
    assert abs(away) < timedelta(seconds=30)
    assert answer.headers["Access-Control-Expose-Headers"] == "Date"
    said = {"booking_id": "aaaaaaa", "guest_count": 2}
    assert web.post(f"{crew.base_url}g/confirm", json=said).json()["reason"] == "closed"


def test_other_deployments_take_guests_photos_after_the_charter_alone(sandbox, crew, web, event):
    crew.post("/events", json=event)
    asked = {"booking_id": "XHQGMDH", **PHOTO}
    assert web.post(f"{crew.base_url}g/presign", json=asked).status_code == 200
    sandbox.switch("crew", photos_open="after")
    try:
        answer = web.post(f"{crew.base_url}g/presign", json=asked)
    finally:
        sandbox.switch("crew", photos_open="any")
    assert (answer.status_code, answer.json()["reason"]) == (403, "early")
    assert answer.json()["opens_at"] == event["end_time"]
