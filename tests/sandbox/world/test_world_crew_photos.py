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
    assert signed["key"].startswith(f"uploads/xhqgmdh/crew/{sandbox.crew_events()[0]['event_id']}/")
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


def test_a_photo_stays_whose_it_is(sandbox, crew, web, one):
    signed = one.posts("presign", PHOTO).json()
    upload(web, signed)
    said = {"key": signed["key"], "file_name": "mine.jpg"}
    assert one.posts("photos", said).status_code == 201
    event_id = sandbox.crew_events()[0]["event_id"]
    captain = member(web, sandbox, "captain@example.com", event_id)
    assert captain.posts("photos", said | {"file_name": "his.jpg"}).status_code == 200
    [kept] = sandbox.crew_events()[0]["photos"].values()
    assert (kept["by"], kept["name"]) == ("Crew One", "mine.jpg")


def test_there_is_a_most_of_photos_and_a_last_moment(sandbox, crew, web, one):
    signed = [one.posts("presign", PHOTO).json() for _ in range(2)]
    for each in signed:
        upload(web, each)
    said = [{"key": each["key"], "file_name": "a.jpg"} for each in signed]
    sandbox.switch("crew", photo_grace_hours=0.5)
    try:
        assert one.posts("photos", said[0]).json()["reason"] == "closed"
    finally:
        sandbox.switch("crew", photo_grace_hours=24)
    assert "photos" not in sandbox.crew_events()[0]
    event_id = sandbox.crew_events()[0]["event_id"]
    photo = {"name": "a.jpg", "by": "Crew One", "at": "2026-05-30T10:00:00-07:00", "size": 3}
    sandbox.write_event_by_hand(event_id, photos={str(n): photo for n in range(199)})
    assert one.posts("photos", said[0]).status_code == 201
    answer = one.posts("photos", said[1])
    assert (answer.status_code, answer.json()["reason"]) == (409, "full")
    assert one.posts("presign", PHOTO).json()["reason"] == "full"
    assert len(sandbox.crew_events()[0]["photos"]) == 200


def test_events_without_a_booking_have_folders_of_their_own(sandbox, web, one):
    event_id = sandbox.crew_events()[0]["event_id"]
    sandbox.write_event_by_hand(event_id, booking_id="-")
    signed = one.posts("presign", PHOTO).json()
    assert signed["key"].startswith(f"uploads/event/crew/{event_id}/")
    upload(web, signed)
    said = {"key": signed["key"], "file_name": "a.jpg"}
    strange = said | {"key": signed["key"].replace(event_id, "scc-another")}
    assert one.posts("photos", strange).status_code == 409
    assert one.posts("photos", said).status_code == 201


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
