"""Events as people with a console leave them, and the service in trouble."""

import pytest
from crew_links import member


@pytest.fixture
def event_id(crew, event) -> str:
    return crew.post("/events", json=event).json()["event_id"]


@pytest.fixture
def one(web, sandbox, event_id):
    return member(web, sandbox, "crew.one@example.com", event_id)


@pytest.mark.parametrize(
    "odd",
    [
        {"guest_count": "four"},
        {"guest_count": None},
        {"guest_count": True, "event_name": None},
        {"photos": ["a"], "answers": ["b"], "checklist": ["c"], "captain_knows": ["d"]},
        {"photos": {"p": 1}, "answers": {"crew_1": "yes"}, "checklist": {"t": {}}},
        {"photos": {"p": {"name": "n", "by": "b", "at": "today", "size": 3}}},
        {"answers": {"crew_1": {"state": "maybe", "name": "n", "at": "2026-05-30T10:00:00-07:00"}}},
        {"crew_tasks": None, "notes": ["x", {"y": 1}]},
        {"crew_tasks": [1, None, {"a": "b"}]},
    ],
    ids=str,
)
def test_what_people_wrote_oddly_is_no_trouble_on_the_page(sandbox, crew, one, event_id, odd):
    sandbox.write_event_by_hand(event_id, **odd)
    assert one.opens().status_code == 200
    assert one.reads()["crew_id"] == "crew_1"
    assert one.posts("answer", {"state": "declined"}).status_code == 200
    assert one.reads()["crew"][1]["state"] == "declined"
    for task in one.reads()["checklist"]:
        assert one.posts("tick", {"tick": task["id"]}).status_code == 200
    assert all(task["done"] for task in one.reads()["checklist"])
    assert crew.post(f"/events/{event_id}/resend").status_code == 202


def test_tasks_as_one_text_are_a_task_a_line(sandbox, one, event_id):
    sandbox.write_event_by_hand(event_id, crew_tasks="Check fuel\nStock cooler")
    assert [task["task"] for task in one.reads()["checklist"]] == ["Check fuel", "Stock cooler"]


@pytest.mark.parametrize("odd", [{"end_time": "soon"}, {"start_time": None}, {"crew": "captain"}])
def test_an_event_that_cannot_be_read_is_refused_and_not_an_error(
    sandbox, crew, web, one, event_id, odd
):
    sandbox.write_event_by_hand(event_id, **odd)
    assert one.opens().status_code == 403
    assert crew.post(f"/events/{event_id}/resend").status_code in {202, 404}
    said = {"booking_id": "XHQGMDH", "guest_count": 3}
    assert web.post(f"{crew.base_url}g/confirm", json=said).status_code in {202, 403}


def test_refusals_and_troubles_of_the_page_leave_guarded(sandbox, web, one):
    none = f"{sandbox.urls['crew']}/crew/page/none.js"
    sandbox.faults.add("crew_service", "503")
    for answer, status in ((one.opens(), 503), (web.get(none), 404)):
        assert answer.status_code == status
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_guests_page_can_read_that_the_service_is_down(sandbox, crew, web):
    """A browser tells its page of no connection where it may not read the answer."""
    site = sandbox.urls["edge"]
    url, headers = f"{crew.base_url}g/confirm", {"Origin": site}
    sandbox.faults.add("crew_service", "503", times=None)
    preflight = web.options(url, headers=headers)
    post = web.post(url, json={}, headers=headers)
    sandbox.faults.clear()
    wrong = web.get(url, headers=headers)
    answers = (preflight, post, wrong)
    assert [answer.status_code for answer in answers] == [204, 503, 405]
    assert {answer.headers["Access-Control-Allow-Origin"] for answer in answers} == {site}
