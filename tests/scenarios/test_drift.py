"""A known sender in an unknown form: one alarm in the channel, with the mail for who mends it."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from scenario_world import World

from bot.views.press import SHORTCUT
from sandbox.bot_process import BotProcess
from sandbox.driver import start_sandbox
from sandbox.slack.seen import Message, Sent

BOT = "U0CHARTERBOT"
ALARM = "Boatsetter mail in a form that I do not know. Nothing was set up."
QUIET = "mail in a form that I do not know, so nothing was done"
DRIFTED = b"""\
From: Cap Tain <captain@example.com>
To: charters-abc@example.slack.com
Date: Thu, 14 May 2026 11:00:00 -0700
Message-ID: <drifted@example.com>
Subject: Fwd: Ahoy! Somebody wants to set sail with you
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"

---------- Forwarded message ---------
From: Boatsetter <boatsetter@mail.boatsetter.com>
Date: Thu, May 14, 2026 at 10:00 AM
Subject: Ahoy! Somebody wants to set sail with you
To: <captain@example.com>


Ahoy captain!

Somebody new comes aboard in a form that nobody has seen before.

Their code is xhqgmdh. All aboard at ten sharp.
"""


@pytest.fixture
def alone(tmp_path) -> Iterator[World]:
    """A bot to which nothing has drifted yet: it raises one alarm an hour."""
    with (
        start_sandbox(tmp_path, rate_scale=50.0, retry_scale=0.02) as sandbox,
        BotProcess(sandbox.env, tmp_path) as bot,
    ):
        bot.wait_ready(60)
        yield World(sandbox, bot)


def replies(world: World, sent: Sent) -> list[Message]:
    return [m for m in world.slack.messages(thread=sent.ts) if m.is_reply]


def test_one_alarm_stands_in_the_channel_with_the_mail_and_the_rest_is_told_quietly(alone):
    first = alone.captain.forwards(DRIFTED)
    alarm = alone.slack.wait_for_message(ALARM, thread=first.ts)
    assert alarm.broadcast
    for said in (
        "Please read the mail yourself",
        "it has to be set up by hand",
        "charter parse --explain FILE",
        "Its file is in this thread.",
    ):
        assert said in alarm
    assert f"p{first.ts.replace('.', '')}" in json.dumps(alarm.blocks), "it links to the mail"

    others = [alone.captain.forwards(DRIFTED) for _ in range(4)]
    others.append(alone.captain.uploads("mail.eml", DRIFTED))
    for sent in others:
        answer = alone.slack.wait_for_message(QUIET, thread=sent.ts)
        assert not answer.broadcast
        assert [m.ts for m in replies(alone, sent)] == [answer.ts]
    assert len([m for m in alone.slack.messages() if ALARM in m]) == 1

    # The bot does not take its own file for another mail, and whoever mends the reader can read it.
    shown = [m for m in replies(alone, first) if m.raw.get("files")]
    assert len(shown) == 1
    assert len(replies(alone, first)) == 2
    assert shown[0].user == BOT
    (file,) = shown[0].raw["files"]
    assert file["name"] == "mail.json"
    content = alone.sandbox.ask("GET", f"/slack/file?id={file['id']}").content
    (alone.sandbox.root / file["name"]).write_bytes(content)
    parsed = subprocess.run(
        [sys.executable, "-m", "bot.cli", "parse", file["name"], "--json"],
        cwd=alone.sandbox.root,
        env=alone.sandbox.env,
        capture_output=True,
        check=False,
    )
    told = json.loads(parsed.stdout)
    assert (told["kind"], told["marketplace"]) == ("unrecognised", "boatsetter")


def test_a_mail_that_was_fetched_is_attached_with_all_that_was_fetched(alone):
    sent = alone.captain.forwards(DRIFTED, truncated=True)
    alone.slack.wait_for_message(ALARM, thread=sent.ts)
    shown = alone.slack.wait_until(
        lambda _: next((m for m in replies(alone, sent) if m.raw.get("files")), None)
    )
    (file,) = shown.raw["files"]
    kept = json.loads(alone.sandbox.ask("GET", f"/slack/file?id={file['id']}").content)
    assert "boatsetter" in kept["preview"].lower()
    assert kept["has_more"] is False


def test_pasted_words_elsewhere_are_an_alarm_in_the_channel_and_an_answer_to_the_asker(alone):
    words = DRIFTED.decode().partition("\n\n")[2]
    sent = alone.captain.says(words, channel="C0DOCK")
    alone.captain.uses_shortcut(SHORTCUT, sent, channel="C0DOCK")
    alarm = alone.slack.wait_for_message(ALARM)
    assert not alarm.is_reply
    alone.whispered(alone.captain, QUIET)
    shown = alone.slack.wait_until(
        lambda slack: next((m for m in slack.messages(thread=alarm.ts) if m.raw.get("files")), None)
    )
    assert shown.raw["files"][0]["name"] == "mail.txt"


def test_where_payouts_are_not_shown_the_alarm_holds_the_mail_back(discreet):
    sent = discreet.captain.forwards(DRIFTED)
    alarm = discreet.slack.wait_for_message(ALARM, thread=sent.ts)
    assert alarm.broadcast
    assert f"charter mail mail:C0CHARTERS:{sent.ts}:{sent.files[0]} prints it" in alarm
    assert [m for m in replies(discreet, sent) if m.raw.get("files")] == []


def test_a_bot_that_dies_while_it_raises_the_alarm_raises_it_once(alone):
    alone.slack.fail_next("files.completeUploadExternal", "ratelimited", retry_after=2)
    sent = alone.captain.forwards(DRIFTED)
    alone.slack.wait_for_message(ALARM, thread=sent.ts)
    alone.bot.restart(kill=True, timeout=60)
    again = alone.captain.forwards(DRIFTED)
    alone.slack.wait_for_message(QUIET, thread=again.ts)

    def settled(_: object) -> list[Message]:
        """The file is there, or the alarm says that nobody knows."""
        found = replies(alone, sent)
        known = any(m.raw.get("files") or "does not say whether" in m for m in found)
        return found if known else []

    found = alone.slack.wait_until(settled)
    assert sum(ALARM in m for m in found) == 1
    assert sum(bool(m.raw.get("files")) for m in found) <= 1
