"""Every fault switch has the effect that it says it has, and the once-faults end by themselves."""

import time

import httpx
import pytest

from sandbox.driver import Sandbox

SHORT = httpx.Timeout(5, read=2)


class Panel:
    """The switches of the page."""

    def __init__(self, page: httpx.Client) -> None:
        self._page = page

    def all(self) -> dict[str, dict]:
        return {each["id"]: each for each in self._page.get("/workspace/faults").json()}

    def turn(self, fault: str, *, on: bool = True) -> None:
        told = self._page.put(f"/workspace/faults/{fault}", json={"on": on})
        assert told.json()["on"] is on
        assert self.all()[fault]["on"] is on

    def is_on(self, fault: str) -> bool:
        return self.all()[fault]["on"]


@pytest.fixture
def panel(page: httpx.Client):
    panel = Panel(page)
    yield panel
    for fault, shown in panel.all().items():
        if shown["on"]:
            panel.turn(fault, on=False)


def test_every_fault_is_off_at_first_and_says_what_it_does(panel: Panel):
    for fault in panel.all().values():
        assert fault["label"]
        assert fault["what"].endswith(".")
        assert fault["on"] is False
    once = {name for name, fault in panel.all().items() if fault["kind"] == "once"}
    assert once == {"crew_timeout_after", "calendar_timeout_after", "slack_429", "slack_down"}


def test_key_hash_missing(panel: Panel, crew: httpx.Client):
    panel.turn("key_hash_missing")
    assert crew.get("/events", params={"booking_id": "xhqgmdh"}).status_code == 401
    panel.turn("key_hash_missing", on=False)
    assert crew.get("/events", params={"booking_id": "xhqgmdh"}).is_success


def test_crew_slow(panel: Panel, crew: httpx.Client):
    panel.turn("crew_slow")
    with pytest.raises(httpx.ReadTimeout):
        crew.get("/events/none", timeout=SHORT)
    panel.turn("crew_slow", on=False)
    crew.get("/events/none", timeout=SHORT)


@pytest.mark.parametrize("fault", ["crew_down", "calendar_down"])
def test_a_service_that_is_down(panel: Panel, crew, dashboard, fault: str):
    def asked() -> httpx.Response:
        if fault == "crew_down":
            return crew.get("/events", params={"booking_id": "xhqgmdh"})
        return dashboard.get("", params={"booking_id": "xhqgmdh"})

    panel.turn(fault)
    assert [asked().status_code for _ in range(3)] == [503] * 3
    assert panel.is_on(fault)
    panel.turn(fault, on=False)
    assert asked().status_code != 503


def test_crew_timeout_after(panel: Panel, crew: httpx.Client, event, sandbox: Sandbox):
    panel.turn("crew_timeout_after")
    with pytest.raises(httpx.ReadTimeout):
        crew.post("/events", json=event, timeout=SHORT)
    assert len(sandbox.crew_events("xhqgmdh")) == 1
    assert not panel.is_on("crew_timeout_after")
    assert crew.post("/events", json=event).status_code == 201


def test_calendar_timeout_after(panel: Panel, dashboard, entry, sandbox: Sandbox):
    panel.turn("calendar_timeout_after")
    with pytest.raises(httpx.ReadTimeout):
        dashboard.post("/events", json=entry, timeout=SHORT)
    assert len(sandbox.calendar_entries("xhqgmdh")) == 1
    assert not panel.is_on("calendar_timeout_after")


def test_cdn_slow(panel: Panel, sandbox: Sandbox):
    url = f"{sandbox.urls['edge']}/g/nothing"
    panel.turn("cdn_slow")
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(url, timeout=SHORT)
    panel.turn("cdn_slow", on=False)
    assert httpx.get(url, timeout=SHORT).status_code == 404


def _post(sandbox: Sandbox, method: str, **arguments: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {sandbox.env['SLACK_BOT_TOKEN']}"}
    return httpx.post(sandbox.env["SLACK_API_URL"] + method, json=arguments, headers=headers)


def test_slack_429(panel: Panel, sandbox: Sandbox):
    say = {"channel": "C0YARD", "text": "Ahoy"}
    ts = _post(sandbox, "chat.postMessage", **say).json()["ts"]
    panel.turn("slack_429")
    assert _post(sandbox, "users.info", user="U0CREW").status_code == 200
    methods = ["chat.postMessage", "chat.update"] * 3
    answers = [_post(sandbox, method, ts=ts, **say) for method in methods]
    assert [answer.status_code for answer in answers] == [429] * 5 + [200]
    assert {answer.headers["Retry-After"] for answer in answers[:5]} == {"1"}
    assert not panel.is_on("slack_429")


def test_slack_429_can_be_taken_back(panel: Panel, sandbox: Sandbox):
    panel.turn("slack_429")
    panel.turn("slack_429", on=False)
    assert _post(sandbox, "chat.postMessage", channel="C0YARD", text="Ahoy").status_code == 200


def test_slack_down(panel: Panel, sandbox: Sandbox, snapshot, listen):
    sandbox.slack.wait_until_connected()
    with listen("U0CREW") as stream:
        panel.turn("slack_down")
        away = stream.until(lambda change: change["kind"] == "bot")["bot"]
        assert (away["state"], away["connections"]) == ("away", 0)
        began = time.monotonic()
        stream.until(lambda change: change["kind"] == "bot" and change["bot"]["state"] == "ready")
        assert time.monotonic() - began > 5
    assert not panel.is_on("slack_down")


def test_no_lookup(panel: Panel, crew: httpx.Client, dashboard: httpx.Client):
    query = {"booking_id": "xhqgmdh"}
    assert crew.get("/events", params=query).is_success
    assert dashboard.get("/events", params=query).is_success
    panel.turn("no_lookup")
    assert crew.get("/events", params=query).status_code == 404
    assert dashboard.get("/events", params=query).status_code == 404


@pytest.mark.parametrize("service", ["crew", "calendar"])
def test_a_look_up_that_one_service_lacks_can_be_given_back(
    panel: Panel, crew, dashboard, sandbox: Sandbox, service: str
):
    sandbox.switch(service, find_by_booking=False)
    assert panel.is_on("no_lookup")
    panel.turn("no_lookup", on=False)
    query = {"booking_id": "xhqgmdh"}
    assert crew.get("/events", params=query).is_success
    assert dashboard.get("/events", params=query).is_success


def test_presign_put(panel: Panel, crew: httpx.Client, event, sandbox: Sandbox):
    crew.post("/events", json=event)
    photo = {
        "booking_id": "xhqgmdh",
        "file_name": "a.jpg",
        "file_size": 3,
        "mime_type": "image/jpeg",
    }
    assert "fields" in crew.post("/g/presign", json=photo).json()
    panel.turn("presign_put")
    signed = crew.post("/g/presign", json=photo).json()
    assert "fields" not in signed
    headers = {"Content-Type": "image/jpeg"}
    assert httpx.put(signed["url"], content=b"abc", headers=headers).is_success
    (key,) = sandbox.objects("uploads/")
    assert sandbox.object(key) == b"abc"


def test_task_cards_refused(panel: Panel, sandbox: Sandbox):
    plan = [{"type": "plan", "title": "P", "tasks": [_task()]}]
    say = {"channel": "C0YARD", "text": "Ahoy", "blocks": plan}
    assert _post(sandbox, "chat.postMessage", **say).json()["ok"]
    panel.turn("task_cards_refused")
    assert _post(sandbox, "chat.postMessage", **say).json()["error"] == "invalid_blocks"


def _task() -> dict:
    return {"type": "task_card", "task_id": "t", "title": "T", "status": "complete"}


def test_two_presses_of_a_switch_are_one_fault(panel: Panel, sandbox: Sandbox):
    panel.turn("crew_timeout_after")
    panel.turn("crew_timeout_after")
    assert len(sandbox.faults.all()) == 1


def test_a_fault_cleared_elsewhere_is_shown_as_off(panel: Panel, sandbox: Sandbox):
    panel.turn("crew_down")
    sandbox.faults.clear()
    assert not panel.is_on("crew_down")


def test_an_unknown_fault_is_refused_in_words(page: httpx.Client):
    refused = page.put("/workspace/faults/rain", json={"on": True})
    assert (refused.status_code, refused.json()) == (
        409,
        {"error": "There is no fault called rain."},
    )
    assert page.put("/workspace/faults/crew_down", json={"on": "yes"}).status_code == 400
