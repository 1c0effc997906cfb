"""Accept and decline: one answer whatever comes at once, and a captain who hears of it once."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from crew_links import BROWSER, bearing, member, secret

from sandbox.aws import accounts
from sandbox.aws.tables import Table
from sandbox.crew_service import CrewService, CrewSwitches
from sandbox.crew_service.links import MagicLinks
from sandbox.hosting import Hosted
from sandbox.interference import Conditions

CAPTAIN, ONE = "captain@example.com", "crew.one@example.com"
ACCEPT, DECLINE = {"state": "accepted"}, {"state": "declined"}


class Post:
    """SES that can be out of order, and what it sent."""

    def __init__(self) -> None:
        self.is_down = False
        self.subjects: list[str] = []

    def send_email(self, **mail: Any) -> None:
        if self.is_down:
            raise ClientError({"Error": {"Code": "InternalFailure"}}, "SendEmail")
        subject = mail["Content"]["Simple"]["Subject"]["Data"]
        self.subjects.append(subject.partition(":")[0])


class Ours:
    """The crew service over the same table, with a post and a clock of our own."""

    def __init__(self, bot: Any) -> None:
        self.post = Post()
        self.now = datetime.now(UTC)
        self._bot = bot

    def service(self) -> CrewService:
        table = self._bot.client("dynamodb", accounts.CREW_ROLE)
        links = MagicLinks(secret(self._bot, "charter/scc")["jwt_secret"], "http://x/{event_id}")
        return CrewService(
            Table(table, accounts.CREW_TABLE, "event_id"),
            self.post,
            self._bot.client("s3"),
            links,
            CrewSwitches(None),
            Conditions(),
            "https://guests.example",
            now=lambda: self.now,
        )

    def meets(self, one: Any, what: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
        """Do `what` with a client for whom everything is below the member's page here."""

        async def hosting() -> None:
            hosted = await Hosted.start(self.service().application())
            page = f"{hosted.url}{httpx.URL(one.page).path}"
            try:
                async with httpx.AsyncClient(base_url=page, headers=bearing(one.token)) as client:
                    await what(client)
            finally:
                await hosted.stop()

        asyncio.run(hosting())


@pytest.fixture
def ours(bot) -> Ours:
    return Ours(bot)


@pytest.fixture
def one(crew, event, web, sandbox):
    made = crew.post("/events", json=event).json()["event_id"]
    return member(web, sandbox, ONE, made)


def test_two_tabs_at_once_leave_one_answer(sandbox, one):
    with ThreadPoolExecutor(4) as tabs:
        for _ in range(6):
            said = [tabs.submit(one.posts, "answer", each) for each in (ACCEPT, DECLINE) * 2]
            assert {each.result().status_code for each in said} == {200}
            [stored] = sandbox.crew_events()
            is_accepted = stored["answers"]["crew_1"]["state"] == "accepted"
            assert is_accepted == ("crew_1" in stored["confirmed"])


def test_the_captain_knows_the_last_answer_however_they_came(sandbox, one):
    with ThreadPoolExecutor(4) as tabs:
        said = [tabs.submit(one.posts, "answer", each) for each in (ACCEPT, DECLINE) * 4]
        assert {each.result().status_code for each in said} == {200}
    [stored] = sandbox.crew_events()
    told = [m["subject"].partition(":")[0] for m in sandbox.mails(CAPTAIN)[1:]]
    cannot, can = "Crew One cannot come", "Crew One can come after all"
    assert told == [(cannot, can)[n % 2] for n in range(len(told))]
    assert (told[-1:] == [cannot]) == (stored["answers"]["crew_1"]["state"] == "declined")


def test_to_accept_again_moves_nothing(sandbox, one):
    one.posts("answer", ACCEPT)
    before = sandbox.crew_events()
    one.posts("answer", ACCEPT)
    assert sandbox.crew_events() == before
    assert list(before[0]["confirmed"]) == ["crew_1"]
    one.posts("answer", DECLINE)
    assert sandbox.crew_events()[0]["confirmed"] == {}


def test_a_decline_is_kept_without_mail_and_told_at_the_next_look(sandbox, one, ours):
    async def meeting(client: httpx.AsyncClient) -> None:
        ours.post.is_down = True
        assert (await client.post("/answer", json=DECLINE)).status_code == 200
        assert (await client.post("/answer", json=DECLINE)).status_code == 200
        live = {"headers": BROWSER}
        assert "did not go out yet" in (await client.get("/live", **live)).text
        ours.post.is_down = False
        assert "was told by mail" in (await client.get("/live", **live)).text
        await client.get("/live", **live)
        await client.post("/answer", json=DECLINE)

    ours.meets(one, meeting)
    assert sandbox.crew_events()[0]["answers"]["crew_1"]["state"] == "declined"
    assert ours.post.subjects == ["Crew One cannot come"]


def test_a_change_of_mind_before_the_captain_heard_needs_no_mail(one, ours):
    async def meeting(client: httpx.AsyncClient) -> None:
        ours.post.is_down = True
        await client.post("/answer", json=DECLINE)
        ours.post.is_down = False
        await client.post("/answer", json=ACCEPT)

    ours.meets(one, meeting)
    assert ours.post.subjects == []


def test_once_the_charter_is_over_a_stale_page_answers_nothing(sandbox, crew, one, ours):
    one.posts("answer", ACCEPT)
    ends = datetime.now(UTC) + timedelta(hours=1)
    times = {"start_time": datetime.now(UTC).isoformat(), "end_time": ends.isoformat()}
    event_id = sandbox.crew_events()[0]["event_id"]
    assert crew.patch(f"/events/{event_id}", json=times).status_code == 200
    before = sandbox.crew_events()

    async def meeting(client: httpx.AsyncClient) -> None:
        ours.now = ends
        told = await client.post("/answer", json=DECLINE)
        assert (told.status_code, told.json()["reason"]) == (409, "over")
        page = await client.post("/answer", json=DECLINE, headers=BROWSER)
        assert page.status_code == 409
        assert "your answer was not kept" in page.text
        assert "This charter is over" in page.text
        ours.now = ends - timedelta(seconds=1)
        assert (await client.post("/answer", json=ACCEPT)).status_code == 200

    ours.meets(one, meeting)
    assert sandbox.crew_events() == before
    assert ours.post.subjects == []
