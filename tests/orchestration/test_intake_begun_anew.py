"""A mail whose work is begun anew, as after a trouble of Slack's: what it said is kept once."""

from datetime import timedelta
from typing import Any

import pytest
from orchestration_fakes import NOW, FakeChat

from bot.domain.booking import Booking, Kind, Reading
from bot.domain.errors import Retriable
from bot.orchestration.intake import Intake
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.store.queries import mails, posts
from bot.store.queries.posts import Post
from bot.store.store import Store

KEY = "mail:C0:1.0:text"
CHANGED = Booking(booking_id="xhqgmdh", passengers=5)


class Reader:
    """Reads any words as a change."""

    async def pasted(self, _text: str, _boats: object) -> Reading:
        return Reading(kind=Kind.CHANGED, booking=CHANGED)


async def test_a_change_that_is_worked_on_twice_is_kept_once(store: Store) -> None:
    chat, now = FakeChat(), NOW
    ours = Posts(store, chat, lambda: now)
    nobody: Any = None
    policy = Policy(channel="C0", boats=())
    intake = Intake(store, chat, ours, nobody, policy, lambda: now, Reader())
    words = {"file": None, "text": "It changed.", "response_url": None}
    payload = {"key": KEY, "channel": "C0", "ts": "1.0", "user": "U0", **words}
    # That the mail waits may be on its way to Slack, and must be taken back before it is done with.
    said = Post(key=f"{KEY}:waits", channel="C0", thread="1.0", intended_at=now)
    await store.write(posts.intend, said)
    with pytest.raises(Retriable, match="on its way"):
        await intake.work(payload)
    now += timedelta(seconds=15)
    await intake.work(payload)
    assert await store.read(mails.versions, "xhqgmdh") == (CHANGED,)
