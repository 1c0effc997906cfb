"""A cut of `python -m tests.kills`, and that its judge sees what is to be seen."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.views.press import APPROVE, INVALIDATE, RETRY
from sandbox.driver import Sandbox, start_sandbox
from sandbox.slack.seen import Message
from tests.kills import stories
from tests.kills.cradle import BornBot, Cradle
from tests.kills.evidence import Evidence, Page, gathered
from tests.kills.judge import CREW, DOUBLED, LEAKED, LOST, OPERATIONS, UNTRUE, Broken, broken
from tests.kills.lives import kill
from tests.kills.play import Play
from tests.kills.stream import RATE_SCALE, RETRY_SCALE, Stream, Streamed
from tests.kills.timeline import timeline
from tests.kills.town import Press, Town, key_of

pytestmark = pytest.mark.timeout(240)
SEED, KILLS, IN_FLIGHT = 4397, 8, 4
PATIENCE_SECONDS = 90.0


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    root = tmp_path_factory.mktemp("kills")
    with start_sandbox(root, rate_scale=RATE_SCALE, retry_scale=RETRY_SCALE) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def streamed(sandbox: Sandbox) -> Streamed:
    return Stream(sandbox, SEED, in_flight=IN_FLIGHT).through(KILLS)


def in_the_middle(streamed: Streamed) -> list[str]:
    """The lives that ended between somebody's Approve and the end of that charter's run."""
    evidence = streamed.evidence
    approved = {p.booking_id: p.at for p in evidence.presses if p.action == APPROVE}
    ends = [(key_of(m).partition(":closing:"), float(m.ts)) for m in evidence.messages]
    runs = [(approved[b], at) for (b, of, _), at in ends if of and b in approved]
    return [life for life, at in streamed.killed if any(b < at < end for b, end in runs)]


def test_a_stream_of_charters_comes_through_kills_at_any_moment(streamed: Streamed) -> None:
    assert broken(streamed.evidence) == []
    assert len(streamed.killed) == KILLS
    assert in_the_middle(streamed)
    assert len(streamed.evidence.stories) >= IN_FLIGHT
    assert {"set up", "cancelled"} & {story.ending for story in streamed.evidence.stories}


def entry_twice(evidence: Evidence, booking_id: str) -> Evidence:
    [entry] = [each for each in evidence.entries if each["booking_id"] == booking_id]
    return replace(evidence, entries=(*evidence.entries, {**entry, "id": "another"}))


def entry_gone(evidence: Evidence, booking_id: str) -> Evidence:
    left = tuple(each for each in evidence.entries if each["booking_id"] != booking_id)
    return replace(evidence, entries=left)


def crew_twice(evidence: Evidence, booking_id: str) -> Evidence:
    [event] = [each for each in evidence.events if each["booking_id"] == booking_id]
    again = [
        mail
        for mail in evidence.mails
        if CREW[0] in mail["to"] and str(event["event_id"]) in (mail["text"] or "")
    ]
    return replace(evidence, mails=(*evidence.mails, *again))


def operations_twice(evidence: Evidence, booking_id: str) -> Evidence:
    [mail, *_] = [
        each
        for each in evidence.mails
        if OPERATIONS in each["to"] and booking_id.upper() in each["subject"]
    ]
    return replace(evidence, mails=(*evidence.mails, mail), questions={})


def operations_unasked(evidence: Evidence, booking_id: str) -> Evidence:
    """A person was asked about the mail, and it went out again before anybody pressed Retry."""
    left = [p for p in evidence.presses if (p.booking_id, p.action) != (booking_id, RETRY)]
    twice = operations_twice(evidence, booking_id)
    return replace(twice, questions={booking_id: ["Operations mail"]}, presses=tuple(left))


def run_unasked(evidence: Evidence, booking_id: str) -> Evidence:
    """Another run has ended, and nobody pressed Retry."""
    left = [p for p in evidence.presses if (p.booking_id, p.action) != (booking_id, RETRY)]
    end = next(m for m in evidence.messages if key_of(m).startswith(f"{booking_id}:closing"))
    payload = {"event_payload": {"key": f"{booking_id}:closing:99"}}
    again = Message({**end.raw, "metadata": {**end.metadata, **payload}})
    messages = (*evidence.messages, again)
    return replace(evidence, messages=messages, presses=tuple(left))


def card_twice(evidence: Evidence, booking_id: str) -> Evidence:
    return replace(evidence, messages=(*evidence.messages, *evidence.cards(booking_id)))


def page_gone(evidence: Evidence, booking_id: str) -> Evidence:
    gone = {booking_id: (Page(None, 404, b""), Page(None, 404, b""))}
    return replace(evidence, pages={**evidence.pages, booking_id: gone[booking_id]})


def page_stale(evidence: Evidence, booking_id: str) -> Evidence:
    pages = evidence.pages[booking_id]
    stale = (replace(pages[0], shown=b"as it was"), pages[1])
    return replace(evidence, pages={**evidence.pages, booking_id: stale})


def guests_other(evidence: Evidence, booking_id: str) -> Evidence:
    events = [
        {**each, "guest_count": 6} if each["booking_id"] == booking_id else each
        for each in evidence.events
    ]
    return replace(evidence, events=tuple(events))


def payout_told(evidence: Evidence, booking_id: str) -> Evidence:
    [story] = [each for each in evidence.stories if each.booking_id == booking_id]
    entries = [{**each, "notes": f"{float(story.payout):,.2f}"} for each in evidence.entries]
    return replace(evidence, entries=tuple(entries))


def press_unanswered(evidence: Evidence, booking_id: str) -> Evidence:
    """Somebody pressed once more, and Slack got an acknowledgement."""
    story = next(each for each in evidence.stories if each.booking_id == booking_id)
    many = Press(booking_id, story.who, INVALIDATE, time.time(), acked=99, times=99)
    return replace(evidence, presses=(*evidence.presses, many))


def press_of_nobody(evidence: Evidence, booking_id: str) -> Evidence:
    """Nobody ever pressed what the thread answers."""
    left = [each for each in evidence.presses if each.booking_id != booking_id]
    return replace(evidence, presses=tuple(left))


def still_open(evidence: Evidence, booking_id: str) -> Evidence:
    """The card was never redrawn."""
    messages = [
        Message({**each.raw, "blocks": [], "text": "New charter"})
        if key_of(each) == f"{booking_id}:card"
        else each
        for each in evidence.messages
    ]
    return replace(evidence, messages=tuple(messages))


def end_gone(evidence: Evidence, booking_id: str) -> Evidence:
    left = [e for e in evidence.messages if not key_of(e).startswith(f"{booking_id}:closing")]
    return replace(evidence, messages=tuple(left))


def nobody_approved(evidence: Evidence, booking_id: str) -> Evidence:
    """The same, had it been left undecided."""
    told = [
        replace(each, ending="left") if each.booking_id == booking_id else each
        for each in evidence.stories
    ]
    return replace(evidence, stories=tuple(told))


def restless(evidence: Evidence, _booking_id: str) -> Evidence:
    return replace(evidence, rested=False)


@pytest.mark.parametrize(
    ("plant", "kind", "words"),
    [
        (entry_twice, DOUBLED, "2 calendar entries"),
        (entry_gone, LOST, "0 calendar entries"),
        (crew_twice, DOUBLED, f"crew links to {CREW[0]}"),
        (operations_twice, DOUBLED, "operations mails"),
        (operations_unasked, DOUBLED, "and retried"),
        (run_unasked, DOUBLED, "presses of Retry"),
        (card_twice, DOUBLED, "stands 2 times in Slack"),
        (page_gone, LOST, "guest page"),
        (page_stale, UNTRUE, "the public does not see its guest page as it was uploaded"),
        (guests_other, UNTRUE, "6 guests"),
        (payout_told, LEAKED, "its payout stands in its calendar entry"),
        (press_unanswered, LOST, f"presses of {INVALIDATE} were taken"),
        (press_of_nobody, DOUBLED, "and was pressed 0 times"),
        (still_open, LOST, "its card does not say"),
        (end_gone, LOST, "0 replies at the end"),
        (nobody_approved, UNTRUE, "though nobody approved it"),
        (restless, LOST, "never comes to rest"),
    ],
)
def test_the_judge_sees_it(
    streamed: Streamed, plant: Callable[[Evidence, str], Evidence], kind: str, words: str
) -> None:
    story = next(
        each for each in streamed.evidence.stories if each.ending == "set up" and each.follow_ups
    )
    found = broken(plant(streamed.evidence, story.booking_id))
    assert any(each.kind == kind and words in each.words for each in found), found


def test_the_timeline_of_a_charter_shows_kills_presses_calls_and_thread(
    sandbox: Sandbox, streamed: Streamed
) -> None:
    story = next(each for each in streamed.evidence.stories if each.ending == "set up")
    told = timeline(sandbox, streamed, story.booking_id)
    for words in (
        "killed: life 1, in its ",
        f"{story.who} presses {APPROVE}",
        "target_service=s3 operation=",
        "Slack: chat.postMessage ok",
        f"{story.shown_id} is set up",
    ):
        assert words in told


def test_a_bot_that_does_not_look_after_a_crash_is_caught(
    sandbox: Sandbox, streamed: Streamed
) -> None:
    """The tooth: a kill between an effect and its record, and a second calendar entry."""
    set_up = (each for each in stories.drawn(SEED) if each.ending == "set up")
    story = next(each for each in set_up if each not in streamed.evidence.stories)
    story = replace(story, follow_ups=())
    with (
        Cradle(sandbox.env, sandbox.root, bot="tests.kills.bitten_bot") as cradle,
        ThreadPoolExecutor(1) as people,
    ):
        town = Town(sandbox, told=[story], ends_at=time.monotonic() + PATIENCE_SECONDS)
        sandbox.faults.add("calendar", "timeout_after", operation="create_entry")
        with BornBot(cradle, sandbox.env, sandbox.root, name="bitten-1") as bot:
            played = people.submit(Play(town, story).through)
            town.until(lambda: sandbox.calendar_entries(story.booking_id), "a calendar entry")
            kill(bot, alone=True)
        with BornBot(cradle, sandbox.env, sandbox.root, name="bitten-2"):
            played.result()
        found = broken(gathered(town, failed={}, rested=True))
    assert Broken(story.booking_id, DOUBLED, "2 calendar entries") in found
