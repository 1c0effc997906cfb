"""Past one machine: three replicas and a spare on PostgreSQL, and what may befall them."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from booking_mails import booking_mail
from fleet import HURRIED, Fleet, fleet
from outcomes import (
    assert_completed,
    assert_one_of_each,
    assert_whole_story,
    operations_mails,
    propose,
    replies,
    until,
    until_met,
)

from sandbox.bot_process import BotProcess
from sandbox.slack.seen import Message
from tests.postgresql_server import PostgreSQL, postgresql_server

pytestmark = pytest.mark.timeout(300)
# How long it takes depends on what else the machine does; that it comes about does not.
WITHIN_SECONDS = 60.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture(scope="module")
def started(server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("replicas"), server) as replicas:
        replicas.start_all()
        yield replicas


@pytest.fixture
def replicas(started: Fleet) -> Iterator[Fleet]:
    """Three at work and a spare, nothing going wrong."""
    started.start_all()
    until(lambda: len(started.at_work()) == 3, "three replicas at work")
    yield started
    started.sandbox.faults.clear()
    started.sandbox.clear_latencies()


def held(replicas: Fleet, booking_id: str) -> tuple[Message, str]:
    """The card of a charter whose crew event is on its way, and the replica that waits for it."""
    card = propose(replicas.world, booking_id)
    replicas.sandbox.faults.add("crew_service", "timeout_after", operation="create_event")
    replicas.world.captain.clicks(card, "approve")
    until_met(replicas.world)
    until(lambda: replicas.step(booking_id, "live_check") == "done", "end of the other lane")
    return card, replicas.runner_of(booking_id)


def test_each_replica_has_a_slot_and_the_spare_has_none(replicas: Fleet) -> None:
    assert sorted(replicas.at_work().values()) == ["slot-0", "slot-1", "slot-2"]
    assert replicas.world.slack.state()["connections"] == 3
    assert replicas.bots[replicas.spare()].running


def test_a_replica_killed_for_good_has_its_slot_and_its_work_taken_over(
    replicas: Fleet, booking_id: str
) -> None:
    card, runner = held(replicas, booking_id)
    slot, spare = replicas.at_work()[runner], replicas.spare()
    replicas.bots[runner].kill()
    until(lambda: replicas.at_work().get(spare) == slot, "takeover by the spare", WITHIN_SECONDS)
    replicas.world.said(card, "is set up", timeout=WITHIN_SECONDS)
    assert_one_of_each(replicas.world, booking_id)
    assert_whole_story(replicas.world, card)


def test_where_there_is_no_spare_those_who_live_take_the_work_over(
    replicas: Fleet, booking_id: str
) -> None:
    replicas.bots[replicas.spare()].kill()
    card, runner = held(replicas, booking_id)
    slot = replicas.at_work()[runner]
    replicas.bots[runner].kill()
    replicas.world.said(card, "is set up", timeout=WITHIN_SECONDS)
    assert_one_of_each(replicas.world, booking_id)
    assert_whole_story(replicas.world, card)
    told = [line for bot in replicas.bots.values() for line in bot.logs()]
    assert any(line.get("event") == "took_over" and line["slot"] == slot for line in told)
    assert slot not in replicas.at_work().values()


def test_one_press_told_to_every_replica_is_one_approval(replicas: Fleet, booking_id: str) -> None:
    card = propose(replicas.world, booking_id)
    replicas.world.captain.clicks(card, "approve", times=6, redelivered=True)
    for _ in range(3):  # as the mate still sees it, whoever was quicker
        replicas.world.mate.stale_click(card, "approve")
    replicas.world.said(card, "is set up")
    assert_completed(replicas.world, card)
    approvals = replicas.asked(
        "SELECT who FROM audit WHERE booking_id = :id AND what = 'approved'", id=booking_id
    )
    assert len(approvals) == 1


def test_mail_told_to_every_replica_is_one_card_each(
    replicas: Fleet, new_id: Callable[[], str]
) -> None:
    ids = [new_id() for _ in range(9)]
    for each in ids:
        sent = replicas.world.captain.forwards(booking_mail(each))
        replicas.world.captain.redelivers(sent, times=3)
    cards = [replicas.world.card(each) for each in ids]
    for each in ids:
        query = "SELECT shown >= changed FROM charters WHERE booking_id = :id"
        until(lambda each=each, query=query: replicas.asked(query, id=each)[0][0], "drawn card")
    shown = [m.plain for m in replicas.world.slack.messages()]
    assert [sum(f"Booking: {each.upper()} " in text for text in shown) for each in ids] == [1] * 9
    assert len({card.ts for card in cards}) == 9


def test_a_thread_that_every_replica_touches_never_goes_back(
    replicas: Fleet, booking_id: str
) -> None:
    """Commands about one charter, spread over the replicas while one of them runs it."""
    card = propose(replicas.world, booking_id)
    replicas.sandbox.set_latencies({"crew_service": 1.5, "edge": 0.3})
    replicas.world.captain.clicks(card, "approve")
    until(lambda: replicas.step(booking_id, "live_check") == "done", "page that is live")
    assert replicas.step(booking_id, "crew_event") != "done"
    for _ in range(9):
        replicas.world.captain.types(f"/charter invalidate {booking_id}", answers=0)
    replicas.world.said(card, "is set up")
    replicas.world.slack.wait_until(
        lambda _: len(_answers(replicas, card)) == 9, what="answer to every command"
    )
    assert_whole_story(replicas.world, card)
    assert_one_of_each(replicas.world, booking_id)
    checklist = next(r for r in replies(replicas.world, card) if r.plain.startswith("Charter "))
    seen = [
        len(re.findall(r"complete", str(call["arguments"])))
        for call in replicas.world.slack.calls("chat.update")
        if call["arguments"].get("ts") == checklist.ts and not call["error"]
    ]
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert len([n for n in replicas.took_part(booking_id).values() if n]) > 1


def test_a_replica_whose_lock_is_lost_ends_at_once_and_nothing_is_done_twice(
    replicas: Fleet, booking_id: str
) -> None:
    card, runner = held(replicas, booking_id)
    loses_its_place(replicas, replicas.at_work()[runner], replicas.bots[runner])
    replicas.world.said(card, "is set up", timeout=WITHIN_SECONDS)
    assert_one_of_each(replicas.world, booking_id)
    assert_whole_story(replicas.world, card)


def test_a_replica_that_waits_for_slack_takes_work_over_and_watches_its_place(
    server: PostgreSQL, tmp_path: Path, booking_id: str
) -> None:
    with fleet(tmp_path, server, names=("one",), slots=2) as replicas:
        replicas.start_all()
        env = {**replicas.sandbox.env, "SLACK_API_URL": "http://127.0.0.1:9/api/"}
        with BotProcess(env, tmp_path, name="deaf", command=HURRIED) as deaf:
            deaf.wait_for(lambda line: line.get("event") == "socket_waits")
            _, runner = held(replicas, booking_id)
            replicas.bots[runner].kill()
            mailed = "end of the run by the other replica"
            until(lambda: replicas.step(booking_id, "operations_mail") == "done", mailed)
            assert_one_of_each(replicas.world, booking_id)
            loses_its_place(replicas, "slot-1", deaf)


def test_a_restart_of_the_server_in_the_middle_loses_and_doubles_nothing(
    replicas: Fleet, booking_id: str, new_id: Callable[[], str]
) -> None:
    card, _ = held(replicas, booking_id)
    waits = propose(replicas.world, (other := new_id()))
    spare = replicas.bots[replicas.spare()]
    replicas.server.restart()
    for bot in replicas.bots.values():
        until(lambda bot=bot: not bot.running, "end of every replica", WITHIN_SECONDS)
        assert bot.stop() == 1
        said = "waited as a spare" if bot is spare else "another bot may have its work by now"
        assert said in bot.output()
    replicas.start_all()
    replicas.world.said(card, "is set up", timeout=WITHIN_SECONDS)
    assert_one_of_each(replicas.world, booking_id)
    assert_whole_story(replicas.world, card)
    replicas.world.captain.clicks(waits, "approve")
    replicas.world.said(waits, "is set up", timeout=WITHIN_SECONDS)
    assert_completed(replicas.world, waits)
    assert len(operations_mails(replicas.world, other)) == 1


def test_what_several_say_at_once_is_shown_although_slack_limits_them_together(
    server: PostgreSQL, tmp_path: Path, new_id: Callable[[], str]
) -> None:
    """Slack's own rates, and the bot as it is: each replica keeps to them, both together do not."""
    command = (sys.executable, "-m", "bot.cli", "run")
    names = ("one", "two")
    with fleet(tmp_path, server, names=names, slots=2, rate_scale=1.0, command=command) as two:
        two.start_all()
        until(lambda: len(two.at_work()) == 2, "two replicas at work")
        ids = [new_id() for _ in range(10)]
        for each in ids:
            two.world.captain.forwards(booking_mail(each))
        for each in ids:
            card = two.world.slack.wait_for_message(f"Booking: {each.upper()}", timeout=60)
            two.world.captain.clicks(card, "approve")
        for each in ids:
            card = two.world.card(each)
            two.world.said(card, "is set up", timeout=120)
            assert_whole_story(two.world, card)
            two.says(card, "Done: all 6 steps")
        refused = [call for call in two.world.slack.calls() if call["error"] == "ratelimited"]
        assert refused  # else this shows nothing


def loses_its_place(replicas: Fleet, slot: str, bot: BotProcess) -> None:
    """The server ends the connection that holds it, and the replica ends at once."""
    replicas.server.run(
        "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d "
        "ON d.oid = l.database WHERE l.locktype = 'advisory' AND l.classid = :number "
        "AND l.objsubid = 1 AND d.datname = :name",
        number=int(slot.removeprefix("slot-")),
        name=replicas.sandbox.env["CHARTER_DATABASE_URL"].rpartition("/")[2].partition("?")[0],
    )
    until(lambda: not bot.running, "end of the replica", WITHIN_SECONDS)
    assert bot.stop() == 1
    assert "another bot may have its work by now" in bot.output()


def _answers(replicas: Fleet, card: Message) -> list[Message]:
    return [r for r in replies(replicas.world, card) if "The live page is what was" in r.plain]
