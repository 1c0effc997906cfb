import json
import time


def test_a_posted_entry_is_stored_and_found(sandbox, dashboard, entry):
    made = dashboard.post("/events", json=entry)
    assert made.status_code == 201
    found = dashboard.get("/events", params={"booking_id": "xhqgmdh"}).json()["events"]
    assert found == [{**entry, "id": made.json()["id"]}]
    assert sandbox.calendar_entries("xhqgmdh") == found


def test_a_second_post_makes_a_second_entry(sandbox, dashboard, entry):
    first, second = (dashboard.post("/events", json=entry).json()["id"] for _ in range(2))
    assert first != second
    assert len(sandbox.calendar_entries("xhqgmdh")) == 2


def test_a_wrong_token_is_401(sandbox, dashboard, entry):
    answer = dashboard.post("/events", json=entry, headers={"X-Dashboard-Token": "wrong"})
    assert answer.status_code == 401
    assert sandbox.calendar_entries() == []


def test_an_entry_without_its_date_is_refused(sandbox, dashboard, entry):
    answer = dashboard.post("/events", json={**entry, "charter_date": "30 May"})
    assert (answer.status_code, answer.json()["fields"]) == (400, ["charter_date"])
    assert sandbox.calendar_entries() == []


def test_an_entry_is_changed_and_deleted(sandbox, dashboard, entry):
    entry_id = dashboard.post("/events", json=entry).json()["id"]
    assert dashboard.put(f"/events/{entry_id}", json={"guest_count": 5}).status_code == 200
    assert sandbox.calendar_entries()[0]["guest_count"] == 5
    assert dashboard.delete(f"/events/{entry_id}").status_code == 204
    assert sandbox.calendar_entries() == []


def test_a_deployment_may_lack_the_look_up_and_the_changes(sandbox, dashboard, entry):
    entry_id = dashboard.post("/events", json=entry).json()["id"]
    sandbox.switch("calendar", find_by_booking=False, update=False, delete=False)
    try:
        assert dashboard.get("/events", params={"booking_id": "x"}).status_code == 404
        assert dashboard.put(f"/events/{entry_id}", json=entry).status_code == 404
        assert dashboard.delete(f"/events/{entry_id}").status_code == 404
    finally:
        sandbox.switch("calendar", find_by_booking=True, update=True, delete=True)


def test_the_years_file_appears_in_the_houses_bucket(sandbox, dashboard, entry):
    dashboard.post("/events", json=entry)
    until = time.monotonic() + 5
    while (body := sandbox.object("calendar/2026.json", "sailjada.com")) is None:
        assert time.monotonic() < until
    assert json.loads(body)["events"][0]["booking_id"] == "xhqgmdh"


def test_a_rotated_token_is_in_the_secret_at_once(sandbox, bot, dashboard, entry, web):
    sandbox.rotate_dashboard_token()
    assert dashboard.post("/events", json=entry).status_code == 401
    held = bot.client("secretsmanager").get_secret_value(SecretId="charter/jada")
    token = json.loads(held["SecretString"])["dashboard_token"]
    url = f"{sandbox.urls['calendar']}/prod/calendar/events"
    assert web.post(url, json=entry, headers={"X-Dashboard-Token": token}).status_code == 201
