"""Many mails at once: some are read at a time, and none that is read anew holds up a new one."""

import asyncio
from collections.abc import Callable
from typing import Any

from orchestration_fakes import NOW, FakeChat

from bot.domain.booking import Kind, Reading
from bot.orchestration.intake import Intake
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.store.store import Store


class SlowReader:
    """Reads words as no booking, once it is let; `reading` are those that it has open."""

    def __init__(self) -> None:
        self.reading: list[str] = []
        self.let = asyncio.Event()

    async def pasted(self, text: str, _boats: object) -> Reading:
        self.reading.append(text)
        await self.let.wait()
        self.reading.remove(text)
        return Reading(kind=Kind.UNRECOGNISED)


def intake(store: Store, chat: FakeChat, reader: SlowReader) -> Intake:
    posts = Posts(store, chat, lambda: NOW)
    policy = Policy(channel="C0", boats=())
    nobody: Any = None
    return Intake(store, chat, posts, nobody, policy, lambda: NOW, reader)


def pasted(name: str, **more: Any) -> dict[str, Any]:
    words = {"file": None, "text": name, "response_url": None}
    return {"key": f"mail:C0:{name}", "channel": "C0", "ts": "1.0", "user": "U0", **words, **more}


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


async def test_of_many_mails_only_eight_are_open_at_a_time_and_all_are_answered(
    store: Store,
) -> None:
    chat, reader = FakeChat(), SlowReader()
    desk = intake(store, chat, reader)
    names = [f"mail {number}" for number in range(20)]
    work = [asyncio.create_task(desk.work(pasted(name))) for name in names]
    await until(lambda: len(reader.reading) >= 8)
    await store.read(lambda _: None)  # whoever is not held back is at the reader by now
    assert sorted(reader.reading) == sorted(names[:8])
    reader.let.set()
    await asyncio.gather(*work)
    assert set(chat.posted) == {f"mail:C0:{name}:answer" for name in names}


async def test_mails_that_are_read_anew_do_not_hold_up_a_new_one(store: Store) -> None:
    chat, reader = FakeChat(), SlowReader()
    desk = intake(store, chat, reader)
    anew = [
        asyncio.create_task(desk.work(pasted(f"again {number}", again=True)))
        for number in range(10)
    ]
    await until(lambda: reader.reading == ["again 0"])
    new = asyncio.create_task(desk.work(pasted("new")))
    await until(lambda: "new" in reader.reading)
    reader.let.set()
    await asyncio.gather(new, *anew)
    assert len(chat.posted) == 11
