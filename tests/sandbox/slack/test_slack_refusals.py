"""The stand-in refuses what Slack refuses, in Slack's words."""

import copy
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

CHANNEL = "C0CHARTERS"


def text(kind: str, words: str) -> dict[str, Any]:
    return {"type": kind, "text": words}


def plain(words: str) -> dict[str, Any]:
    return text("plain_text", words)


def section(**content: Any) -> dict[str, Any]:
    return {"type": "section", **content}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def button(**extra: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **extra}


def select(options: int) -> dict[str, Any]:
    many = [{"text": plain(str(n)), "value": str(n)} for n in range(options)]
    return {"type": "static_select", "action_id": "boat", "options": many}


def confirm(**changed: Any) -> dict[str, Any]:
    fine = {"title": plain("t"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")}
    return {**fine, **changed}


def task(status: str = "pending", **extra: Any) -> dict[str, Any]:
    return {"type": "task_card", "task_id": "calendar", "title": "x", "status": status, **extra}


def rich(*words: str) -> dict[str, Any]:
    parts = [{"type": "text", "text": each} for each in words]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}


FINE = [
    {"type": "header", "text": plain("h" * 150)},
    section(text=text("mrkdwn", "x" * 3000)),
    section(fields=[plain("f")] * 10, accessory=button(action_id="accessory")),
    {"type": "divider"},
    {"type": "context", "elements": [plain("c")] * 10},
    actions(
        button(text=plain("b" * 75), value="v" * 2000, style="danger", confirm=confirm()),
        select(100),
        {"type": "overflow", "action_id": "more", "options": select(5)["options"]},
        {"type": "datepicker", "action_id": "date", "initial_date": "2026-05-30"},
        {"type": "timepicker", "action_id": "time", "initial_time": "10:00"},
        {"type": "datetimepicker", "action_id": "at", "initial_date_time": 1780000000},
        {"type": "users_select", "action_id": "who"},
    ),
    {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"},
    rich("hello"),
    {"type": "markdown", "text": "# hello"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
    task(
        "complete",
        output=rich("done"),
        sources=[{"type": "url", "url": "https://x.y", "text": "z"}],
    ),
    {"type": "plan", "title": "Charter", "tasks": [task("in_progress"), task("error")]},
]

REFUSED = {
    "/blocks": [section(text=plain("x"))] * 51,
    "/blocks/0/type": [{"type": "banner"}],
    "/blocks/0/text/text": [{"type": "header", "text": plain("h" * 151)}],
    "/blocks/0/text/type": [{"type": "header", "text": text("mrkdwn", "h")}],
    "/blocks/1/text/text": [{"type": "divider"}, section(text=text("mrkdwn", "x" * 3001))],
    "/blocks/0": [section()],
    "/blocks/0/fields": [section(fields=[plain("f")] * 11)],
    "/blocks/0/fields/1/text": [section(fields=[plain("f"), plain("f" * 2001)])],
    "/blocks/0/colour": [section(text=plain("x"), colour="red")],
    "/blocks/0/elements": [{"type": "context", "elements": [plain("c")] * 11}],
    "/blocks/0/elements/0/text/text": [actions(button(text=plain("b" * 76)))],
    "/blocks/0/elements/0/text": [actions(button(text="Go"))],
    "/blocks/0/elements/0/value": [actions(button(value="v" * 2001))],
    "/blocks/0/elements/0/action_id": [actions(button(action_id="a" * 256))],
    "/blocks/0/elements/0/style": [actions(button(style="pink"))],
    "/blocks/0/elements/0/type": [actions({"type": "plain_text_input", "action_id": "x"})],
    "/blocks/1/elements/0/action_id": [actions(button()), actions(button())],
    "/blocks/1/block_id": [{"type": "divider", "block_id": "x"}] * 2,
    "/blocks/0/elements/0/options": [actions(select(101))],
    "/blocks/0/elements/0/confirm/title/text": [
        actions(button(confirm=confirm(title=plain("t" * 101))))
    ],
    "/blocks/0/elements/0/confirm/text/text": [
        actions(button(confirm=confirm(text=plain("t" * 301))))
    ],
    "/blocks/0/elements/0/confirm/deny/text": [
        actions(button(confirm=confirm(deny=plain("t" * 31))))
    ],
    "/blocks/0/status": [task("done")],
    "/blocks/0/tasks/0/details/elements": [
        {
            "type": "plan",
            "title": "x",
            "tasks": [task(details={"type": "rich_text", "elements": []})],
        }
    ],
}


def refusal(rehearsal: Any, method: str, token: str | None = None, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        rehearsal.run(rehearsal.client(token).api_call(method, json=arguments))
    return refused.value.response


def test_blocks_at_their_limits_are_taken(rehearsal):
    posted = rehearsal.call("chat.postMessage", channel=CHANNEL, text="x", blocks=FINE)
    kept = posted["message"]["blocks"]
    assert all(block["block_id"] for block in kept)
    assert (
        "[Go]" in rehearsal.workspace.transcript() or "b" * 75 in rehearsal.workspace.transcript()
    )


def test_a_bad_block_is_refused_with_the_pointer_to_it(rehearse):
    rehearsal = rehearse(rate_scale=100)
    for pointer, blocks in REFUSED.items():
        answer = refusal(rehearsal, "chat.postMessage", channel=CHANNEL, text="x", blocks=blocks)
        assert answer["error"] == "invalid_blocks", pointer
        told = answer["response_metadata"]["messages"]
        assert any(f"[json-pointer:{pointer}]" in each for each in told), (pointer, told)
    assert rehearsal.workspace.messages() == []


def test_sums_over_a_message_are_limited(rehearsal):
    long = [section(text=text("mrkdwn", "x" * 2900)) for _ in range(5)]
    answer = refusal(rehearsal, "chat.postMessage", channel=CHANNEL, text="x", blocks=long)
    assert answer["error"] == "msg_blocks_too_long"
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
    two = [table, copy.deepcopy(table)]
    answer = refusal(rehearsal, "chat.postMessage", channel=CHANNEL, text="x", blocks=two)
    assert "only_one_table_allowed" in answer["response_metadata"]["messages"][0]


def test_a_workspace_may_be_without_task_cards(rehearsal):
    rehearsal.workspace.refuse_task_cards()
    answer = refusal(rehearsal, "chat.postMessage", channel=CHANNEL, text="x", blocks=[task()])
    assert answer["error"] == "invalid_blocks"
    rehearsal.workspace.refuse_task_cards(refuse=False)
    assert rehearsal.call("chat.postMessage", channel=CHANNEL, text="x", blocks=[task()])["ok"]


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.shout", {}, "unknown_method"),
        ("chat.postMessage", {"channel": CHANNEL}, "no_text"),
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0DOCK", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "G0OWNERS", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        (
            "chat.postMessage",
            {"channel": CHANNEL, "text": "x", "metadata": {"id": 1}},
            "invalid_metadata_format",
        ),
        ("chat.update", {"channel": CHANNEL, "ts": "1.0", "text": "x"}, "message_not_found"),
        (
            "chat.postEphemeral",
            {"channel": CHANNEL, "user": "U0", "text": "x"},
            "user_not_in_channel",
        ),
        ("conversations.replies", {"channel": CHANNEL, "ts": "1.0"}, "thread_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("files.info", {"file": "F0NONE"}, "file_not_found"),
        ("views.open", {"trigger_id": "1.2.x", "view": {}}, "invalid_trigger"),
        ("reactions.add", {"channel": CHANNEL, "timestamp": "1", "name": "x"}, "missing_scope"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
    ],
)
def test_a_call_is_refused_by_name(rehearsal, method, arguments, error):
    assert refusal(rehearsal, method, **arguments)["error"] == error


def test_tokens_and_scopes_are_told_apart(rehearse):
    rehearsal = rehearse(scopes=("chat:write",))
    assert refusal(rehearsal, "auth.test", token="")["error"] == "not_authed"
    assert refusal(rehearsal, "auth.test", token="xoxb-other")["error"] == "invalid_auth"
    lacking = refusal(rehearsal, "users.info", user="U0CREW")
    assert (lacking["error"], lacking["needed"]) == ("missing_scope", "users:read")
    assert lacking["provided"] == "chat:write"
    answer = rehearsal.run(rehearsal.client().auth_test())
    assert answer.headers["x-oauth-scopes"] == "chat:write"
    assert answer["bot_id"] == "B0CHARTERBOT"


def test_a_persons_message_cannot_be_updated_by_the_bot(rehearsal):
    said = rehearsal.person().says("ahoy")
    answer = refusal(rehearsal, "chat.update", channel=CHANNEL, ts=said.ts, text="x")
    assert answer["error"] == "cant_update_message"


def test_posting_too_fast_in_one_channel_is_429_with_a_pause(rehearsal):
    for _ in range(4):
        rehearsal.call("chat.postMessage", channel=CHANNEL, text="x")
    answer = refusal(rehearsal, "chat.postMessage", channel=CHANNEL, text="x")
    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    assert 1 <= int(answer.headers["Retry-After"]) <= 4
    assert len(rehearsal.workspace.messages()) == 4


def test_updates_have_a_window_of_a_minute_that_can_be_loosened(rehearse):
    now = [1_800_000_000.0]
    rehearsal = rehearse(clock=lambda: now[0])
    ts = rehearsal.call("chat.postMessage", channel=CHANNEL, text="x")["ts"]
    for _ in range(50):
        rehearsal.call("chat.update", channel=CHANNEL, ts=ts, text="y")
    answer = refusal(rehearsal, "chat.update", channel=CHANNEL, ts=ts, text="z")
    assert answer.headers["Retry-After"] == "60"
    rehearsal.workspace.rate_scale(2)
    rehearsal.call("chat.update", channel=CHANNEL, ts=ts, text="z")
    rehearsal.workspace.rate_scale(1)
    now[0] += 61
    assert rehearsal.call("chat.update", channel=CHANNEL, ts=ts, text="later")["text"] == "later"
