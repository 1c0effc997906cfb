"""The story in Slack: the last state is always told, wherever the telling broke off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from orchestration_fakes import NOW, FakeChat, charter

from bot.domain.booking import Booking
from bot.domain.charter import Proposal, State
from bot.domain.errors import Refused
from bot.domain.message import Message
from bot.domain.progress import Decision, StepState
from bot.orchestration import narrator as narration
from bot.orchestration.narrator import Narrator
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.services.ports import MessageGone
from bot.store.queries import charters, overviews, posts
from bot.store.store import Store

ID = "xhqgmdh"
CARD, CHECKLIST, CLOSING = f"{ID}:card", f"{ID}:checklist", f"{ID}:closing"


@dataclass
class Thread(FakeChat):
    """A channel with threads: each post has its own ts, and a deleted card takes no replies."""

    count: int = 0
    where: dict[str, str | None] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    refusal: Exception | None = None

    async def post(
        self, channel: str, message: Message, *, key: str, thread: str | None = None, **_: Any
    ) -> str:
        if thread in self.gone:
            raise MessageGone("Slack no longer has the message (thread_not_found).")
        if self.refusal and "task_card" in message.model_dump_json():
            raise self.refusal
        await super().post(channel, message, key=key)
        self.count += 1
        self.where[key] = thread
        return f"{self.count}.0"


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for pause in ("_SPACING_SECONDS", "_PAUSE_SECONDS", "_BLOCKED_PAUSE_SECONDS"):
        monkeypatch.setattr(narration, pause, 0.01)


@pytest.fixture
def chat() -> Thread:
    return Thread()


@pytest.fixture
def narrator(store: Store, chat: Thread) -> Narrator:
    ours = Posts(store, chat, lambda: NOW)
    return Narrator(store, ours, Policy(channel="C0", boats=()), lambda: NOW)


async def propose(store: Store) -> None:
    whole = charter()
    booking = Booking(booking_id=ID, starts_at=whole.starts_at, ends_at=whole.ends_at, passengers=4)
    proposal = Proposal(marketplace="boatsetter", booking=booking, boat=whole.boat)
    await store.write(charters.propose, proposal, mail=None, at=NOW)


async def approve(store: Store) -> None:
    decision = Decision(user="U0CAPTAIN", at=NOW, approved=True)
    plan = [("calendar", "Calendar entry")]
    await store.write(charters.approve, charter(), version=1, decision=decision, plan=plan)


async def fail(store: Store) -> None:
    await store.write(charters.set_step, ID, "calendar", state=StepState.FAILED, what="Away.")
    await store.write(charters.finish, ID, state=State.NEEDS_PERSON, at=NOW)


async def told(narrator: Narrator, store: Store, chat: Thread) -> Thread:
    """What stands in Slack once nothing is behind."""
    narrator.touch(ID)
    async with asyncio.timeout(10):
        while await store.read(overviews.unshown):
            await asyncio.sleep(0.01)
    return chat


def buttons(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


async def test_a_touch_between_the_last_look_and_the_end_of_a_follower_is_not_lost(
    narrator, store, chat, monkeypatch
):
    monkeypatch.setattr(narration, "_SPACING_SECONDS", 0.5)  # time to approve in
    await propose(store)
    narrator.touch(ID)
    follower = narrator._followers._tasks[ID]
    async with asyncio.timeout(10):
        while await store.read(overviews.unshown):
            await asyncio.sleep(0.01)
    await approve(store)
    loop = asyncio.get_running_loop()

    def as_soon_as_it_ended() -> None:
        if follower.done():
            narrator.touch(ID)
        else:
            loop.call_soon(as_soon_as_it_ended)

    loop.call_soon(as_soon_as_it_ended)
    async with asyncio.timeout(10):
        while CHECKLIST not in chat.posted:
            await asyncio.sleep(0.01)


async def test_a_database_that_fails_for_a_moment_does_not_hold_up_the_story(
    narrator, store, chat, monkeypatch
):
    """For as long as what a person has to mend does."""
    monkeypatch.setattr(narration, "_BLOCKED_PAUSE_SECONDS", 60.0)
    await propose(store)
    broken = [sa.exc.OperationalError("SELECT", {}, Exception("disk I/O error"))]
    read = store.read

    async def moody(query: Any, *args: Any, **kwargs: Any) -> Any:
        if query is overviews.overview and broken:
            raise broken.pop()
        return await read(query, *args, **kwargs)

    monkeypatch.setattr(store, "read", moody)
    assert CARD in (await told(narrator, store, chat)).posted
    assert not broken


async def test_after_closing_nothing_is_drawn_until_the_next_start(narrator, store, chat):
    await propose(store)
    await narrator.close()
    narrator.touch(ID)
    assert chat.posted == {}
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert await store.read(overviews.unshown) == (ID,)


async def test_a_deleted_card_is_told_anew_with_everything_below_it(narrator, store, chat):
    await propose(store)
    await approve(store)
    await told(narrator, store, chat)
    old = chat.where[CHECKLIST]
    chat.gone.add(old)
    await fail(store)
    # The card stands as it should, for all that is written down: only the thread can tell.
    await store.write(posts.forget, CHECKLIST)
    await told(narrator, store, chat)
    anew = chat.where[CHECKLIST]
    assert anew not in {None, old}
    assert chat.where[f"{CLOSING}:1"] == anew
    assert "task_card" in chat.posted[CHECKLIST].model_dump_json(), "nobody refused task cards"


async def test_a_card_that_is_found_deleted_when_it_changes_takes_its_thread_along(
    narrator, store, chat
):
    await propose(store)
    await approve(store)
    await told(narrator, store, chat)
    old = chat.where[CHECKLIST]
    chat.deleted = True
    await fail(store)
    await told(narrator, store, chat)
    assert chat.where[CHECKLIST] not in {None, old}
    assert chat.where[f"{CLOSING}:1"] == chat.where[CHECKLIST]


async def test_a_workspace_without_task_cards_still_gets_a_checklist(narrator, store, chat):
    chat.refusal = Refused("Slack refused chat.postMessage: invalid_blocks")
    await propose(store)
    await approve(store)
    await told(narrator, store, chat)
    assert "task_card" not in chat.posted[CHECKLIST].model_dump_json()


async def test_an_earlier_closing_loses_its_button_as_soon_as_the_next_run_begins(
    narrator, store, chat
):
    await propose(store)
    await approve(store)
    await fail(store)
    await told(narrator, store, chat)
    assert "Retry" in buttons(chat.posted[f"{CLOSING}:1"])
    await store.write(charters.restart, ID, at=NOW + timedelta(minutes=1))
    await told(narrator, store, chat)
    assert buttons(chat.posted[f"{CLOSING}:1"]) == []
    assert "earlier run" in chat.posted[f"{CLOSING}:1"].text
    assert f"{CLOSING}:2" not in chat.posted


async def test_a_run_whose_closing_was_never_posted_is_not_called_earlier(narrator, store, chat):
    await propose(store)
    await approve(store)
    await fail(store)
    await store.write(charters.restart, ID, at=NOW)
    await fail(store)
    await told(narrator, store, chat)
    assert [key for key in chat.posted if key.startswith(CLOSING)] == [f"{CLOSING}:2"]


async def test_while_one_replica_draws_a_charter_another_waits_and_looks_again(
    store: Store, chat: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both see a charter that has no card yet; the first one's card is still on its way."""
    locks = {"thread:xhqgmdh": asyncio.Lock()}
    on_its_way, arrives = asyncio.Event(), asyncio.Event()
    post = chat.post

    @asynccontextmanager
    async def alone(what: str) -> AsyncIterator[bool]:
        if locks[what].locked():
            yield False
            return
        async with locks[what]:
            yield True

    async def slow(*args: Any, **more: Any) -> str:
        on_its_way.set()
        await arrives.wait()
        return await post(*args, **more)

    monkeypatch.setattr(chat, "post", slow)
    here, there = (
        Narrator(
            store,
            Posts(store, chat, lambda: NOW),
            Policy(channel="C0", boats=()),
            lambda: NOW,
            alone=alone,
        )
        for _ in range(2)
    )
    await propose(store)
    here.touch(ID)
    await on_its_way.wait()
    await approve(store)
    there.touch(ID)
    await asyncio.sleep(0.3)  # it has looked by now, more than once
    assert chat.posted == {}
    arrives.set()
    await told(there, store, chat)
    await asyncio.gather(here.close(), there.close())
    assert chat.count == 2  # a card and a checklist
    assert "Approve" not in buttons(chat.posted[f"{ID}:card"])


async def test_what_another_replica_left_behind_is_shown_after_a_while(
    narrator: Narrator, store: Store, chat: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narration, "_LOOK_AGAIN_SECONDS", 0.02)
    monkeypatch.setattr(narration, "_ON_ITS_WAY_SECONDS", 0.05)
    await propose(store)
    looking = asyncio.create_task(narrator.forever())
    async with asyncio.timeout(10):
        while await store.read(overviews.unshown):
            await asyncio.sleep(0.01)
    looking.cancel()
    await narrator.close()
    assert f"{ID}:card" in chat.posted


@pytest.mark.parametrize("another", [False, True], ids=["of this place", "of another replica"])
async def test_an_update_from_before_a_crash_that_arrives_late_does_not_stand(
    store, chat, monkeypatch, another
):
    monkeypatch.setattr(narration, "_ON_ITS_WAY_SECONDS", 0.5)
    ours = Posts(store, chat, lambda: NOW)
    survivor = Narrator(store, ours, Policy(channel="C0", boats=()), lambda: NOW)
    await survivor.catch_up()
    await propose(store)
    await told(Narrator(store, ours, Policy(channel="C0", boats=()), lambda: NOW), store, chat)
    pending = chat.posted[CARD]
    await approve(store)
    if another:
        await survivor.take_over()
        survivor.touch(ID)
    else:
        restarted = Narrator(store, ours, Policy(channel="C0", boats=()), lambda: NOW)
        await restarted.catch_up()
    async with asyncio.timeout(10):
        while chat.posted[CARD] == pending:
            await asyncio.sleep(0.01)
    assert await store.read(overviews.unshown) == (ID,)  # should it be killed again
    chat.posted[CARD] = pending
    async with asyncio.timeout(10):
        while await store.read(overviews.unshown):
            await asyncio.sleep(0.01)
    assert buttons(chat.posted[CARD]) == []
