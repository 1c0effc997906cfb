"""What is written down as work when somebody points at a mail, or posts one, once more."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from orchestration_fakes import NOW

from bot.domain.booking import Kind
from bot.orchestration import arrivals
from bot.store.queries import mails
from bot.store.queries.mails import Outcome, StoredMail
from bot.store.store import Store

FILE = {"id": "F1", "name": "mail.eml", "mimetype": "message/rfc822"}
KEY = "mail:C0:1.0:F1"
RAW = b"Message-ID: <1@example.com>\r\nSubject: x\r\n\r\nx\r\n"
NOTHING = [Outcome(kind=Kind.UNRECOGNISED), Outcome(kind=Kind.NEW)]
SOMETHING = [
    Outcome(kind=Kind.NEW, booking_id="xhqgmdh"),
    Outcome(kind=Kind.CHANGED, booking_id="xhqgmdh"),
    Outcome(kind=Kind.CANCELLED),
    Outcome(kind=Kind.INFORMATIONAL),
]


@dataclass
class Accepted:
    """The engine's promise: the same key is accepted once."""

    jobs: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    async def submit(self, job: str, key: str, payload: dict[str, Any]) -> None:
        self.jobs.setdefault(key, (job, payload))


async def pointed(jobs: Accepted, store: Store, at: str = "2.0", message: Any = None) -> None:
    message = message or {"ts": "1.0", "files": [FILE]}
    await arrivals.submit_pointed(
        jobs, store, message, channel="C0", user="U0", at=at, response_url="https://x.example"
    )


async def settled(store: Store, outcome: Outcome, key: str = KEY) -> None:
    mail = StoredMail(key=key, channel="C0", ts="1.0", user_id="U0", received_at=NOW, raw=b"{}")
    await store.write(mails.settle, mail, outcome, words="")


async def test_a_mail_that_nobody_knows_is_one_job_however_often_it_is_pointed_at(store):
    jobs = Accepted()
    await pointed(jobs, store, at="2.0")
    await pointed(jobs, store, at="3.0")
    assert list(jobs.jobs) == [KEY]


@pytest.mark.parametrize("outcome", NOTHING)
async def test_a_mail_of_which_nothing_came_is_read_anew_once_a_pointing(store, outcome):
    await settled(store, outcome)
    jobs = Accepted()
    for at in ("2.0", "2.0", "3.0"):  # the second is Slack's, which delivers once more
        await pointed(jobs, store, at=at)
    assert list(jobs.jobs) == [f"{KEY}:again:U0:2.0", f"{KEY}:again:U0:3.0"]
    for job, payload in jobs.jobs.values():
        assert job == arrivals.JOB
        assert (payload["key"], payload["again"], payload["file"]) == (KEY, True, FILE)


@pytest.mark.parametrize("outcome", SOMETHING)
async def test_a_mail_of_which_something_is_known_is_only_told_of(store, outcome):
    await settled(store, outcome)
    jobs = Accepted()
    await pointed(jobs, store)
    ((job, _),) = jobs.jobs.values()
    assert job == arrivals.AGAIN


async def test_of_several_mails_each_has_its_own_fate(store):
    await settled(store, SOMETHING[0])
    jobs = Accepted()
    other = {**FILE, "id": "F2"}
    await pointed(jobs, store, message={"ts": "1.0", "files": [FILE, other]})
    assert [job for job, _ in jobs.jobs.values()] == [arrivals.AGAIN, arrivals.JOB]


async def test_a_redelivered_event_does_not_have_a_mail_read_anew(store):
    await settled(store, NOTHING[0])
    jobs = Accepted()
    await arrivals.submit_message(jobs, {"ts": "1.0", "files": [FILE]}, channel="C0")
    assert list(jobs.jobs) == [KEY]


async def test_a_posted_mail_is_read_anew_only_when_nothing_came_of_it(store):
    jobs = Accepted()

    async def posted() -> str:
        return await arrivals.submit_raw(jobs, store, RAW, channel="C0", at=NOW)

    key = await posted()
    await posted()
    assert list(jobs.jobs) == [key]
    await settled(store, NOTHING[0], key)
    await posted()
    assert len(jobs.jobs) == 2
    await settled(store, SOMETHING[0], key)
    await posted()
    assert len(jobs.jobs) == 2
