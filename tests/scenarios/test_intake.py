"""From what is dropped into the channel to what stands in it: cards, links, quiet replies."""

import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import policy
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from booking_mails import booking_mail
from outcomes import worked_off

from bot.views.press import SHORTCUT
from sandbox.slack.seen import Message, Sent

MAILS = Path(__file__).parents[1] / "mails"
RECORDED = MAILS / "slack" / "slack-event-for-1.json"
LOOKED_FOR = "its Booking ID, Start, End and Passengers"
BOT = "U0CHARTERBOT"
MiB = 1_000_000


def about(name: str, booking_id: str) -> bytes:
    """A sample mail, about this booking instead of its own."""
    raw = (MAILS / "boatsetter" / name).read_bytes()
    return raw.replace(b"xhqgmdh", booking_id.encode())


def eml(body: str) -> bytes:
    head = "From: Cap Tain <captain@example.com>\r\nSubject: Fwd: Lunch\r\nMIME-Version: 1.0\r\n"
    return f"{head}{body}".encode()


def pasted(raw: bytes) -> str:
    """A mail's words, as a person pastes them."""
    body = BytesParser(policy=policy.default).parsebytes(raw).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def deeply_nested() -> bytes:
    levels = 5_000
    opened = (
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(levels)
    )
    return eml("".join(opened) + "\r\nhello")


def many_parts() -> bytes:
    part = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    return eml('Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + part * 100_000 + "--b--")


def not_text() -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + random.Random(1).randbytes(20_000)


def replies(world, sent: Sent) -> list[Message]:
    return [m for m in world.slack.messages(thread=sent.ts) if m.is_reply]


def cards(world, booking_id: str | None = None) -> list[Message]:
    """The cards in the channel, or those of one booking."""
    shown = f"Booking: {booking_id.upper()}" if booking_id else "Booking: "
    return [m for m in world.slack.messages() if m.user == BOT and shown in m.plain]


def answer_to(world, sent: Sent) -> Message:
    """The reply in a mail's thread, waited for; and that it is the only one."""

    def answered(_slack: object) -> list[Message]:
        return replies(world, sent)

    (only,) = world.slack.wait_until(answered, 30.0, "reply in the mail's thread")
    return only


def everything_is_worked_off(world) -> None:
    """One more mail has been answered, so what came before it has been, too."""
    answer_to(world, world.captain.forwards(eml("\r\nLast one in the queue.")))


# How a booking reaches the channel


def test_a_mail_as_slack_recorded_it_becomes_a_card_with_all_that_decides(world):
    event = json.loads(RECORDED.read_text("utf-8"))
    sent = world.captain.forwards(event)
    card = world.card("xhqgmdh")
    for shown in (
        "Boat: JADA",
        "When: Sat 30 May 2026, 10:00\N{EN DASH}13:00 PDT (3 h)",
        "Guests: 4 (the boat holds 6)",
        "Renter: Marisol",
        "Payout: $840.75",
        "Crew to be called: captain, crew_1, crew_2",
        "Sender not verified",
    ):
        assert shown in card.plain
    assert card.buttons == ["Approve", "Edit", "Reject"]
    assert f"p{sent.ts.replace('.', '')}" in json.dumps(card.blocks), "the mail is a click away"
    assert replies(world, sent) == []


def test_an_uploaded_mail_file_becomes_a_card(world, booking_id):
    world.captain.uploads("Instant booking.eml", booking_mail(booking_id))
    assert "Boat: JADA" in world.card(booking_id)


def test_pasted_text_becomes_a_card_by_the_shortcut_alone(world, booking_id):
    sent = world.captain.says(pasted(booking_mail(booking_id)))
    everything_is_worked_off(world)
    assert cards(world, booking_id) == []
    world.captain.uses_shortcut(SHORTCUT, sent)
    card = world.card(booking_id)
    assert "Guests: 4" in card
    answer = answer_to(world, sent)
    assert f"Read as booking {booking_id.upper()}" in answer
    assert card.ts.replace(".", "") in json.dumps(answer.blocks)


def test_pasted_text_that_sells_nothing_is_told_so(world):
    sent = world.captain.says("Lunch at <https://example.com|the pier> &amp; then sailing?")
    before = len(cards(world))
    world.captain.uses_shortcut(SHORTCUT, sent)
    answer = answer_to(world, sent)
    assert "no booking that I can read" in answer
    assert LOOKED_FOR in answer
    assert len(cards(world)) == before


def test_text_in_a_channel_without_the_bot_is_read_and_answered_to_the_asker(world, booking_id):
    sent = world.captain.says(pasted(booking_mail(booking_id)), channel="C0DOCK")
    world.captain.uses_shortcut(SHORTCUT, sent, channel="C0DOCK")
    assert "Guests: 4" in world.card(booking_id)
    world.whispered(world.captain, f"Read as booking {booking_id.upper()}")


def test_a_mail_that_has_lost_its_link_becomes_a_card_all_the_same(world, booking_id):
    world.slack.fail_next("chat.getPermalink", "invalid_blocks")
    world.captain.forwards(booking_mail(booking_id))
    assert "The mail has no link" in world.card(booking_id)


def test_a_mail_that_slack_cut_short_is_fetched_whole(world, booking_id):
    sent = world.captain.forwards(booking_mail(booking_id), truncated=True)
    assert "Guests: 4" in world.card(booking_id)
    assert {"file": sent.files[0]} in [c["arguments"] for c in world.slack.calls("files.info")]


def test_a_mail_that_slack_only_names_is_asked_for(world, booking_id):
    sent = world.captain.forwards(booking_mail(booking_id), check_file_info=True)
    assert "Guests: 4" in world.card(booking_id)
    assert {"file": sent.files[0]} in [c["arguments"] for c in world.slack.calls("files.info")]


def test_a_mail_of_html_alone_becomes_a_card(world, booking_id):
    lines = pasted(booking_mail(booking_id)).splitlines()
    html = "".join(f"<p>{line.replace('<', '&lt;')}</p>" for line in lines)
    mail = eml(f'Content-Type: text/html; charset="utf-8"\r\n\r\n<html>{html}</html>')
    world.captain.forwards(mail)
    assert "Guests: 4" in world.card(booking_id)


def test_a_mail_of_html_alone_that_slack_cut_short_is_fetched_whole(world, booking_id):
    lines = pasted(booking_mail(booking_id)).splitlines()
    html = "".join(f"<div>{line.replace('<', '&lt;')}</div>" for line in lines)
    mail = eml(f'Content-Type: text/html; charset="utf-8"\r\n\r\n<html>{html}</html>')
    world.captain.forwards(mail, truncated=True)
    assert "Guests: 4" in world.card(booking_id)


def test_several_mails_in_one_message_become_a_card_each(world, new_id):
    first, second = new_id(), new_id()
    sent = world.captain.uploads_together(
        {
            "one.eml": booking_mail(first),
            "two.eml": booking_mail(second),
            "lunch.eml": eml("\r\nShall we meet at the pier?"),
            "menu.txt": b"Soup",
        }
    )
    for each in (first, second):
        assert "Guests: 4" in world.card(each)
    assert "no booking that I can read" in answer_to(world, sent)
    for each in (first, second):
        assert len(cards(world, each)) == 1


def test_a_mail_file_inside_a_thread_becomes_a_card_and_answers_stay_in_that_thread(world, new_id):
    first = new_id()
    talk = world.captain.says("Somebody wrote to me:")
    world.captain.uploads("mail.eml", booking_mail(first), thread=talk.ts)
    card = world.card(first)
    assert not card.is_reply
    world.captain.uploads("lunch.eml", eml("\r\nShall we meet?"), thread=talk.ts)
    answer = world.slack.wait_for_message("no booking that I can read", thread=talk.ts)
    assert answer.thread_ts == talk.ts
    # Threads do not branch: Slack wants the ts of the first message, never that of a reply.
    asked = [c["arguments"].get("thread_ts") for c in world.slack.calls("chat.postMessage")]
    assert talk.ts in asked


def test_whoever_points_at_a_mail_file_that_was_read_is_told_where_its_card_is(world, booking_id):
    sent = world.captain.uploads("mail.eml", booking_mail(booking_id))
    card = world.card(booking_id)
    worked_off(world, sent.ts)
    world.crew.uses_shortcut(SHORTCUT, sent)  # crew may look, too: only a card can be acted upon
    told = world.whispered(world.crew, f"{booking_id.upper()} is known already")
    assert card.ts.replace(".", "") in json.dumps(told.blocks)
    assert replies(world, sent) == []
    assert len(cards(world, booking_id)) == 1


READ_BEFORE = {
    "for information only": lambda each: about("6-xhqgmdh-reminder-gmail.eml", each),
    "a cancellation": lambda each: about("4-xhqgmdh-cancelled-gmail.eml", each),
}


@pytest.mark.parametrize("said", READ_BEFORE)
def test_whoever_points_at_a_mail_that_has_no_card_is_told_what_it_was(world, booking_id, said):
    sent = world.captain.uploads("mail.eml", READ_BEFORE[said](booking_id))
    worked_off(world, sent.ts)
    before = len(replies(world, sent))
    world.mate.uses_shortcut(SHORTCUT, sent)
    assert said in world.whispered(world.mate, "This was read before")
    assert len(replies(world, sent)) == before


def test_whoever_points_at_a_mail_of_which_nothing_came_has_it_read_anew(world):
    sent = world.captain.uploads("mail.eml", eml("\r\nSee you at the pier."))
    worked_off(world, sent.ts)
    world.mate.uses_shortcut(SHORTCUT, sent)
    assert LOOKED_FOR in world.whispered(world.mate, "no booking that I can read")
    assert len(replies(world, sent)) == 1


def test_a_mail_that_slack_gives_out_after_all_becomes_a_card_when_pointed_at(world, booking_id):
    world.slack.fail_next("files.info", "invalid_blocks")
    sent = world.captain.forwards(booking_mail(booking_id), check_file_info=True)
    assert "could not be read" in answer_to(world, sent)
    worked_off(world, sent.ts)
    world.captain.redelivers(sent, times=3)
    everything_is_worked_off(world)
    assert cards(world, booking_id) == [], "a redelivery is no wish to have it read anew"
    world.captain.uses_shortcut(SHORTCUT, sent)
    card = world.card(booking_id)
    told = world.whispered(world.captain, f"Read as booking {booking_id.upper()}")
    assert card.ts.replace(".", "") in json.dumps(told.blocks)
    answer = answer_to(world, sent)
    assert f"Read as booking {booking_id.upper()}" in answer
    assert "could not be read" not in answer
    world.mate.uses_shortcut(SHORTCUT, sent)
    world.whispered(world.mate, f"{booking_id.upper()} is known already")
    assert len(cards(world, booking_id)) == 1


def test_words_that_are_pointed_at_twice_are_answered_twice_and_are_one_card(world, booking_id):
    sent = world.captain.says(pasted(booking_mail(booking_id)))
    world.captain.uses_shortcut(SHORTCUT, sent)
    answer_to(world, sent)
    worked_off(world, sent.ts)
    world.stranger.uses_shortcut(SHORTCUT, sent)
    world.whispered(world.stranger, f"{booking_id.upper()} is known already")
    assert len(replies(world, sent)) == 1
    assert len(cards(world, booking_id)) == 1


# What is none


FORWARDED = {
    "about something else": eml("\r\nShall we meet at the pier at noon?"),
    "without words": eml("\r\n\r\n"),
}
UPLOADED: dict[str, Callable[[], bytes]] = {
    "about something else": lambda: eml("\r\nShall we meet at the pier at noon?"),
    "empty": lambda: b"",
    "20 MB": lambda: eml("\r\n") + b"Booking ID: abcdefg\r\n" * MiB,
    "nested 5,000 deep": deeply_nested,
    "of 100,000 parts": many_parts,
    "a picture": not_text,
}


def must_be_one_quiet_answer(world, sent: Sent, cards_before: int) -> None:
    answer = answer_to(world, sent)
    assert "nothing was done" in answer
    assert LOOKED_FOR in answer
    assert not answer.broadcast
    assert len(cards(world)) == cards_before


@pytest.mark.parametrize("what", FORWARDED)
def test_a_forwarded_mail_that_is_no_booking_is_told_so_quietly(world, what):
    before = len(cards(world))
    sent = world.captain.forwards(FORWARDED[what])
    must_be_one_quiet_answer(world, sent, before)


@pytest.mark.parametrize("what", UPLOADED)
def test_an_uploaded_mail_that_cannot_be_read_is_told_so_quietly(world, what):
    before = len(cards(world))
    sent = world.captain.uploads("mail.eml", UPLOADED[what]())
    must_be_one_quiet_answer(world, sent, before)


def test_a_good_mail_right_after_the_worst_ones_becomes_a_card(world, booking_id):
    for bomb in (deeply_nested, many_parts, not_text):
        world.captain.uploads("mail.eml", bomb())
    world.captain.forwards(booking_mail(booking_id))
    assert "[Approve]" in world.card(booking_id).plain


def test_a_mail_that_slack_will_not_give_out_is_told_so_with_the_remedy(world, booking_id):
    world.slack.fail_next("files.info", "invalid_blocks")
    sent = world.captain.forwards(booking_mail(booking_id), check_file_info=True)
    answer = answer_to(world, sent)
    assert "could not be read" in answer
    assert "Slack refused files.info" in answer


def test_files_and_words_that_are_no_mail_are_left_alone(world):
    sent = [
        world.captain.uploads("menu.txt", pasted(booking_mail("abcdefg")).encode()),
        world.captain.uploads("photo.jpg", not_text()),
        world.captain.says(pasted(booking_mail("abcdefg"))),
    ]
    everything_is_worked_off(world)
    assert [replies(world, each) for each in sent] == [[], [], []]
    assert cards(world, "abcdefg") == []


def test_mail_in_another_channel_is_left_alone(world, booking_id):
    sent = world.captain.forwards(booking_mail(booking_id), channel="C0YARD")
    assert sent.event_id, "the bot was told of it"
    everything_is_worked_off(world)
    assert [m.ts for m in world.slack.messages("C0YARD")] == [sent.ts]
    assert cards(world, booking_id) == []


# What is known already


def test_the_same_booking_again_gets_a_link_to_its_card(world, booking_id):
    world.captain.forwards(booking_mail(booking_id))
    card = world.card(booking_id)
    answer = answer_to(world, world.captain.forwards(booking_mail(booking_id)))
    assert f"{booking_id.upper()} is known already" in answer
    assert f"p{card.ts.replace('.', '')}" in json.dumps(answer.blocks)
    assert len(cards(world, booking_id)) == 1


def test_the_same_event_ten_times_is_one_card_or_one_answer(world, booking_id):
    good = world.captain.forwards(booking_mail(booking_id))
    bad = world.captain.forwards(eml("\r\nSee you at the dock."))
    for sent in (good, bad):
        world.captain.redelivers(sent, times=10)

    def delivered(slack) -> bool:
        mine = (good.event_id, bad.event_id)
        return sum(d["name"] in mine and not d["error"] for d in slack.deliveries()) == 22

    world.slack.wait_until(delivered, what="acknowledgement of every delivery")
    answer_to(world, bad)
    world.card(booking_id)
    everything_is_worked_off(world)
    assert len(cards(world, booking_id)) == 1
    assert replies(world, good) == []
    assert len(replies(world, bad)) == 1


NEWS = {
    "a change of the booking": "5-xhqgmdh-changed-gmail.eml",
    "a cancellation of the booking": "4-xhqgmdh-cancelled-gmail.eml",
}


def test_news_of_a_known_booking_is_said_in_its_thread_and_changes_nothing(world, booking_id):
    world.captain.forwards(booking_mail(booking_id))
    card = world.card(booking_id)
    known = {**NEWS, "a notice about a booking": "6-xhqgmdh-reminder-gmail.eml"}
    sent = [world.captain.forwards(about(sample, booking_id)) for sample in known.values()]
    for said in known:
        assert "the charter stays as it is" in world.said(card, f"recognised as {said}")
    assert world.card(booking_id).raw["blocks"] == card.raw["blocks"]
    assert [replies(world, each) for each in sent] == [[], [], []]


@pytest.mark.parametrize("said", NEWS)
def test_news_of_an_unknown_booking_is_said_where_it_came(world, booking_id, said):
    answer = answer_to(world, world.captain.forwards(about(NEWS[said], booking_id)))
    assert f"Recognised as {said} ({booking_id.upper()})" in answer
    assert "there is no charter here" in answer
    assert cards(world, booking_id) == []


def test_a_reminder_of_an_unknown_booking_is_left_alone(world, booking_id):
    sent = world.captain.forwards(about("6-xhqgmdh-reminder-gmail.eml", booking_id))
    everything_is_worked_off(world)
    assert replies(world, sent) == []


# What must not be trusted


@contextmanager
def somewhere_else() -> Iterator[tuple[str, list[str]]]:
    """A web server that is not Slack's; its URL and what it was asked."""
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/download/mail", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("before_the_host", ["", "files.slack.com@"])
def test_the_token_does_not_travel_to_a_file_that_lies_elsewhere(
    world, booking_id, before_the_host
):
    with somewhere_else() as (server, asked):
        url = server.replace("//", f"//{before_the_host}")
        sent = world.captain.forwards(booking_mail(booking_id), truncated=True, hosted_at=url)
        told = answer_to(world, sent)
        assert "The link does not lead to Slack" in told
        assert "once more" not in told, "it would lead there again"
    assert asked == []
    assert cards(world, booking_id) == []


def test_what_a_mail_says_is_shown_but_does_nothing_on_the_card(world, booking_id):
    hostile = "<!channel> <@U0STRANGER> *bold* [Approve](https://evil.example) `x` :tada:"
    mail = booking_mail(booking_id).decode()
    mail = mail.replace("Renter: Marisol", f"Renter: {hostile}")
    mail = mail.replace("San Diego, CA", "https://evil.example @here")
    world.captain.forwards(mail.encode())
    card = world.card(booking_id)
    assert hostile in card.plain, "a person sees the mail's very characters"
    assert {"broadcast", "user", "usergroup", "emoji"}.isdisjoint(_kinds(card.blocks))
    assert "evil.example" not in "".join(_links(card.blocks))
    assert all("<!" not in words and "<@" not in words for words in _interpreted(card))


def _kinds(value: object) -> set[str]:
    return {str(each["type"]) for each in _objects(value) if "type" in each}


def _links(value: object) -> list[str]:
    return [str(each["url"]) for each in _objects(value) if each.get("url")]


def _interpreted(message: Message) -> list[str]:
    """All words in which Slack looks for mentions and links."""
    marked = [str(e["text"]) for e in _objects(message.blocks) if e.get("type") == "mrkdwn"]
    return [message.text, *marked]


def _objects(value: object) -> Iterator[dict]:
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)


# A listing that nobody knows


def test_an_unknown_listing_is_asked_for_once_and_then_remembered(world, new_id):
    first, second = new_id(), new_id()
    listing = f"Twilight cruise {first}"
    world.captain.forwards(booking_mail(first, listing=listing))
    card = world.card(first)
    assert "boat not known" in card
    assert "To be settled before it can be approved" in card
    assert "Approve" not in card.buttons

    world.captain.clicks(card, "edit")
    world.captain.fills({"boat": "JADA", "remember_listing": ["remember_listing"]})
    assert world.captain.submits() is None
    settled = world.slack.wait_until(
        lambda _: next((c for c in cards(world, first) if "Approve" in c.buttons), None),
        what="card that can be approved",
    )
    assert "Boat: JADA" in settled
    assert "Crew to be called: captain, crew_1, crew_2" in settled

    world.captain.forwards(booking_mail(second, listing=listing))
    assert "Boat: JADA" in world.card(second)
    assert "Approve" in world.card(second).buttons
