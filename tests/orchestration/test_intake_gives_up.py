"""A mail whose work broke off inside the bot: said, and remembered as worth another reading."""

from types import SimpleNamespace
from typing import Any

from orchestration_fakes import NOW, FakeChat

from bot.orchestration.intake import Intake
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.store.queries import mails
from bot.store.store import Store

PAYLOAD: dict[str, Any] = {
    "key": "mail:C0:1.0:F1",
    "channel": "C0",
    "ts": "1.0",
    "user": "U0",
    "file": {"id": "F1"},
    "text": None,
}


async def test_a_mail_whose_work_broke_off_is_said_and_may_be_read_anew(store: Store) -> None:
    chat = FakeChat()
    posts = Posts(store, chat, lambda: NOW)
    policy = Policy(channel="C0", boats=())
    intake = Intake(store, chat, posts, SimpleNamespace(), policy, lambda: NOW, SimpleNamespace())
    for _ in range(2):
        await intake.give_up(PAYLOAD)
    ((key, said),) = chat.posted.items()
    assert key == "mail:C0:1.0:F1:answer"
    assert "The bot itself broke off here" in said.text
    known = await store.read(mails.outcome, PAYLOAD["key"])
    assert known is not None
    assert known.fruitless
    assert await store.read(mails.raw, PAYLOAD["key"]) == b'{"id": "F1"}'
