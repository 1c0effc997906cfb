import hashlib
import json
import re

import jwt
import pytest

from sandbox.driver import SandboxError

pytestmark = pytest.mark.usefixtures("sandbox")


def link_in(mail: dict) -> str:
    return re.search(r"http\S+", mail["text"])[0]


def test_an_event_is_stored_and_its_crew_mailed_at_once(sandbox, crew, event):
    made = crew.post("/events", json=event)
    assert made.status_code == 201
    (stored,) = sandbox.crew_events("xhqgmdh")
    assert stored["event_id"] == made.json()["event_id"]
    assert [member["id"] for member in stored["crew"]] == ["captain", "crew_1"]
    assert stored["crew_tasks"] == ["Check fuel"]
    assert stored["duration_hours"] == 3.5
    assert sorted(mail["to"][0] for mail in sandbox.mails()) == [
        "captain@example.com",
        "crew.one@example.com",
    ]


def test_a_second_post_mails_the_crew_again(sandbox, crew, event):
    crew.post("/events", json=event)
    crew.post("/events", json=event)
    assert len(sandbox.crew_events("xhqgmdh")) == 2
    assert len(sandbox.mails("captain@example.com")) == 2


def test_a_magic_link_opens_its_own_event_for_its_own_member(sandbox, crew, event, web):
    event_id = crew.post("/events", json=event).json()["event_id"]
    link = link_in(sandbox.mails("crew.one@example.com")[0])
    assert f"/crew/event/{event_id}?" in link
    assert web.get(link).json()["crew_id"] == "crew_1"
    token = link.partition("magic_link=")[2]
    assert web.get(f"{crew.base_url}events/{event_id}", params={"magic_link": token}).is_success
    other = crew.post("/events", json=event).json()["event_id"]
    assert web.get(link.replace(event_id, other)).status_code == 403


def test_a_link_that_was_tampered_with_is_refused(sandbox, crew, event, web):
    event_id = crew.post("/events", json=event).json()["event_id"]
    forged = jwt.encode(
        {"crew_id": "captain", "event_id": event_id, "exp": 4102444800}, "x" * 32, "HS256"
    )
    page = f"{sandbox.urls['crew']}/crew/event/{event_id}"
    assert web.get(page, params={"magic_link": forged}).status_code == 403


def test_the_confirm_link_shows_the_checklist_and_answers_for_nobody(sandbox, crew, event, web):
    """Mail scanners and previews follow links; only a person presses a button."""
    event_id = crew.post("/events", json=event).json()["event_id"]
    token = link_in(sandbox.mails("captain@example.com")[0]).partition("magic_link=")[2]
    page = f"{sandbox.urls['crew']}/crew/event/{event_id}"
    declined = {"state": "declined"}
    web.post(f"{page}/answer", json=declined, headers={"Authorization": f"Bearer {token}"})
    before = sandbox.crew_events()
    asked = {"url": f"{page}/confirm", "params": {"token": token}}
    assert web.get(**asked).json() == web.get(page, params={"magic_link": token}).json()
    assert "Check fuel" in web.get(**asked, headers={"Accept": "text/html"}).text
    assert sandbox.crew_events() == before
    assert web.get(f"{page}/confirm", params={"token": "x"}).status_code == 403


def test_resending_mails_fresh_links(sandbox, crew, event):
    event_id = crew.post("/events", json=event).json()["event_id"]
    answer = crew.post(f"/events/{event_id}/resend")
    assert (answer.status_code, answer.json()) == (202, {"sent": 2})
    first, second = (link_in(mail) for mail in sandbox.mails("captain@example.com"))
    assert first != second


def test_events_are_found_by_booking_unless_the_deployment_cannot(sandbox, crew, event):
    event_id = crew.post("/events", json=event).json()["event_id"]
    found = crew.get("/events", params={"booking_id": "xhqgmdh"}).json()["events"]
    assert [each["event_id"] for each in found] == [event_id]
    sandbox.switch("crew", find_by_booking=False)
    try:
        assert crew.get("/events", params={"booking_id": "xhqgmdh"}).status_code == 404
    finally:
        sandbox.switch("crew", find_by_booking=True)


def test_an_event_is_changed_and_deleted_unless_the_deployment_cannot(sandbox, crew, event):
    event_id = crew.post("/events", json=event).json()["event_id"]
    sandbox.switch("crew", update=False, delete=False)
    try:
        assert crew.patch(f"/events/{event_id}", json={"notes": "n"}).status_code == 404
        assert crew.delete(f"/events/{event_id}").status_code == 404
    finally:
        sandbox.switch("crew", update=True, delete=True)
    assert crew.patch(f"/events/{event_id}", json={"notes": "new"}).json()["notes"] == "new"
    assert sandbox.crew_events()[0]["notes"] == "new"
    assert crew.delete(f"/events/{event_id}").status_code == 204
    assert sandbox.crew_events() == []


def test_crew_who_are_not_on_the_roster_are_refused(sandbox, crew, event):
    answer = crew.post("/events", json={**event, "crew_needed": ["captain", "nobody"]})
    assert answer.status_code == 400
    assert "nobody" in answer.json()["message"]
    assert (sandbox.crew_events(), sandbox.mails()) == ([], [])


def test_without_its_hash_it_lets_nobody_in_or_pretends(sandbox, crew, event):
    sandbox.unset_key_hash()
    try:
        assert crew.post("/events", json=event).status_code == 401
        sandbox.unset_key_hash(unset_answer=200)
        answer = crew.post("/events", json=event)
        assert (answer.status_code, answer.json()) == (200, {})
    finally:
        sandbox.restore_key_hash()
    assert (sandbox.crew_events(), sandbox.mails()) == ([], [])
    assert crew.post("/events", json=event).status_code == 201


@pytest.mark.parametrize(
    "style", ["x-service-key", "x-service-key-sha256", "authorization", "body"]
)
def test_the_key_is_shown_in_the_one_way_that_the_deployment_has(
    sandbox, service_key, event, style, web
):
    shown = {
        "x-service-key": ({"X-Service-Key": service_key}, {}),
        "x-service-key-sha256": (
            {"X-Service-Key-SHA256": hashlib.sha256(service_key.encode()).hexdigest()},
            {},
        ),
        "authorization": ({"Authorization": f"Bearer {service_key}"}, {}),
        "body": ({}, {"service_key": service_key}),
    }
    url = f"{sandbox.urls['crew']}/prod/events"
    sandbox.switch("crew", credential=style)
    try:
        for name, (headers, extra) in shown.items():
            answer = web.post(url, json={**event, **extra}, headers=headers)
            assert answer.status_code == (201 if name == style else 401)
    finally:
        sandbox.switch("crew", credential="x-service-key")
    assert "service_key" not in sandbox.crew_events()[0]


def test_a_key_rotated_in_the_service_alone_is_refused_until_the_secret_follows(
    sandbox, crew, event
):
    sandbox.rotate_service_key("service")
    assert crew.post("/events", json=event).status_code == 401
    sandbox.rotate_service_key()
    assert crew.post("/events", json=event).status_code == 401


def test_the_guest_confirms_and_the_captain_is_told(sandbox, crew, event, web):
    crew.post("/events", json=event)
    site = sandbox.urls["edge"]
    said = {"booking_id": "XHQGMDH", "guest_count": 3, "note": "One is vegetarian."}
    answer = web.post(f"{crew.base_url}g/confirm", json=said, headers={"Origin": site})
    assert answer.status_code == 202
    assert answer.headers["Access-Control-Allow-Origin"] == site
    assert sandbox.crew_events()[0]["guest_confirmation"]["guest_count"] == 3
    assert "vegetarian" in sandbox.mails("captain@example.com")[-1]["text"]


def test_another_site_is_not_listened_to(sandbox, crew, event, web):
    crew.post("/events", json=event)
    before, mails = sandbox.crew_events(), len(sandbox.mails())
    headers = {"Origin": "https://evil.test", "Content-Type": "text/plain"}
    preflight = web.options(f"{crew.base_url}g/confirm", headers=headers)
    assert "Access-Control-Allow-Origin" not in preflight.headers
    said = json.dumps({"booking_id": "XHQGMDH", "guest_count": 3, "note": "Hello"})
    for what in ("confirm", "presign"):
        answer = web.post(f"{crew.base_url}g/{what}", content=said, headers=headers)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert (sandbox.crew_events(), len(sandbox.mails())) == (before, mails)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("guest_count", "four"),
        ("guest_count", None),
        ("crew_tasks", "Check fuel"),
        ("start_time", "tomorrow"),
        ("crew", {"id": "captain"}),
        ("crew", [{"id": "captain"}]),
        ("photos", []),
        ("answers", []),
    ],
)
def test_a_change_of_another_type_is_refused(sandbox, crew, event, name, value):
    event_id = crew.post("/events", json=event).json()["event_id"]
    before = sandbox.crew_events()
    answer = crew.patch(f"/events/{event_id}", json={name: value, "notes": "new"})
    assert answer.status_code == 400
    assert {field.partition(".")[0] for field in answer.json()["fields"]} == {name}
    for body in ("[]", "{", "null"):
        assert crew.patch(f"/events/{event_id}", content=body).status_code == 400
    assert sandbox.crew_events() == before


def test_an_event_that_is_not_there_is_not_made_by_changing_it(sandbox):
    with pytest.raises(SandboxError, match="404"):
        sandbox.write_event_by_hand("scc-typo", notes="n")
    assert sandbox.crew_events() == []
