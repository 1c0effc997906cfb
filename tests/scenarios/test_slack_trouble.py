"""Slack is slow, away, deaf or forgetful: nothing is lost, nothing doubled, the last state shown."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from booking_mails import booking_mail

from sandbox.bot_process import BotError, BotProcess
from sandbox.slack.seen import Message

BOT = "U0CHARTERBOT"
STEPS = ("Calendar entry", "Crew event", "Guest page", "CDN cache", "Live check", "Operations mail")


def proposed(world, booking_id: str) -> Message:
    world.captain.forwards(booking_mail(booking_id))
    return world.card(booking_id)


def cards(world, booking_id: str) -> list[Message]:
    shown = f"Booking: {booking_id.upper()}"
    return [m for m in world.slack.messages() if m.user == BOT and shown in m.plain]


def must_tell_the_whole_story_once(world, booking_id: str) -> None:
    """One card that says done, below it one checklist with every step done, then the closing."""

    def told(_: object) -> bool:
        return [card for card in cards(world, booking_id) if "Done: all 6 steps" in card] != []

    world.slack.wait_until(told, 40.0, "card that says done")
    (card,) = cards(world, booking_id)

    def whole(_: object) -> list[Message] | None:
        ours = [m for m in world.slack.messages(thread=card.ts) if m.is_reply and m.user == BOT]
        finished = [m for m in ours if all(f"● {step}" in m.plain for step in STEPS)]
        return ours if finished and "is set up" in ours[-1] else None

    story = world.slack.wait_until(whole, 40.0, "checklist and closing reply")
    checklist, closing = story
    assert f"Charter {booking_id.upper()}: Done: all 6 steps finished" in checklist
    assert closing.buttons == [
        "Scrub revenue",
        "Resend crew links",
        "Invalidate cache",
        "Cancel charter",
    ]
    must_have_happened_once(world, booking_id)


def must_have_happened_once(world, booking_id: str) -> None:
    assert len(world.sandbox.calendar_entries(booking_id)) == 1
    assert len(world.sandbox.crew_events(booking_id)) == 1
    assert len(world.crew_mails(booking_id)) == 3


def deletes(world, message: Message) -> None:
    """Somebody with the right to deletes one of the bot's messages."""
    answer = httpx.post(
        f"{world.sandbox.env['SLACK_API_URL']}chat.delete",
        headers={"Authorization": f"Bearer {world.sandbox.env['SLACK_BOT_TOKEN']}"},
        data={"channel": "C0CHARTERS", "ts": message.ts},
    )
    assert answer.json()["ok"], answer.text


# Slack asks for patience, fails, or answers too late


def test_slack_asking_for_patience_loses_nothing(world, booking_id):
    world.slack.fail_next("chat.postMessage", "ratelimited", times=2)
    card = proposed(world, booking_id)
    world.slack.fail_next("chat.postMessage", "ratelimited")
    world.slack.fail_next("chat.update", "ratelimited", times=2)
    world.captain.clicks(card, "approve")
    must_tell_the_whole_story_once(world, booking_id)


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before"])
def test_a_post_that_slack_does_not_confirm_is_neither_lost_nor_doubled(world, booking_id, kind):
    world.slack.fail_next("chat.postMessage", kind)
    card = proposed(world, booking_id)
    world.slack.fail_next("chat.postMessage", kind)
    world.slack.fail_next("chat.update", kind)
    world.captain.clicks(card, "approve")
    must_tell_the_whole_story_once(world, booking_id)


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before", "500", "ratelimited"])
def test_an_answer_that_slack_does_not_confirm_is_given_once(world, kind):
    before = len(world.slack.calls())
    world.slack.fail_next("chat.postMessage", kind)
    sent = world.captain.forwards(b"Subject: Lunch\r\n\r\nAt noon?")

    def gone_on(slack) -> list[dict]:
        """The bot's calls about this thread, once it has looked or posted again."""
        about = [c for c in slack.calls()[before:] if sent.ts in c["arguments"].values()]
        return about if len(about) > 1 else []

    assert world.slack.wait_until(gone_on, what="second attempt")[0]["error"] == kind
    world.slack.wait_for_message("no booking that I can read", thread=sent.ts)
    assert len([m for m in world.slack.messages(thread=sent.ts) if m.is_reply]) == 1


def test_slack_away_around_a_run_is_caught_up_with(world, booking_id):
    card = proposed(world, booking_id)
    world.captain.clicks(card, "approve")
    world.slack.down_for(3.0)
    must_tell_the_whole_story_once(world, booking_id)
    world.slack.wait_until_connected()


# The socket breaks


def test_a_dropped_socket_is_opened_again_and_what_was_missed_is_found(world, booking_id):
    world.slack.drop_sockets()
    world.captain.forwards(booking_mail(booking_id))
    assert "[Approve]" in world.card(booking_id).plain
    world.slack.wait_until_connected()
    assert len(cards(world, booking_id)) == 1


def test_a_socket_that_slack_takes_leave_of_is_followed_by_the_next(world, booking_id):
    world.slack.refresh_sockets()
    world.slack.wait_until_connected()
    proposed(world, booking_id)
    assert world.captain.types("/charter help")[0].startswith("This is what can be typed.")


@pytest.mark.timeout(90)
def test_a_socket_that_has_gone_deaf_is_noticed(world, booking_id):
    asked = len(world.slack.calls("apps.connections.open"))
    world.slack.go_deaf()
    world.captain.forwards(booking_mail(booking_id))

    def heard_again(slack) -> bool:
        opened = len(slack.calls("apps.connections.open")) > asked
        return opened and slack.state()["connections"] == 1

    world.slack.wait_until(heard_again, 60.0, "new connection in place of the deaf one")
    assert "[Approve]" in world.card(booking_id).plain
    assert world.captain.types("/charter help")[0].startswith("This is what can be typed.")


# Messages that Slack refuses or people delete


def test_deleted_messages_are_posted_anew_with_the_last_state(world, booking_id):
    world.sandbox.unset_key_hash()
    try:
        card = proposed(world, booking_id)
        world.captain.clicks(card, "approve")
        world.said(card, "needs a person")
    finally:
        world.sandbox.restore_key_hash()
    checklist = next(m for m in world.slack.messages(thread=card.ts) if "Charter " in m.plain)
    deletes(world, checklist)
    deletes(world, card)
    (told,) = world.captain.types(f"/charter retry {booking_id}")
    assert "trying again what is not done" in told

    def done(_: object) -> Message | None:
        return next((c for c in cards(world, booking_id) if "Done: all 6 steps" in c), None)

    anew = world.slack.wait_until(done, 40.0, "new card that says done")
    assert anew.ts != card.ts
    world.said(anew, "is set up")
    world.said(anew, f"Charter {booking_id.upper()}: Done: all 6 steps")
    must_have_happened_once(world, booking_id)


@pytest.fixture
def refuses_task_cards(world) -> Iterator[None]:
    """A workspace of the kind that has none; the bot forgets it with a restart."""
    world.slack.refuse_task_cards()
    yield
    world.slack.refuse_task_cards(refuse=False)
    world.bot.stop()


@pytest.mark.usefixtures("refuses_task_cards")
def test_a_workspace_without_task_cards_gets_plain_sections(world, booking_id):
    card = proposed(world, booking_id)
    world.captain.clicks(card, "approve")
    world.said(card, "is set up")

    def finished(_: object) -> Message | None:
        thread = world.slack.messages(thread=card.ts)
        return next((m for m in thread if "Charter " in m.plain and "Done: all" in m.plain), None)

    checklist = world.slack.wait_until(finished, 20.0, "finished checklist")
    assert {"plan", "task_card"}.isdisjoint(block["type"] for block in checklist.blocks)
    assert all(f"✓ *{step}*: done" in checklist.plain for step in STEPS)


# The bot is away, or never gets in

TRIES = 4  # of Slack's to deliver an event


def test_mail_that_came_while_the_bot_was_away_is_found_once_slack_is_back(running, booking_id):
    running.bot.stop()
    sent = running.captain.forwards(booking_mail(booking_id))

    def given_up(slack) -> bool:
        tries = [d for d in slack.deliveries() if d["name"] == sent.event_id]
        return len(tries) == TRIES

    running.slack.wait_until(given_up, 40.0, "Slack gave up")
    running.slack.down_for(2.0)
    running.bot.start()
    running.bot.wait_ready(30)
    assert "[Approve]" in running.card(booking_id)
    heard = [d for d in running.slack.deliveries() if d["name"] == sent.event_id]
    assert all(d["error"] for d in heard), "found by looking, not by being told"
    running.captain.redelivers(sent)
    running.slack.wait_until(
        lambda slack: any(d["name"] == sent.event_id and not d["error"] for d in slack.deliveries())
    )
    assert running.captain.types("/charter help")
    assert len(cards(running, booking_id)) == 1


def test_a_wrong_bot_token_is_named_with_the_remedy_as_is_a_database_that_is_new(
    running, tmp_path: Path
):
    env = {
        **running.sandbox.env,
        "SLACK_BOT_TOKEN": "xoxb-1-wrong",
        "CHARTER_DATABASE_URL": f"sqlite:///{tmp_path / 'charter.db'}",
    }
    with BotProcess(env, tmp_path) as bot:
        waits = bot.wait_for(lambda line: line.get("event") == "sweep_waits", 15)
        assert "invalid_auth" in waits["reason"]
        assert waits["hint"]
        [new] = [line for line in bot.logs() if line.get("event") == "database_is_new"]
        assert new["database"] == str(tmp_path / "charter.db")
        bot.stop()
        bot.start()
        bot.wait_for(lambda line: line.get("event") == "ready", 15)
        assert len([x for x in bot.logs() if x.get("event") == "database_is_new"]) == 1


def test_a_wrong_app_token_is_refused_at_start_with_the_remedy(running, tmp_path: Path):
    env = {
        **running.sandbox.env,
        "SLACK_APP_TOKEN": "xapp-1-wrong",
        "CHARTER_DATABASE_URL": f"sqlite:///{tmp_path / 'charter.db'}",
    }
    with (
        BotProcess(env, tmp_path) as bot,
        pytest.raises(BotError, match="Slack refused SLACK_APP_TOKEN"),
    ):
        bot.wait_ready(15)
