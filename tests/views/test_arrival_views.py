"""Messages about mails that came by HTTP or drifted: what they say, and that they do nothing."""

from typing import Any

import pytest
from as_seen import seen
from slack_limits import assert_no_markup, check_message

from bot.domain.attachment import Attachment
from bot.domain.message import Message
from bot.views.arrivals import came_by_http, drift_alarm

KEY = "mail:http:0123456789abcdef0123456789abcdef"
HOSTILE = [
    "",
    "<!channel> <@U0CAPTAIN> *bold* `code` https://evil.example :tada:",
    "\u202egnp.exe\x00\ud800",
    "&<_" * 3100,
    "👩‍👩‍👧‍👦" * 500,
]


def introduced(subject: str, sender: str, **about: Any) -> Message:
    usual = {"marketplace": None, "attachment": Attachment.THERE, "shows_money": True}
    return came_by_http(subject, sender, key=KEY, **(usual | about))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("attachment", Attachment)
def test_whatever_a_mail_says_it_fits_and_does_nothing(text, attachment):
    for message in (
        introduced(text, text, attachment=attachment),
        introduced(text, text, attachment=attachment, marketplace=text, shows_money=False),
        drift_alarm(text, key=text, attachment=attachment, mail_link=text),
    ):
        check_message(message)
        assert_no_markup(message.text)


def test_a_mail_is_introduced_with_its_subject_and_sender():
    message = introduced("New booking", "Boat <b@x.example>")
    assert seen(message).splitlines()[1:] == [
        "*A mail came in by HTTP.*",
        "*Subject*: New booking",
        "*From*: Boat <b@x.example>",
        "Its file is in this thread.",
    ]


def test_a_mail_that_says_nothing_of_itself_is_said_to():
    message = introduced("", "")
    assert "*Subject*: no subject" in seen(message)
    assert "*From*: nobody named" in seen(message)


def test_where_payouts_are_not_shown_the_subject_is_not_either():
    message = introduced(
        "You earned $840.75", "b@x.example", attachment=Attachment.HELD_BACK, shows_money=False
    )
    assert "840" not in seen(message) + message.text
    assert f"*charter mail {KEY}* prints it" in seen(message)


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ('"Raquel Gomez, paid $840.75" <raquel.gomez@gmail.com>', "gmail.com"),
        ("Raquel Gomez, paid $840.75 <raquel.gomez@gmail.com>", "gmail.com"),
        ("raquel.gomez@Mail.Example", "mail.example"),
        ("Raquel Gomez, paid $840.75", None),
        ("<raquel@840.75>", None),
        ("<raquel@paid-840-75.example>", None),
        ("<x@y.example> Raquel Gomez $840.75", None),
        ("<x@y.example", "y.example"),
        ("", None),
        ("@" * 200_000, None),
    ],
)
def test_where_payouts_are_not_shown_of_the_sender_only_the_domain_is(sender, shown):
    message = introduced("Hello", sender, shows_money=False)
    told = seen(message) + message.text
    for hidden in ("840", "75", "gomez", "raquel"):
        assert hidden not in told.lower()
    assert f"*From*: {shown or 'not shown here'}" in told


def test_where_payouts_are_not_shown_a_marketplace_is_named_instead_of_the_sender():
    message = introduced("Hi", "Raquel <r@gmail.com>", marketplace="boatsetter", shows_money=False)
    assert "*From*: Boatsetter" in seen(message)
    assert "gmail" not in seen(message) + message.text


def test_a_mail_is_not_called_a_booking_before_anybody_has_read_it():
    message = introduced("Newsletter", "n@x.example")
    assert "booking" not in (seen(message) + message.text).lower()


@pytest.mark.parametrize(
    ("attachment", "said"),
    [
        (
            Attachment.HELD_BACK,
            "It is not attached, for it may name the payout or the renter's address.",
        ),
        (Attachment.FAILED, "Slack would not take its file; the log says why."),
        (Attachment.UNKNOWN, "If it did not, *charter mail"),
    ],
)
def test_a_mail_that_is_not_there_is_said_to_be_had_elsewhere(attachment, said):
    text = seen(drift_alarm("boatsetter", key=KEY, attachment=attachment, mail_link=None))
    assert said in text
    assert f"*charter mail {KEY}* prints it. Type it where the bot runs." in text


def test_the_alarm_says_what_to_do():
    text = seen(
        drift_alarm(
            "boatsetter", key=KEY, attachment=Attachment.THERE, mail_link="https://slack.example/1"
        )
    )
    assert text.startswith("~ Boatsetter mail in a form that I do not know. Nothing was set up.")
    assert "Please read the mail yourself" in text
    assert "*charter parse --explain FILE* shows" in text
