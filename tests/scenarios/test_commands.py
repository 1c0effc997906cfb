"""`/charter`, as it is typed, and what it reads, does and refuses."""

import json
import sqlite3
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from booking_mails import booking_mail

from sandbox.slack.seen import Message

BOOKING = "cmmndks"
SHOWN = BOOKING.upper()
USAGE = "This is what can be typed."
NO_SUCH = "No such charter. A booking id is letters and digits, such as XHQGMDH or BR-1437096751."
ACTING = ("scrub", "resend", "invalidate", "retry", "cancel")
MONEY = ("840.75", "289.41", "Payout")

NOT_IDS = {
    "a way up": "../../etc/passwd",
    "a way up from an id": f"{BOOKING}/../x",
    "a pattern": "*",
    "a pattern in an id": "cmm*dks",
    "a second line": f"{BOOKING}\n/g/*",
    "other digits": "१२३४५६७",
    "letters that look alike": "\N{GREEK LUNATE SIGMA SYMBOL}mddone",
    "a capital that grows": "İİİİİİ",
    "a query": "cmmndks' OR '1'='1",
    "a NUL": "cmm\0dks",
    "a mention": "<!channel>",
    "3,000 characters": "x" * 3_000,
    "too short": "abcde",
    "too long": "abcdefghijklm",
}


@pytest.fixture(scope="module")
def card(running) -> Message:
    """The card of a charter that is done."""
    running.captain.forwards(booking_mail(BOOKING))
    card = running.card(BOOKING)
    running.captain.clicks(card, "approve")
    running.said(card, "is set up")
    return card


@pytest.fixture
def event_id(world, card) -> Iterator[str]:
    """The charter's crew event; its notes are put back afterwards."""
    (event,) = world.sandbox.crew_events(BOOKING)
    yield event["event_id"]
    world.sandbox.write_event_by_hand(event["event_id"], notes=event.get("notes") or "")


def said(person, command: str, **how) -> str:
    """What one command is answered with."""
    answers = person.types(f"/charter {command}", **how)
    assert len(answers) == 1, answers
    return answers[0]


def audited(world, who: str) -> list[tuple[str, str]]:
    """What the bot wrote down about this person: what, and of which booking."""
    file = sa.make_url(world.sandbox.env["CHARTER_DATABASE_URL"]).database
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT what, booking_id FROM audit WHERE who = ?", [who])
        found = rows.fetchall()
    database.close()
    return found


# Reading


def test_help_names_every_subcommand(world):
    told = said(world.stranger, "help")
    for command in ("status ID", "list", "scrub ID", "resend ID", "invalidate ID", "retry ID"):
        assert f"/charter {command}: " in told
    assert "/charter doctor: " in told
    assert "/charter help: " in told


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", ""),
        ("help me", ""),
        ("bogus", "There is no /charter bogus. "),
        ("stauts XHQGMDH", "There is no /charter stauts; did you mean /charter status? "),
        ("<!channel> *x*", "There is no /charter <!channel>. "),
        ("status", "/charter status needs an ID. "),
        ("scrub", "/charter scrub needs an ID. "),
        (f"list {BOOKING}", "/charter list takes nothing more. "),
    ],
)
def test_anything_else_is_answered_with_what_was_wrong_and_the_usage(world, typed, problem):
    assert said(world.stranger, typed).startswith(problem + USAGE)


@pytest.mark.parametrize("typed", [f"status {SHOWN}", f"STATUS {BOOKING}", "sTaTuS  CmmNdks "])
def test_status_tells_everything_in_any_case(world, card, typed):
    told = said(world.captain, typed)
    for shown in (
        f"{SHOWN}: done",
        "Boat: JADA",
        "10:00\N{EN DASH}13:00 PST (3 h)",
        "Crew: captain, crew_1, crew_2",
        "Approved by U0CAPTAIN",
        f"/p{card.ts.replace('.', '')}",
        f"/g/{BOOKING}",
        "/crew/event/scc-",
    ):
        assert shown in told
    for step in ("Calendar entry", "Crew event", "Guest page", "CDN cache", "Live check"):
        assert f"{step}: done" in told


def test_status_of_an_id_that_is_nearly_known_names_the_known_one(world, card):
    assert said(world.crew, "status cmmndsk") == (
        f"No such charter: CMMNDSK. Did you mean {SHOWN}?"
    )


def test_status_of_an_id_that_nobody_knows_points_at_the_list(world):
    told = said(world.crew, "status 9q9q9q9q")
    assert told == "No such charter: 9Q9Q9Q9Q. /charter list shows those that there are."


def test_only_operators_see_money(world, card):
    for operator in (world.captain, world.mate):
        assert "Payout: $840.75" in said(operator, f"status {BOOKING}")
    for other in (world.crew, world.stranger):
        told = said(other, f"status {BOOKING}") + said(other, "list")
        assert all(words not in told for words in MONEY)


def test_list_shows_the_charters_with_their_state(world, card):
    assert f"{SHOWN}: JADA, " in said(world.crew, "list")
    rows = said(world.crew, "list").splitlines()
    assert any(row.startswith(SHOWN) and row.endswith(", done") for row in rows)


def test_a_command_is_answered_in_a_channel_that_the_bot_is_not_in(world, card):
    assert said(world.crew, f"status {BOOKING}", channel="C0DOCK").startswith(f"{SHOWN}: done")


def test_a_mail_file_pointed_at_where_the_bot_is_not_is_answered_to_who_pointed(world):
    sent = world.mate.uploads("lunch.eml", b"Subject: Lunch\r\n\r\nAt noon?", channel="C0DOCK")
    world.captain.uses_shortcut("read_as_booking", sent, channel="C0DOCK")
    world.whispered(world.captain, "no booking that I can read")
    assert world.whispers(world.mate, "no booking that I can read") == []


# What is no id


@pytest.mark.parametrize("what", NOT_IDS)
def test_what_is_no_id_is_no_charter_and_goes_nowhere(world, card, what):
    before = world.sandbox.calls(), audited(world, "U0CAPTAIN")
    for command in ("status", *ACTING):
        assert said(world.captain, f"{command} {NOT_IDS[what]}") == NO_SUCH
    assert (world.sandbox.calls(), audited(world, "U0CAPTAIN")) == before


def test_acting_on_an_id_that_nobody_knows_does_nothing(world, card):
    before = world.sandbox.calls()
    for command in ACTING:
        told = said(world.captain, f"{command} cmmndsk")
        assert told == f"No such charter: CMMNDSK. Did you mean {SHOWN}?"
    assert world.sandbox.calls() == before


# Acting


def test_scrub_takes_revenue_out_and_says_what_went(world, card, event_id):
    by_hand = {"payout": "840.75", "gate": "Gate B", "captain_fee": "150.00"}
    world.sandbox.write_event_by_hand(event_id, notes=json.dumps(by_hand))
    told = said(world.captain, f"scrub {BOOKING}")
    assert told == (
        f"{SHOWN}: removed from the stored crew event, and read back: payout, captain_fee"
    )
    assert told in world.said(card, "removed from the stored crew event")
    (event,) = world.sandbox.crew_events(BOOKING)
    assert json.loads(event["notes"]) == {"gate": "Gate B"}


def test_scrub_of_what_holds_no_revenue_says_so(world, card, event_id):
    world.sandbox.write_event_by_hand(event_id, notes="Gate B, code at the office")
    assert "nothing to scrub" in said(world.mate, f"scrub {SHOWN}")
    (event,) = world.sandbox.crew_events(BOOKING)
    assert event["notes"] == "Gate B, code at the office"


def test_resend_mails_the_crew_once_a_minute(world, card):
    before = len(world.crew_mails(BOOKING))
    assert f"{SHOWN}: 3 fresh crew links mailed." in said(world.captain, f"resend {BOOKING}")
    assert "less than a minute ago" in said(world.captain, f"resend {BOOKING}")
    assert len(world.crew_mails(BOOKING)) == before + 3
    world.said(card, "3 fresh crew links mailed")


def test_invalidate_makes_the_edge_forget_and_compares(world, card):
    before = len(world.sandbox.calls("cloudfront"))
    assert "The live page is what was published" in said(world.captain, f"invalidate {BOOKING}")
    assert len(world.sandbox.calls("cloudfront")) > before


def test_retry_of_a_charter_that_is_done_says_so(world, card):
    told = said(world.captain, f"retry {BOOKING}")
    assert told == f"{SHOWN}: nothing to retry, every step is done."


def test_retry_does_what_was_left(world, booking_id):
    world.captain.forwards(booking_mail(booking_id))
    card = world.card(booking_id)
    world.sandbox.unset_key_hash()
    try:
        world.captain.clicks(card, "approve")
        world.said(card, "needs a person")
    finally:
        world.sandbox.restore_key_hash()
    assert "needs a person" in said(world.crew, f"status {booking_id}")
    assert "trying again what is not done: Crew event" in said(world.captain, f"retry {booking_id}")
    world.said(card, f"{booking_id.upper()} is set up")
    assert len(world.sandbox.calendar_entries(booking_id)) == 1
    assert len(world.sandbox.crew_events(booking_id)) == 1


def test_acting_on_a_charter_that_waits_for_approval_does_nothing(world, booking_id):
    world.captain.forwards(booking_mail(booking_id))
    world.card(booking_id)
    for command in ACTING:
        told = said(world.captain, f"{command} {booking_id}")
        assert told == f"{booking_id.upper()} has no approval yet, so nothing was done."


# Who may


@pytest.mark.parametrize("command", ACTING)
def test_a_stranger_is_refused_told_who_may_and_written_down(world, card, event_id, command):
    notes = json.dumps({"payout": "840.75"})
    world.sandbox.write_event_by_hand(event_id, notes=notes)
    calls, mails = world.sandbox.calls(), world.sandbox.mails()
    before = len(audited(world, "U0STRANGER"))
    told = said(world.stranger, f"{command} {BOOKING}")
    assert told == "Only U0CAPTAIN, S0OPS may do this. Nothing was done."
    assert (world.sandbox.calls(), world.sandbox.mails()) == (calls, mails)
    ((what, of),) = audited(world, "U0STRANGER")[before:]
    assert what.startswith(f"refused {command}")
    assert of == BOOKING
    assert world.sandbox.crew_events(BOOKING)[0]["notes"] == notes


def test_the_doctor_tells_operators_that_all_is_well_and_strangers_nothing(world):
    before = world.sandbox.calls()
    assert said(world.stranger, "doctor") == "Only U0CAPTAIN, S0OPS may do this. Nothing was done."
    assert world.sandbox.calls() == before
    told = said(world.mate, "doctor", timeout=20.0)
    assert told.startswith("All ")
    assert "checks passed" in told
    assert "Failed" not in told


def test_the_doctor_names_what_fails_with_its_remedy(world):
    world.sandbox.unset_key_hash()
    try:
        told = said(world.captain, "doctor", timeout=20.0)
    finally:
        world.sandbox.restore_key_hash()
    assert "checks failed" in told.splitlines()[0]
    assert any(row.startswith("SERVICE_KEY_HASH: ") for row in told.split("Passed")[0].splitlines())


def test_every_command_is_acknowledged_at_once(world, card):
    late = world.slack.state()["late_acks"]
    before = len(world.slack.deliveries())
    typed = ("help", "list", f"status {BOOKING}", "bogus", f"scrub {BOOKING}", "doctor")
    for command in typed:
        said(world.captain, command, timeout=20.0)
    mine = [d for d in world.slack.deliveries()[before:] if d["type"] == "slash_commands"]
    assert len(mine) == len(typed)
    assert all(not d["error"] and d["seconds"] < 1.0 for d in mine), mine
    assert world.slack.state()["late_acks"] == late
