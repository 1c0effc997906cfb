"""What a magic link opens: the checklist that all share, the answer, and nobody else's page."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from crew_links import BROWSER, bearing, member, minted, secret
from lxml import html

from sandbox.crew_service.links import MagicLinks

CAPTAIN, ONE = "captain@example.com", "crew.one@example.com"
ACTS = {
    "tick": {"tick": "check-fuel"},
    "answer": {"state": "declined"},
    "presign": {"file_name": "a.jpg", "file_size": 3, "mime_type": "image/jpeg"},
    "photos": {"key": "uploads/xhqgmdh/crew/0-a.jpg", "file_name": "a.jpg"},
}


@pytest.fixture
def event_id(crew, event) -> str:
    return crew.post("/events", json=event).json()["event_id"]


@pytest.fixture
def captain(web, sandbox, event_id):
    return member(web, sandbox, CAPTAIN, event_id)


@pytest.fixture
def one(web, sandbox, event_id):
    return member(web, sandbox, ONE, event_id)


@pytest.fixture
def jwt_secret(bot) -> str:
    return secret(bot, "charter/scc")["jwt_secret"]


def test_a_tick_of_one_is_seen_by_the_other_with_name_and_time(sandbox, captain, one):
    assert one.ticks("Check fuel").status_code == 200
    [task] = captain.reads()["checklist"]
    assert (task["done"], task["by"]) == (True, "Crew One")
    assert datetime.fromisoformat(task["at"]) <= datetime.now(UTC)
    assert "Crew One" in captain.opens().text
    assert sandbox.crew_events()[0]["crew_tasks"] == ["Check fuel"]
    captain.ticks("Check fuel", done=False)
    assert one.reads()["checklist"][0]["done"] is False


def test_who_ticked_first_is_the_one_who_is_named(captain, one):
    one.ticks("Check fuel")
    captain.ticks("Check fuel")
    assert captain.reads()["checklist"][0]["by"] == "Crew One"


def test_no_tick_of_many_at_once_is_lost(web, sandbox, crew, event):
    tasks = [f"Task {number}" for number in range(40)]
    made = crew.post("/events", json={**event, "crew_tasks": tasks}).json()["event_id"]
    people = [member(web, sandbox, who, made) for who in (CAPTAIN, ONE)]
    ids = [task["id"] for task in people[0].reads()["checklist"]]
    with ThreadPoolExecutor(16) as pool:
        sent = [
            pool.submit(people[n % 2].posts, "tick", {"tick": i}) for n, i in enumerate(ids * 2)
        ]
        assert {each.result().status_code for each in sent} == {200}
    assert [task["done"] for task in people[0].reads()["checklist"]] == [True] * 40


def test_two_tasks_of_the_same_words_are_two_tasks(web, sandbox, crew, event):
    made = crew.post("/events", json={**event, "crew_tasks": ["Wipe", "Wipe"]}).json()["event_id"]
    one = member(web, sandbox, ONE, made)
    one.posts("tick", {"tick": one.reads()["checklist"][1]["id"]})
    assert [task["done"] for task in one.reads()["checklist"]] == [False, True]


def test_a_task_that_is_not_on_the_list_is_not_ticked(sandbox, one):
    assert one.posts("tick", {"tick": "launder-money"}).status_code == 400
    assert "checklist" not in sandbox.crew_events()[0]


def test_the_captain_is_told_of_a_decline_and_of_a_change_of_mind(sandbox, one, captain):
    before = len(sandbox.mails(CAPTAIN))
    one.posts("answer", {"state": "accepted"})
    assert len(sandbox.mails(CAPTAIN)) == before
    one.posts("answer", {"state": "declined"})
    one.posts("answer", {"state": "declined"})
    one.posts("answer", {"state": "accepted"})
    told = [mail["subject"].partition(":")[0] for mail in sandbox.mails(CAPTAIN)[before:]]
    assert told == ["Crew One cannot come", "Crew One can come after all"]
    states = {each["name"]: each["state"] for each in captain.reads()["crew"]}
    assert states == {"Cap Tain": "called", "Crew One": "accepted"}


def test_without_scripts_forms_lead_back_to_the_page(web, one):
    page = html.fromstring(one.opens().text)
    [button] = page.xpath("//button[@role='checkbox']")
    form = {"magic_link": one.token, button.get("name"): button.get("value")}
    answer = web.post(f"{one.page}/tick", data=form, headers=BROWSER)
    assert answer.status_code == 303
    again = html.fromstring(web.get(str(answer.next_request.url), headers=BROWSER).text)
    assert again.xpath("//button[@role='checkbox']/@aria-checked") == ["true"]


@pytest.mark.parametrize("wrong", ["missing", "tampered", "expired", "other event", "cookie"])
@pytest.mark.parametrize("act", [*ACTS, "live"])
def test_every_route_refuses_a_token_that_is_not_good(
    sandbox, crew, event, web, one, event_id, jwt_secret, act, wrong
):
    other = crew.post("/events", json=event).json()["event_id"]
    tokens = {
        "tampered": minted("x" * 48, event_id, "captain"),
        "expired": minted(jwt_secret, event_id, "crew_1", days=-0.001),
        "other event": minted(jwt_secret, other, "crew_1"),
    }
    headers = bearing(tokens[wrong]) if wrong in tokens else {}
    if wrong == "cookie":
        headers = {"Cookie": f"magic_link={one.token}; Authorization=Bearer {one.token}"}
    before, mails = sandbox.crew_events(), len(sandbox.mails())
    method = "GET" if act == "live" else "POST"
    answer = web.request(method, f"{one.page}/{act}", json=ACTS.get(act, {}), headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"message": "This link is not valid."})
    assert (sandbox.crew_events(), len(sandbox.mails())) == (before, mails)


def test_the_refused_page_is_kind_and_the_same_whatever_is_wrong(
    web, one, event_id, jwt_secret, crew
):
    expired = minted(jwt_secret, event_id, "crew_1", days=-1)
    links = [
        one.page,
        f"{one.link}x",
        f"{one.page}?magic_link={expired}",
        one.link.replace(event_id, "scc-never"),
        f"{one.page}?magic_link={minted(jwt_secret, event_id, 'crew_3')}",
    ]
    answers = [web.get(link, headers=BROWSER) for link in links]
    assert {answer.status_code for answer in answers} == {403}
    [text] = {answer.text for answer in answers}
    assert "Resend crew links" in text
    assert "JADA" not in text
    crew.delete(f"/events/{event_id}")
    assert one.opens().text == text


def test_somebody_who_is_no_longer_called_is_not_let_in(crew, one, event_id, sandbox):
    [stored] = sandbox.crew_events()
    left = [each for each in stored["crew"] if each["id"] != "crew_1"]
    crew.patch(f"/events/{event_id}", json={"crew": left})
    assert one.opens().status_code == 403
    assert one.posts("answer", {"state": "accepted"}).status_code == 403


def test_a_link_ends_by_the_services_own_clock():
    now = [datetime(2026, 5, 23, 9, tzinfo=UTC)]
    links = MagicLinks("s" * 48, "https://crew.example/{event_id}", now=lambda: now[0])
    made = links.link("e1", "crew_1")
    token = made.url.partition("magic_link=")[2]
    now[0] = made.expires_at - timedelta(seconds=1)
    assert links.bearer(token, "e1").crew_id == "crew_1"
    now[0] = made.expires_at
    assert links.bearer(token, "e1") is None


def test_a_link_outlives_the_charter_that_it_is_for():
    now = datetime(2026, 5, 1, 9, tzinfo=UTC)
    links = MagicLinks("s" * 48, "https://crew.example/{event_id}", now=lambda: now)
    ends_at = now + timedelta(days=29)
    assert links.link("e1", "crew_1", ends_at).expires_at > ends_at + timedelta(days=1)
    assert links.link("e1", "crew_1", now).expires_at == now + timedelta(days=7)


def test_the_crew_read_what_the_guests_said(web, one, crew):
    said = {"booking_id": "xhqgmdh", "guest_count": 5, "note": "<b>Nut allergy</b>"}
    web.post(f"{crew.base_url}g/confirm", json=said)
    assert (
        "The guests say: 5 guests. <b>Nut allergy</b>"
        in html.fromstring(one.opens().content).text_content()
    )


def test_no_address_and_no_link_of_another_is_on_the_page(web, one, captain, crew, event_id):
    for answer in (one.opens(), web.get(one.link)):
        assert "@example.com" not in answer.text
        assert captain.token not in answer.text
    url = f"{crew.base_url}events/{event_id}"
    assert "@example.com" not in web.get(url, params={"magic_link": one.token}).text


def test_the_page_lets_its_link_go_nowhere(one):
    answer = one.opens()
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("shape", ["json", "map", "prose"])
def test_notes_are_shown_as_they_are_stored(sandbox, web, jwt_secret, shape):
    """Crew could read what the owner earns: so a scrub has something to show."""
    stored = sandbox.put_legacy_event("legacyy", shape=shape)["event_id"]
    link = f"{sandbox.urls['crew']}/crew/event/{stored}"
    token = minted(jwt_secret, stored, "captain")
    page = web.get(link, params={"magic_link": token}, headers=BROWSER).text
    shown = html.fromstring(page).xpath("string(//*[@aria-labelledby='notes-heading'])")
    assert "840.75" in shown
    assert "Marisol" in shown


def test_an_open_page_asks_for_news_without_filling_the_log(sandbox, web, one):
    first = web.get(f"{one.page}/live", headers={**BROWSER, **bearing(one.token)})
    known = {"If-None-Match": first.headers["ETag"]}
    asked = {**BROWSER, **bearing(one.token), **known}
    assert web.get(f"{one.page}/live", headers=asked).status_code == 304
    one.ticks("Check fuel")
    assert web.get(f"{one.page}/live", headers=asked).status_code == 200
    operations = [call["operation"] for call in sandbox.calls("crew_service")]
    assert "tick_task" in operations
    assert "crew_live" not in operations
