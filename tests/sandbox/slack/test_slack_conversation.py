"""A real Bolt app talks to the stand-in: events, clicks, modals, commands."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

MAIL = (
    b"From: Cap Tain <captain@example.com>\r\nTo: charters-abc@example.slack.com\r\n"
    b"Subject: Fwd: a booking\r\nDate: Thu, 14 May 2026 11:00:00 -0700\r\n"
    b"Message-ID: <1@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBooking ID: x\r\n"
)


def approve_button(**extra: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Approve"}
    return {"type": "button", "action_id": "approve", "text": text, "value": "1", **extra}


def card(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "A charter"}}
    return [section, {"type": "actions", "elements": list(elements)}]


def posts_a_card(app: AsyncApp) -> None:
    @app.event({"type": "message", "subtype": "file_share"})
    async def on_mail(event: dict[str, Any], client: Any) -> None:
        await client.chat_postMessage(
            channel=event["channel"],
            text="A charter",
            blocks=card(approve_button()),
            metadata={"event_type": "charter", "event_payload": {"id": "x"}},
        )

    @app.action("approve")
    async def on_approve(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        told = f"Approved by <@{body['user']['id']}>"
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**where, text=told, blocks=[])


def test_a_forwarded_mail_becomes_a_card_that_one_click_settles(rehearsal):
    rehearsal.connect(posts_a_card)
    captain = rehearsal.person()
    captain.forwards(MAIL)
    shown = rehearsal.workspace.wait_for_message("A charter")
    assert shown.buttons == ["Approve"]
    assert shown.metadata["event_payload"] == {"id": "x"}
    assert captain.clicks(shown, "Approve").errors == ()
    settled = rehearsal.workspace.wait_for_message("Approved by <@U0CAPTAIN>")
    assert (settled.ts, settled.buttons) == (shown.ts, [])
    assert "U0CHARTERBOT" in rehearsal.workspace.transcript()


def test_ten_clicks_at_once_are_ten_payloads(rehearsal):
    pressed: list[str] = []

    def register(app: AsyncApp) -> None:
        posts_a_card(app)

        @app.action("count")
        async def on_count(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            pressed.append(body["trigger_id"])

    rehearsal.connect(register)
    blocks = card(approve_button(action_id="count"))
    ts = rehearsal.call("chat.postMessage", channel="C0CHARTERS", text="x", blocks=blocks)["ts"]
    assert rehearsal.person().clicks(ts, "count", times=10).errors == ()
    assert len(set(pressed)) == 10


def test_a_confirm_dialog_is_shown_and_may_be_dismissed(rehearsal):
    pressed = threading.Event()

    def register(app: AsyncApp) -> None:
        @app.action("approve")
        async def on_approve(ack: Any) -> None:
            await ack()
            pressed.set()

    rehearsal.connect(register)
    plain = {name: {"type": "plain_text", "text": name} for name in ("title", "text", "confirm")}
    blocks = card(approve_button(confirm=plain))
    ts = rehearsal.call("chat.postMessage", channel="C0CHARTERS", text="x", blocks=blocks)["ts"]
    dismissed = rehearsal.person().clicks(ts, "approve", confirm=False)
    assert (dismissed.dialog, dismissed.dismissed) == ("title\ntext\nconfirm", True)
    assert not pressed.is_set()
    rehearsal.person().clicks(ts, "approve", confirm=True)
    assert pressed.is_set()


def test_a_button_that_is_gone_can_only_be_pressed_on_a_stale_screen(rehearsal):
    rehearsal.connect(posts_a_card)
    captain = rehearsal.person()
    captain.forwards(MAIL)
    old = rehearsal.workspace.wait_for_message("A charter")
    captain.clicks(old, "approve")
    rehearsal.workspace.wait_for_message("Approved by")
    with pytest.raises(AssertionError, match="nothing called 'approve'"):
        captain.clicks(old, "approve")
    assert captain.stale_click(old, "approve").errors == ()


def test_a_persons_message_and_the_bots_own_come_back_as_events(rehearsal):
    heard: list[dict[str, Any]] = []

    def register(app: AsyncApp) -> None:
        @app.middleware
        async def keep(body: dict[str, Any], next_: Callable[[], Any]) -> None:
            heard.append(body["event"])
            await next_()

        @app.event("message")
        async def on_message(say: Any) -> None:
            await say("heard")

    rehearsal.connect(register)
    rehearsal.person().says("ahoy")
    rehearsal.workspace.wait_for_message("heard")

    def both(workspace: Any) -> bool:
        return len([each for each in workspace.deliveries() if not each["error"]]) >= 2

    rehearsal.workspace.wait_until(both)
    assert heard[0]["user"] == "U0CAPTAIN"
    sent = rehearsal.stand_in.events.sent.values()
    assert [each["event"].get("bot_id") for each in sent] == [None, "B0CHARTERBOT"]
    assert len(rehearsal.workspace.messages()) == 2


def edit_modal() -> dict[str, Any]:
    def field(block_id: str, element: dict[str, Any], **extra: Any) -> dict[str, Any]:
        label = {"type": "plain_text", "text": block_id.title()}
        return {"type": "input", "block_id": block_id, "label": label, "element": element, **extra}

    options = [
        {"text": {"type": "plain_text", "text": name}, "value": name.lower()}
        for name in ("JADA", "Other")
    ]
    return {
        "type": "modal",
        "callback_id": "edit",
        "title": {"type": "plain_text", "text": "Edit"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            field("guests", {"type": "plain_text_input", "action_id": "value"}),
            field("boat", {"type": "static_select", "action_id": "value", "options": options}),
        ],
    }


def test_a_modal_shows_the_apps_errors_and_closes_when_it_is_taken(rehearsal):
    taken: list[dict[str, Any]] = []

    def register(app: AsyncApp) -> None:
        @app.action("approve")
        async def on_edit(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=edit_modal())

        @app.view("edit")
        async def on_submit(ack: Any, view: dict[str, Any]) -> None:
            values = view["state"]["values"]
            if not values["guests"]["value"]["value"].isdigit():
                await ack(response_action="errors", errors={"guests": "a number, please"})
                return
            await ack()
            taken.append(values)

    rehearsal.connect(register)
    blocks = card(approve_button())
    ts = rehearsal.call("chat.postMessage", channel="C0CHARTERS", text="x", blocks=blocks)["ts"]
    captain = rehearsal.person()
    captain.clicks(ts, "approve")
    assert captain.modal().title == "Edit"
    required = "Please complete this required field."
    assert captain.submits() == {"guests": required, "boat": required}
    captain.fills({"guests": "many", "Boat": "JADA"})
    assert captain.submits() == {"guests": "a number, please"}
    assert captain.modal().values == {"guests": "many", "boat": "jada"}
    assert captain.fills({"guests": "4"}).submits() is None
    assert rehearsal.workspace.modal("U0CAPTAIN") is None
    assert taken[0]["boat"]["value"]["selected_option"]["value"] == "jada"


def test_a_command_is_answered_in_the_ack_and_through_its_response_url(rehearsal):
    def register(app: AsyncApp) -> None:
        @app.command("/charter")
        async def on_command(ack: Any, command: dict[str, Any], respond: Any) -> None:
            await ack(f"looking for {command['text']}")
            await respond(text="found it")

    rehearsal.connect(register)
    told = rehearsal.person("U0CREW").types("/charter status X", answers=2)
    assert sorted(told) == ["found it", "looking for status X"]
    assert rehearsal.workspace.messages() == []
    assert rehearsal.workspace.ephemerals("U0CAPTAIN") == []


def test_a_shortcut_carries_the_message(rehearsal):
    def register(app: AsyncApp) -> None:
        @app.shortcut("read_as_booking")
        async def on_shortcut(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            message, where = body["message"], body["channel"]["id"]
            said = f"read: {message['text']}"
            await client.chat_postMessage(channel=where, thread_ts=message["ts"], text=said)

        @app.event("message")
        async def on_message() -> None:
            pass

    rehearsal.connect(register)
    captain = rehearsal.person()
    said = captain.says("Booking ID: x")
    captain.uses_shortcut("read_as_booking", said)
    reply = rehearsal.workspace.wait_for_message("read: Booking ID: x", thread=said.ts)
    assert reply.is_reply


def test_the_event_of_a_mail_is_slacks_own(rehearsal, tmp_path: Path):
    heard: list[dict[str, Any]] = []

    def register(app: AsyncApp) -> None:
        @app.event({"type": "message", "subtype": "file_share"})
        async def on_mail(event: dict[str, Any]) -> None:
            heard.append(event)

    rehearsal.connect(register)
    (tmp_path / "mail.eml").write_bytes(MAIL)
    rehearsal.person().forwards(tmp_path / "mail.eml")
    rehearsal.workspace.wait_until(lambda seen: seen.deliveries())
    event = heard[0]
    assert (event["user"], event["bot_id"], event["text"]) == ("USLACKBOT", "B0EMAIL", "")
    (file,) = event["files"]
    assert (file["mode"], file["filetype"], file["subject"]) == ("email", "email", "Fwd: a booking")
    assert file["from"] == [
        {
            "address": "captain@example.com",
            "name": "Cap Tain",
            "original": "Cap Tain <captain@example.com>",
        }
    ]
    assert file["plain_text"] == "Booking ID: x\n"
    assert file["headers"]["message_id"] == "<1@example.com>"
