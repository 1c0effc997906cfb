"""Mail that comes by HTTP: what stands in the channel, and what the relay is told."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from booking_mails import booking_mail
from inbound_world import ENVIRONMENT, SECRET, SETTINGS, Relayed
from outcomes import worked_off
from scenario_world import MAILS

from sandbox.bot_process import BotProcess
from sandbox.driver import start_sandbox
from sandbox.slack.seen import Message

BOT = "U0CHARTERBOT"
HTTP = (sys.executable, "-m", "bot.cli", "run", "--http", "0")
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "inbound-mail.md"
CAME = "A mail came in by HTTP."


def about(name: str, booking_id: str) -> bytes:
    return (MAILS / name).read_bytes().replace(b"xhqgmdh", booking_id.encode())


@pytest.fixture(scope="module")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relayed]:
    root = tmp_path_factory.mktemp("relayed")
    with (
        start_sandbox(root, rate_scale=50.0, settings=SETTINGS) as sandbox,
        BotProcess({**sandbox.env, **ENVIRONMENT}, root, command=HTTP) as bot,
    ):
        bot.wait_ready(60)
        yield Relayed(sandbox, bot)


@pytest.fixture(scope="module")
def discreetly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relayed]:
    """A deployment whose channel must not see payouts."""
    root = tmp_path_factory.mktemp("discreetly")
    settings = {**SETTINGS, "slack": {"show_payout": False}}
    with (
        start_sandbox(root, rate_scale=50.0, settings=settings) as sandbox,
        BotProcess({**sandbox.env, **ENVIRONMENT}, root, command=HTTP) as bot,
    ):
        bot.wait_ready(60)
        yield Relayed(sandbox, bot)


def roots(world: Relayed, text: str = CAME) -> list[Message]:
    """Messages of the bot about mails that came by HTTP."""
    return [m for m in world.slack.messages() if not m.is_reply and CAME in m and text in m]


def file_in(world: Relayed, thread: str) -> Message:
    """The message with a file in a thread, waited for."""
    return world.slack.wait_until(
        lambda slack: next((m for m in slack.messages(thread=thread) if m.raw.get("files")), None),
        what="file in the thread",
    )


def content(world: Relayed, message: Message) -> bytes:
    """What a person gets who opens the message's one file."""
    (file,) = message.raw["files"]
    return world.sandbox.ask("GET", f"/slack/file?id={file['id']}").content


def printed(world: Relayed, key: str) -> subprocess.CompletedProcess[bytes]:
    """What `charter mail KEY` prints."""
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "mail", key],
        env=world.sandbox.env,
        cwd=world.sandbox.root,
        capture_output=True,
        check=False,
    )


def test_a_relayed_booking_becomes_a_message_with_its_file_and_a_card_that_links_to_it(
    relayed, booking_id
):
    mail = booking_mail(booking_id)
    answer = relayed.relays(mail)
    assert answer.status_code == 202
    card = relayed.card(booking_id)
    assert "[Approve]" in card.plain
    (root,) = roots(relayed)
    assert root.user == BOT
    assert "Subject: Fwd: You have a new Instant Booking for" in root
    assert "From: Cap Tain <captain@example.com>" in root
    assert "Its file is in this thread." in root
    assert f"p{root.ts.replace('.', '')}" in json.dumps(card.blocks), "the mail is a click away"
    shown = file_in(relayed, root.ts)
    assert shown.raw["files"][0]["name"] == "mail.eml"
    assert content(relayed, shown) == mail
    assert printed(relayed, answer.json()["id"]).stdout == mail


def test_the_same_mail_ten_times_at_once_is_one_message_one_file_one_card(relayed, booking_id):
    mail = booking_mail(booking_id, listing=f"Only once {booking_id}").replace(
        b"Fwd: You have", f"Fwd: {booking_id} You have".encode()
    )
    headers = relayed.signed(mail)  # a replay inside the five minutes, too
    with ThreadPoolExecutor(10) as relays:
        answers = list(relays.map(lambda _: relayed.posts(mail, headers), range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    relayed.card(booking_id)
    assert relayed.relays(mail).status_code == 202
    relayed.relays(b"Subject: Last one in the queue\r\n\r\nHello.\r\n")
    (last,) = relayed.slack.wait_until(lambda _: roots(relayed, "Last one in the queue"))
    relayed.slack.wait_for_message("no booking that I can read", thread=last.ts)
    (root,) = roots(relayed, booking_id)
    files = [m for m in relayed.slack.messages(thread=root.ts) if m.raw.get("files")]
    assert len(files) == 1
    cards = [m for m in relayed.slack.messages() if f"Booking: {booking_id.upper()}" in m]
    assert len(cards) == 1


def test_a_services_json_becomes_a_card_all_the_same(relayed, booking_id):
    text = booking_mail(booking_id).decode().partition("\n\n")[2]
    told = {
        "FromFull": {"Name": "Cap Tain", "Email": "captain@example.com"},
        "Subject": "Fwd: You have a new Instant Booking",
        "MessageID": booking_id,
        "TextBody": text,
        "HtmlBody": "",
        "Headers": [],
        "Attachments": [],
    }
    assert relayed.relays(json.dumps(told).encode(), kind="application/json").status_code == 202
    assert "Guests: 4" in relayed.card(booking_id)


def test_a_reminder_says_nothing_in_the_channel(relayed, booking_id):
    before = len(roots(relayed))
    answer = relayed.relays(about("6-xhqgmdh-reminder-gmail.eml", booking_id))
    worked_off(relayed, answer.json()["id"])
    assert len(roots(relayed)) == before


def test_a_cancellation_of_an_unknown_booking_is_said_under_its_own_message(relayed, booking_id):
    relayed.relays(about("4-xhqgmdh-cancelled-gmail.eml", booking_id))
    said = relayed.slack.wait_for_message(f"a cancellation of the booking ({booking_id.upper()})")
    (root,) = [m for m in roots(relayed) if m.ts == said.thread_ts]
    file_in(relayed, root.ts)


def test_a_mail_that_cannot_be_read_is_kept_and_said_under_its_own_message(relayed):
    bomb = b"Subject: A bomb\r\nMIME-Version: 1.0\r\n" + b"".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n'.encode()
        for n in range(5_000)
    )
    answer = relayed.relays(bomb)
    assert answer.status_code == 202
    (root,) = relayed.slack.wait_until(lambda _: roots(relayed, "A bomb"))
    relayed.slack.wait_for_message("could not be read", thread=root.ts)
    assert printed(relayed, answer.json()["id"]).stdout == bomb


def test_a_mail_of_which_nothing_came_is_read_anew_when_it_is_sent_again(relayed):
    mail = b"Subject: Once more\r\n\r\nHello.\r\n"
    key = relayed.relays(mail).json()["id"]
    worked_off(relayed, key)
    read = sum(line["event"] == "mail_read" for line in relayed.bot.logs())
    assert relayed.relays(mail).json()["id"] == key
    relayed.slack.wait_until(
        lambda _: sum(line["event"] == "mail_read" for line in relayed.bot.logs()) > read
    )
    relayed_root(relayed, "After it was read anew")
    (root,) = roots(relayed, "Once more")
    assert len([m for m in relayed.slack.messages(thread=root.ts) if m.is_reply]) == 2


def test_a_mail_with_the_renters_address_is_not_attached(relayed, booking_id):
    mail = booking_mail(booking_id, listing=f"Whose address {booking_id}")
    mail = mail.replace(b"Renter: Marisol", b"Renter: Marisol\nEmail: marisol@example.com")
    mail = mail.replace(b"Fwd: You have", f"Fwd: {booking_id} You have".encode())
    key = relayed.relays(mail).json()["id"]
    relayed.card(booking_id)
    (root,) = roots(relayed, booking_id)
    assert files_in(relayed, root.ts) == []
    assert f"charter mail {key} prints it" in root
    assert printed(relayed, key).stdout == mail


def test_what_a_relayed_mail_says_of_itself_does_nothing(relayed):
    hostile = "<!channel> <@U0STRANGER> *bold* https://evil.example :tada:"
    relayed.relays(f"From: {hostile} <x@y.example>\r\nSubject: {hostile}\r\n\r\nHi\r\n".encode())
    (root,) = relayed.slack.wait_until(lambda _: roots(relayed, "evil.example"))
    assert f"Subject: {hostile}" in root
    told = json.dumps(root.blocks)
    assert not any(f'"type": "{kind}"' in told for kind in ("broadcast", "user", "link", "emoji"))
    assert "<!" not in root.text
    assert "<@" not in root.text


def test_a_mail_is_not_lost_when_the_bot_dies_right_after_it_was_acknowledged(relayed, booking_id):
    mail = booking_mail(booking_id)
    assert relayed.relays(mail).status_code == 202
    relayed.bot.restart(kill=True, timeout=60)
    relayed.card(booking_id)
    relayed.relays(mail)
    cards = [m for m in relayed.slack.messages() if f"Booking: {booking_id.upper()}" in m]
    assert len(cards) == 1


def test_strangers_are_told_nothing_and_no_secret_is_logged(relayed):
    before = len(relayed.slack.messages())
    wrong = relayed.signed(b"another body")
    assert relayed.posts(b"Subject: Forged\r\n\r\nx", wrong).status_code == 401
    assert httpx.get(relayed.url, trust_env=False).status_code == 405
    assert len(relayed.slack.messages()) == before
    assert SECRET not in relayed.bot.output()


def test_slack_is_still_answered_beside_it_and_only_when_it_signs(relayed):
    url = relayed.url.replace("/inbound/mail", "/slack/events")
    assert httpx.post(url, json={"type": "url_verification"}, trust_env=False).status_code == 401


def test_without_a_secret_there_is_no_such_door(world, tmp_path):
    env = {
        **world.sandbox.env,
        "SLACK_SIGNING_SECRET": "signing",
        "CHARTER_DATABASE_URL": f"sqlite:///{tmp_path / 'charter.db'}",
    }
    with BotProcess(env, tmp_path, command=HTTP) as bot:
        bot.wait_ready(60)
        door = Relayed(world.sandbox, bot)
        for method in ("GET", "POST"):
            answer = httpx.request(method, door.url, trust_env=False)
            assert answer.status_code == 404
            assert "mail" not in answer.text.lower()


# What the documentation says


def written(language: str) -> str:
    """The page's first example in that language."""
    return DOCUMENTATION.read_text("utf-8").partition(f"```{language}\n")[2].partition("```")[0]


EXAMPLES = {
    "sh": ["sh", "-euc", written("sh")],
    "python": [sys.executable, "-c", written("python")],
}


def relay_as_written(world: Relayed, language: str, mail: bytes, **environment: str) -> int:
    folder = world.sandbox.root
    (folder / "mail.eml").write_bytes(mail)
    environment = {"CHARTER_INBOUND_SECRET": SECRET, "CHARTER_INBOUND_URL": world.url} | environment
    done = subprocess.run(
        EXAMPLES[language],
        cwd=folder,
        input=mail,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        check=False,
    )
    return done.returncode


@pytest.mark.parametrize("language", EXAMPLES)
def test_the_examples_relay_a_mail_as_they_stand_there(relayed, booking_id, language):
    if language == "sh" and not (shutil.which("curl") and shutil.which("openssl")):
        pytest.skip("no curl or openssl on this machine")
    assert relay_as_written(relayed, language, booking_mail(booking_id)) == 0
    relayed.card(booking_id)
    wrong = {"CHARTER_INBOUND_SECRET": "wrong"}
    assert relay_as_written(relayed, language, b"Subject: x\r\n\r\nx", **wrong) != 0


# Where crew read the channel


def test_where_payouts_are_not_shown_the_mail_is_kept_and_not_attached(discreetly, booking_id):
    mail = booking_mail(booking_id).replace(b"Fwd: You have", b"Fwd: $840.75! You have")
    mail = mail.replace(b"Cap Tain", b'"Raquel Gomez, paid $840.75"')
    answer = discreetly.relays(mail)
    discreetly.card(booking_id)
    (root,) = roots(discreetly)
    key = answer.json()["id"]
    assert f"charter mail {key} prints it" in root
    assert "840" not in json.dumps(root.raw)
    assert "From: Boatsetter" in root
    assert "Gomez" not in json.dumps(root.raw)
    assert [m for m in discreetly.slack.messages() if m.raw.get("files")] == []
    assert printed(discreetly, key).stdout == mail


def test_a_key_that_nobody_knows_is_told_so(discreetly):
    told = printed(discreetly, "mail:http:0")
    assert (told.returncode, told.stdout) == (1, b"")
    assert b"no mail is kept under that key" in told.stderr


# The file, when Slack is in trouble


def relayed_root(world: Relayed, subject: str) -> tuple[Message, str]:
    """The message of a mail that was just relayed and worked off, and the mail's key."""
    answer = world.relays(f"Subject: {subject}\r\n\r\nHello.\r\n".encode())
    (root,) = world.slack.wait_until(lambda _: roots(world, subject))
    world.slack.wait_for_message("no booking that I can read", thread=root.ts)
    (root,) = roots(world, subject)
    return root, answer.json()["id"]


def files_in(world: Relayed, thread: str) -> list[Message]:
    return [m for m in world.slack.messages(thread=thread) if m.raw.get("files")]


def test_a_file_whose_share_is_not_confirmed_is_found_and_not_shared_again(relayed):
    relayed.slack.fail_next("files.completeUploadExternal", "timeout_after")
    root, _ = relayed_root(relayed, "Shared but not confirmed")
    assert len(files_in(relayed, root.ts)) == 1
    assert "Its file is in this thread." in root


@pytest.mark.parametrize("kind", ["timeout_before", "500"])
def test_a_file_of_which_nobody_knows_is_said_to_be_so_and_not_shared_again(relayed, kind):
    relayed.slack.fail_next("files.completeUploadExternal", kind)
    before = len(relayed.slack.calls("files.completeUploadExternal"))
    root, key = relayed_root(relayed, f"Nobody knows {kind}")
    assert files_in(relayed, root.ts) == []
    assert "Slack does not say whether its file arrived in this thread." in root
    assert f"charter mail {key} prints it" in root
    assert len(relayed.slack.calls("files.completeUploadExternal")) == before + 1


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_a_file_that_slack_refuses_is_said_to_be_had_elsewhere(relayed, method):
    relayed.slack.fail_next(method, "invalid_blocks")
    root, key = relayed_root(relayed, f"Refused at {method}")
    assert files_in(relayed, root.ts) == []
    assert "Slack would not take its file" in root
    assert f"charter mail {key} prints it" in root


def test_slack_asking_for_patience_only_delays_the_file(relayed):
    for method in ("files.getUploadURLExternal", "files.completeUploadExternal"):
        relayed.slack.fail_next(method, "ratelimited")
    root, _ = relayed_root(relayed, "Patience")
    assert len(files_in(relayed, root.ts)) == 1
