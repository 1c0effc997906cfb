"""What an open page hears, and how soon."""

import asyncio
from typing import Any

import httpx
import pytest

from sandbox.slack.server import SlackStandIn
from sandbox.workspace.bot import Bot
from sandbox.workspace.changes import Changes
from sandbox.workspace.sight import Sight

Json = dict[str, Any]
CHANNEL = "C0CHARTERS"


def of_kind(kind: str, **facts: Any):
    return lambda change: (
        change["kind"] == kind and all(change.get(name) == facts[name] for name in facts)
    )


def message(ts: str, text: str):
    return lambda change: (
        change["kind"] == "message"
        and change["message"]["ts"] == ts
        and change["message"]["text"] == text
    )


def test_a_message_is_heard_when_it_is_posted_changed_and_deleted(listen, bot_says):
    with listen("U0CREW") as stream:
        ts = bot_says("chat.postMessage", channel=CHANNEL, text="one")["ts"]
        assert stream.until(message(ts, "one"))["channel"] == CHANNEL
        bot_says("chat.update", channel=CHANNEL, ts=ts, text="two")
        assert "edited" in stream.until(message(ts, "two"))["message"]
        bot_says("chat.delete", channel=CHANNEL, ts=ts)
        stream.until(of_kind("message_gone", channel=CHANNEL, ts=ts))


def test_a_reply_is_heard_with_its_parents_new_count(listen, bot_says):
    parent = bot_says("chat.postMessage", channel=CHANNEL, text="parent")["ts"]
    with listen("U0CREW") as stream:
        reply = bot_says("chat.postMessage", channel=CHANNEL, text="reply", thread_ts=parent)["ts"]
        heard = stream.until(message(parent, "parent"))["message"]
        assert (heard["reply_count"], heard["latest_reply"]) == (1, reply)
        bot_says("chat.delete", channel=CHANNEL, ts=reply)
        assert "reply_count" not in stream.until(message(parent, "parent"))["message"]


def test_a_private_channel_is_heard_by_its_members_alone(listen, slack):
    with listen("U0CAPTAIN") as captain, listen("U0STRANGER") as stranger:
        slack.as_user("U0CAPTAIN").says("secret", channel="G0OWNERS")
        slack.as_user("U0CAPTAIN").says("open", channel="C0DOCK")
        captain.until(lambda c: c["kind"] == "message" and c["message"]["text"] == "secret")
        heard = stranger.among(lambda c: c.get("message", {}).get("text") == "open")
    assert "secret" not in str(heard)


def test_a_whisper_is_heard_by_its_person_alone_and_until_it_is_gone(listen, slack, bot_says):
    with listen("U0CREW") as crew, listen("U0STRANGER") as stranger:
        posted = bot_says("chat.postEphemeral", channel=CHANNEL, user="U0CREW", text="psst")
        whispered = crew.until(of_kind("ephemeral"))["message"]
        assert (whispered["ts"], whispered["shown_to"]) == (posted["message_ts"], "U0CREW")
        slack.as_user("U0MATE").says("aloud", channel=CHANNEL)
        heard = stranger.among(lambda c: c.get("message", {}).get("text") == "aloud")
    assert "psst" not in str(heard)


def test_a_modal_is_heard_when_it_opens_and_closes(listen, slack, a_card):
    captain = slack.as_user("U0CAPTAIN")
    card = a_card()
    with listen("U0CAPTAIN") as stream, listen("U0MATE") as mate:
        captain.clicks(card, "edit")
        opened = stream.until(lambda c: c["kind"] == "modal" and c["view"])
        assert opened["view"]["blocks"]
        captain.closes()
        stream.until(of_kind("modal", view=None))
        slack.as_user("U0MATE").says("done", channel="C0DOCK")
        heard = mate.among(lambda c: c.get("message", {}).get("text") == "done")
    assert not [change for change in heard if change["kind"] == "modal"]


def test_a_home_is_heard_by_its_owner(listen, bot_says):
    def publish(text: str) -> None:
        block = {"type": "section", "text": {"type": "plain_text", "text": text}}
        bot_says("views.publish", user_id="U0MATE", view={"type": "home", "blocks": [block]})

    def says(text: str):
        return lambda c: c["kind"] == "home" and text in str(c["view"])

    with listen("U0MATE") as stream:
        publish("first")
        stream.until(says("first"))
        publish("second")
        stream.until(says("second"))


@pytest.mark.parametrize("after", ["1", "nonsense", "9" * 18])
def test_a_page_of_another_rehearsal_is_told_to_begin_anew(page, snapshot, after: str):
    asked = {"user": "U0CREW", "after": after}
    with page.stream("GET", "/workspace/stream", params=asked) as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith("id: ")
        assert '"changes":[{"kind":"reset"}]' in next(lines)


def test_a_connection_goes_on_where_the_last_one_ended(listen, snapshot, slack):
    mate = slack.as_user("U0MATE")
    start = snapshot("U0CREW")["seq"]
    with listen("U0CREW", start) as stream:
        first = mate.says("before the gap", channel="C0DOCK")
        stream.until(message(first.ts, "before the gap"))
        seen = stream.seq
    missed = mate.says("in the gap", channel="C0DOCK")
    with listen("U0CREW", start, **{"Last-Event-ID": str(seen)}) as stream:
        heard = stream.among(message(missed.ts, "in the gap"))
    assert "before the gap" not in str(heard)


def test_a_switch_by_hand_is_heard_as_news_of_the_world(listen, sandbox):
    with listen("U0CREW") as stream:
        sandbox.put_legacy_event("xhqgmdh")
        stream.until(of_kind("world"))
    with listen("U0CREW") as stream:
        sandbox.slack.rate_scale(50)
        stream.until(of_kind("world"))


def test_a_call_to_a_service_is_heard_as_news_of_the_world(listen, sandbox):
    with listen("U0CREW") as stream:
        httpx.get(f"{sandbox.urls['edge']}/g/nothing")
        stream.until(of_kind("world"))


def test_each_update_arrives(listen, bot_says):
    ts = bot_says("chat.postMessage", channel=CHANNEL, text="0")["ts"]
    with listen("U0CAPTAIN") as stream:
        for number in range(1, 8):
            bot_says("chat.update", channel=CHANNEL, ts=ts, text=str(number))
            stream.until(message(ts, str(number)))


def stand_in() -> SlackStandIn:
    slack = SlackStandIn()
    slack.events.publish = lambda _: None
    slack.board._publish = lambda _: None
    return slack


def changes_for(slack: SlackStandIn, me: str, after: int) -> list[Json]:
    changes = Changes(slack, Bot(slack.delivery, slack.journal, lambda _: None), Sight(slack, me))
    return changes.of(slack.journal.since(after))


def test_many_notes_of_one_message_are_one_change_with_its_latest_state():
    slack = stand_in()
    channel, before = slack.workspace.channels[CHANNEL], slack.journal.seq
    posted = slack.board.post(channel, {"user": "U0CREW", "text": "0"})
    for number in range(1, 50):
        slack.board.update(channel, posted, {"text": str(number)}, "U0CREW")
    (change,) = changes_for(slack, "U0MATE", before)
    assert change["message"]["text"] == "49"


def test_a_message_that_came_and_went_is_only_gone():
    slack = stand_in()
    channel, before = slack.workspace.channels[CHANNEL], slack.journal.seq
    posted = slack.board.post(channel, {"user": "U0CREW", "text": "oops"})
    slack.board.delete(channel, posted)
    gone = {"kind": "message_gone", "channel": CHANNEL, "ts": posted["ts"]}
    assert changes_for(slack, "U0MATE", before) == [gone]


def test_a_whisper_that_was_taken_away_is_gone_for_its_person_alone():
    slack = stand_in()
    whispered = slack.board.whisper(CHANNEL, "U0CREW", {"text": "psst"})
    before = slack.journal.seq
    slack.board.change_whisper(whispered, None)
    assert changes_for(slack, "U0CREW", before) == [
        {"kind": "ephemeral_gone", "ts": whispered["ts"]}
    ]
    assert changes_for(slack, "U0MATE", before) == []


def test_the_journal_knows_what_it_no_longer_reaches():
    journal = stand_in().journal
    start = journal.seq
    assert journal.reaches(start)
    assert not journal.reaches(start - 1)
    for number in range(6_000):
        journal.note("call", method=str(number), error="")
    assert not journal.reaches(start)
    assert journal.reaches(journal.seq - 5_000)
    assert not journal.reaches(journal.seq + 1)


@pytest.mark.parametrize("after", [0, 9 * 10**17])
async def test_a_number_of_no_sequence_means_now(after: int):
    journal = stand_in().journal
    journal.note("before")
    waiting = asyncio.create_task(journal.wait(after, 20))
    await asyncio.sleep(0)
    assert not waiting.done()
    journal.note("then")
    assert [each["kind"] for each in await waiting] == ["then"]


async def test_a_reader_who_comes_too_late_does_not_wait_as_well():
    journal = stand_in().journal
    start = journal.seq
    for _ in range(6_000):
        journal.note("call")
    assert len(await journal.wait(start, 20)) == 5_000
