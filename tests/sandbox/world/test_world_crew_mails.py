"""The crew service's mails: what they say, in text and in HTML, and what they do not."""

import pytest
from lxml import html

HOSTILE = '<img src=x onerror=alert(1)> "Ann" \u05d0\u05d5 \u202eevil 🚤 ' + "W" * 3000


@pytest.fixture
def mails(sandbox, crew, event):
    event = {**event, "notes": "payout $840.75, ann@renter.example", "owner_payout": "840.75"}
    crew.post("/events", json=event)
    return sandbox.mails()


def test_the_call_says_all_that_a_member_needs(mails):
    for mail in mails:
        page = html.fromstring(mail["html"])
        link = mail["text"].splitlines()[0]
        assert page.xpath("//a/@href")[0] == link
        for body in (mail["text"], page.text_content()):
            said = " ".join(body.split())
            for words in (
                "JADA Sat 30 May", "Thursday 30 May 2126", "10:00 AM to 1:00 PM PDT", "3 hours",
                "accept or decline", "Check fuel", "Cap Tain, Crew One", "do not forward",
                "It works until",
            ):  # fmt: skip
                assert words in said
    assert mails[0]["subject"].startswith("Crew call, please answer: JADA Sat 30 May")


def test_a_call_holds_no_money_no_notes_and_no_address(mails):
    for mail in mails:
        whole = mail["subject"] + mail["text"] + mail["html"]
        for secret in ("840.75", "payout", "renter.example", "@example.com"):
            assert secret not in whole


def test_a_resent_link_says_that_it_is_fresh(sandbox, crew, event):
    made = crew.post("/events", json=event).json()["event_id"]
    crew.post(f"/events/{made}/resend")
    subjects = [mail["subject"] for mail in sandbox.mails("captain@example.com")]
    assert [subject.partition(":")[0] for subject in subjects] == [
        "Crew call, please answer",
        "Crew call, your fresh link",
    ]


def test_mails_load_nothing_and_hostile_words_are_text(sandbox, crew, event, web):
    hostile = {**event, "event_name": HOSTILE, "crew_tasks": [HOSTILE]}
    crew.post("/events", json=hostile)
    said = {"booking_id": "XHQGMDH", "guest_count": 3, "note": HOSTILE[:1900]}
    web.post(f"{crew.base_url}g/confirm", json=said)
    mails = sandbox.mails()
    assert len(mails) == 3
    for mail in mails:
        page = html.fromstring(mail["html"])
        assert not list(page.iter("img", "link", "script"))
        assert "<img src=x onerror=alert(1)>" in page.text_content()
        assert "\u202e" not in mail["text"] + mail["html"] + mail["subject"]
        assert len(mail["subject"]) <= 150


def test_the_guests_confirmation_reaches_the_captain_whole(sandbox, crew, event, web):
    crew.post("/events", json=event)
    note = "One is vegetarian.\nWe come by taxi."
    said = {"booking_id": "XHQGMDH", "guest_count": 3, "note": note}
    web.post(f"{crew.base_url}g/confirm", json=said)
    mail = sandbox.mails("captain@example.com")[-1]
    assert mail["subject"].startswith("Guest confirmed, 3 guests: JADA Sat 30 May")
    assert note in mail["text"]
    assert note in html.fromstring(mail["html"]).text_content()
