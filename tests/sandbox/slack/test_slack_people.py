"""What people see and do: transcripts, waits, odd mails, large files."""

from typing import Any

import pytest

CHANNEL = "C0CHARTERS"


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def rich(words: str) -> dict[str, Any]:
    parts = [{"type": "text", "text": words}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}


def test_a_transcript_reads_like_the_channel(rehearsal):
    card = [
        {"type": "header", "text": plain("Charter")},
        {"type": "section", "text": plain("Sail?"), "fields": [plain("4 guests")]},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": plain(name), "action_id": name}
                for name in ("Approve", "Reject")
            ],
        },
    ]
    parent = rehearsal.call("chat.postMessage", channel=CHANNEL, text="x", blocks=card)["ts"]
    task = {"type": "task_card", "task_id": "c", "title": "Calendar", "status": "complete"}
    plan = {"type": "plan", "title": "Steps", "tasks": [{**task, "output": rich("evt-1")}]}
    where = {"channel": CHANNEL, "thread_ts": parent}
    reply = rehearsal.call("chat.postMessage", text="x", blocks=[plan], **where)["ts"]
    whisper = {"channel": CHANNEL, "user": "U0CREW", "text": "not for you"}
    told = rehearsal.call("chat.postEphemeral", **whisper)["message_ts"]
    assert rehearsal.workspace.transcript().splitlines() == [
        f"U0CHARTERBOT {parent}",
        "  Charter",
        "  Sail?",
        "  4 guests",
        "  [Approve] [Reject]",
        f"    U0CHARTERBOT {reply}",
        "      Steps",
        "      ● Calendar",
        "        evt-1",
        f"U0CHARTERBOT {told} only to U0CREW",
        "  not for you",
    ]


def test_a_wait_in_vain_shows_the_channel(rehearsal):
    rehearsal.person().says("ahoy")
    with pytest.raises(AssertionError, match=r"(?s)no message that shows 'card'.*ahoy"):
        rehearsal.workspace.wait_for_message("card", timeout=0.05)


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\x00\xff\xfe",
        b"Content-Type: text/plain; charset=klingon\r\n\r\nqapla",
        b"Content-Type: multipart/mixed; boundary=x\r\nFrom: @@\r\nDate: soon\r\n\r\n--x\r\n",
        b"Message-ID: <\r\nTo: undisclosed-recipients:;\r\n\r\nx",
    ],
    ids=["empty", "bytes", "charset", "multipart", "headers"],
)
def test_any_bytes_can_be_forwarded(rehearsal, mail):
    assert rehearsal.person().forwards(mail).event_id
    (file,) = rehearsal.workspace.messages()[0].raw["files"]
    assert file["mode"] == "email"


def test_twenty_megabytes_can_be_uploaded(rehearsal):
    sent = rehearsal.person().uploads("video.bin", bytes(20 * 1024 * 1024))
    file = rehearsal.call("files.info", file=sent.files[0])["file"]
    assert (file["size"], file["filetype"]) == (20 * 1024 * 1024, "binary")


def test_a_recorded_event_can_be_forwarded_again(rehearsal):
    first = rehearsal.person().forwards(b"Subject: a\r\n\r\nbody")
    recorded = rehearsal.stand_in.events.sent[first.event_id]
    second = rehearsal.person().forwards(recorded)
    assert second.event_id != first.event_id
    shown = [each.raw["files"][0] for each in rehearsal.workspace.messages()]
    assert [each["plain_text"] for each in shown] == ["body", "body"]
    assert shown[0]["url_private_download"] != shown[1]["url_private_download"]


def test_a_person_outside_a_channel_sees_nothing_in_it(rehearsal):
    with pytest.raises(AssertionError, match="U0CREW is not in G0OWNERS"):
        rehearsal.person("U0CREW").says("hello", channel="G0OWNERS")
