"""A mail's file in a thread: shared once, whatever breaks off, and never hoped for in vain."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from orchestration_fakes import NOW

from bot.domain.attachment import Attachment
from bot.domain.errors import NeedsPerson, Refused, Unknown
from bot.mail.kept import MailFile
from bot.orchestration import attachments
from bot.orchestration.attachments import Attachments
from bot.store.queries import posts
from bot.store.store import Store

KEY, CHANNEL, THREAD = "mail:http:1:file", "C0", "1.0"
FILE = MailFile("mail.eml", b"Subject: x\r\n\r\nx")


@dataclass
class FileStore:
    """Slack's files: brought, shared in channels, and asked for; what goes wrong is written."""

    uploads: int = 0
    shared: list[str] = field(default_factory=list)
    at_upload: list[BaseException] = field(default_factory=list)
    at_share: list[BaseException] = field(default_factory=list)
    arrives_anyway: bool = False
    knows: bool = True

    async def upload(self, _name: str, _content: bytes) -> str:
        self.uploads += 1
        if self.at_upload:
            raise self.at_upload.pop(0)
        return f"F{self.uploads}"

    async def share(self, file_id: str, **_: Any) -> None:
        if self.at_share:
            if self.arrives_anyway:
                self.shared.append(file_id)
            raise self.at_share.pop(0)
        self.shared.append(file_id)

    async def file(self, file_id: str) -> dict[str, Any]:
        if not self.knows:
            raise Refused("Slack refused files.info (file_not_found).")
        shares = [{"ts": f"2.{n}"} for n, each in enumerate(self.shared) if each == file_id]
        return {"id": file_id, "shares": {"public": {CHANNEL: shares}} if shares else {}}


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> FileStore:
    monkeypatch.setattr(attachments, "_LOOK_SECONDS", 0.0)
    return FileStore()


async def attached(store: Store, slack: FileStore) -> Attachment:
    return await Attachments(store, slack, lambda: NOW).attach(KEY, CHANNEL, THREAD, FILE)


async def known(store: Store, slack: FileStore) -> Attachment | None:
    return await Attachments(store, slack, lambda: NOW).state(KEY)


async def test_nothing_is_known_of_a_file_before_it_was_tried(store, slack):
    assert await known(store, slack) is None


async def test_a_file_is_shared_once_however_often_it_is_asked_for(store, slack):
    for _ in range(3):
        assert await attached(store, slack) is Attachment.THERE
    assert slack.shared == ["F1"]
    assert await known(store, slack) is Attachment.THERE


@pytest.mark.parametrize("refusal", [NeedsPerson("missing_scope"), Refused("invalid")])
@pytest.mark.parametrize("where", ["at_upload", "at_share"])
async def test_a_refused_file_is_remembered_as_such_and_not_tried_again(
    store, slack, where, refusal
):
    setattr(slack, where, [refusal])
    assert await attached(store, slack) is Attachment.FAILED
    assert await known(store, slack) is Attachment.FAILED
    assert await attached(store, slack) is Attachment.FAILED
    assert (slack.uploads, slack.shared) == (1, [])


async def test_a_crash_before_the_share_ends_with_the_file_shared_once(store, slack):
    slack.at_share = [KeyboardInterrupt("killed")]
    with pytest.raises(KeyboardInterrupt):
        await attached(store, slack)
    assert await known(store, slack) is Attachment.UNKNOWN
    assert await attached(store, slack) is Attachment.THERE
    assert (slack.uploads, slack.shared) == (1, ["F1"])


async def test_a_crash_after_the_share_finds_it_and_shares_nothing_more(store, slack):
    slack.at_share, slack.arrives_anyway = [KeyboardInterrupt("killed")], True
    with pytest.raises(KeyboardInterrupt):
        await attached(store, slack)
    assert await attached(store, slack) is Attachment.THERE
    assert slack.shared == ["F1"]


async def test_a_share_without_an_answer_is_not_asked_for_again_at_once(store, slack):
    slack.at_share = [Unknown("Slack did not answer.")]
    assert await attached(store, slack) is Attachment.UNKNOWN
    assert slack.shared == []


async def test_a_file_that_slack_does_not_know_is_not_shared_a_second_time(store, slack):
    slack.at_share, slack.knows = [Unknown("Slack did not answer.")], False
    for _ in range(2):
        assert await attached(store, slack) is Attachment.UNKNOWN
    assert slack.shared == []


@pytest.mark.parametrize("answered", [True, False])
async def test_a_shared_file_hangs_in_its_thread_however_that_became_known(store, slack, answered):
    slack.arrives_anyway = True
    slack.at_share = [] if answered else [Unknown("Slack did not answer.")]
    await attached(store, slack)
    post = await store.read(posts.get, KEY)
    assert (post.thread, post.ts, post.digest) == (THREAD, THREAD, "F1")
