"""An answer that Slack does not take: waited for where a person will mend it, and only there."""

from typing import Any

import pytest
from orchestration_fakes import NOW, FakeChat

from bot.domain.errors import NeedsPerson, Retriable
from bot.domain.message import Message
from bot.orchestration.answers import Answers
from bot.orchestration.posts import Posts
from bot.store.store import Store

ARCHIVED = "Slack refused chat.postMessage: is_archived."
SAID = Message(text="This is no booking.", blocks=())


def asked(channel: str, **more: Any) -> dict[str, Any]:
    return {"key": "mail:1", "channel": channel, "ts": "1.0", "response_url": None, **more}


async def test_in_the_bots_own_channel_an_answer_waits_until_a_person_has_mended_it(
    store: Store,
) -> None:
    chat = FakeChat(lose=[NeedsPerson(ARCHIVED, "Name another.")])
    answers = Answers(chat, Posts(store, chat, lambda: NOW), channel="C0")
    with pytest.raises(Retriable) as waits:
        await answers.say(asked("C0"), SAID)
    assert waits.value.after == 60.0
    await answers.say(asked("C0"), SAID)
    assert chat.posted == {"mail:1:answer": SAID}


async def test_in_a_channel_that_is_the_bots_no_more_nothing_is_waited_for(store: Store) -> None:
    chat = FakeChat(lose=[NeedsPerson(ARCHIVED, "Name another.")])
    answers = Answers(chat, Posts(store, chat, lambda: NOW), channel="C1")
    await answers.say(asked("C0"), SAID)
    assert chat.lose == [], "it was tried"
    assert chat.posted == {}
