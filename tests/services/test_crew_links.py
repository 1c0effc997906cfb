from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from bot.domain.errors import NeedsPerson, Retriable, Unknown
from bot.domain.outgoing import Mail
from bot.services.crew_links import MintedLinks
from bot.services.ports import MailParts, StoredEvent

SECRET = "canary-signing-secret-of-32-bytes-or-more"
NOW = datetime.now(UTC).replace(microsecond=0)


class Table:
    def __init__(self, *crew: dict[str, Any]) -> None:
        self.event: StoredEvent | None = StoredEvent("evt-1", None, crew, "JADA Sat 30 May")

    async def get(self, _: str) -> StoredEvent | None:
        return self.event

    async def replace_notes(self, *_: Any, **__: Any) -> None:
        raise AssertionError


class Postman:
    """Keeps what was mailed; breaks at the mail that the test names."""

    def __init__(self) -> None:
        self.mailed: list[Mail] = []
        self.breaks_at: int | None = None

    async def send(self, mail: Mail) -> str:
        if len(self.mailed) == self.breaks_at:
            raise Retriable("SES is asked too often.")
        self.mailed.append(mail)
        return "id"


class Words:
    def crew_link_mail(self, event_name: str, link: str) -> MailParts:
        return MailParts(event_name, link, f"<a href='{link}'>")


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def links(vault: Any, postman: Postman) -> Any:
    def make(table: Table) -> MintedLinks:
        return MintedLinks(
            table,
            postman,
            Words(),  # type: ignore[arg-type]
            vault(signing=SECRET),
            signing_secret="env:signing",
            crew_link="https://sailjada.example/crew/event/{event_id}",
            now=lambda: NOW,
            lifetime=timedelta(days=2),
        )

    return make


CREW = (
    {"crew_id": "captain", "email": "captain@example.com"},
    {"id": "crew_1", "email": "one@example.com"},
)


async def test_each_member_gets_a_link_that_only_names_them(links: Any, postman: Postman) -> None:
    assert await links(Table(*CREW)).resend("evt-1") == 2
    assert [mail.to for mail in postman.mailed] == [("captain@example.com",), ("one@example.com",)]
    seen = set()
    for mail, crew_id in zip(postman.mailed, ("captain", "crew_1"), strict=True):
        assert mail.subject == "JADA Sat 30 May"
        link = urlsplit(mail.text)
        assert link.path == "/crew/event/evt-1"
        (token,) = parse_qs(link.query)["magic_link"]
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["exp"]})
        seen.add(claims.pop("jti"))
        assert claims == {
            "crew_id": crew_id,
            "event_id": "evt-1",
            "iat": int(NOW.timestamp()),
            "exp": int((NOW + timedelta(days=2)).timestamp()),
        }
    assert len(seen) == 2


@pytest.mark.parametrize(
    "lacking", [{"crew_id": "crew_2"}, {"crew_id": "crew_2", "email": "a@b, c@d"}, {"crew_id": ""}]
)
async def test_a_member_without_an_address_stops_all_before_the_first_mail(
    links: Any, postman: Postman, lacking: dict[str, Any]
) -> None:
    with pytest.raises(NeedsPerson, match="No link was sent") as told:
        await links(Table(*CREW, lacking)).resend("evt-1")
    assert "@" not in repr(told.value)
    assert not postman.mailed


async def test_an_event_without_crew_needs_a_person(links: Any) -> None:
    with pytest.raises(NeedsPerson, match="no crew"):
        await links(Table()).resend("evt-1")


async def test_an_event_that_is_gone_needs_a_person(links: Any) -> None:
    table = Table()
    table.event = None
    with pytest.raises(NeedsPerson, match="no longer stored"):
        await links(table).resend("evt-1")


async def test_a_failure_before_the_first_mail_is_what_it_is(links: Any, postman: Postman) -> None:
    postman.breaks_at = 0
    with pytest.raises(Retriable):
        await links(Table(*CREW)).resend("evt-1")


async def test_a_failure_after_the_first_mail_says_how_many_went_out(
    links: Any, postman: Postman
) -> None:
    postman.breaks_at = 1
    with pytest.raises(Unknown, match="1 of 2 links went out, then: SES is asked too often"):
        await links(Table(*CREW)).resend("evt-1")
