"""Messages about mails that came by HTTP or drifted: what they say, and that they do nothing."""

import pytest
from as_seen import seen
from slack_limits import assert_no_markup, check_message

from bot.domain.attachment import Attachment
from bot.views.arrivals import came_by_http, drift_alarm

KEY = "mail:http:0123456789abcdef0123456789abcdef"
HOSTILE = [
    "",
    "<!channel> <@U0CAPTAIN> *bold* `code` https://evil.example :tada:",
    "\u202egnp.exe\x00\ud800",
    "&<_" * 3100,
    "👩‍👩‍👧‍👦" * 500,
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("attachment", Attachment)
def test_whatever_a_mail_says_it_fits_and_does_nothing(text, attachment):
    for message in (
        came_by_http(text, text, key=KEY, attachment=attachment, shows_money=True),
        drift_alarm(text, key=text, attachment=attachment, mail_link=text),
    ):
        check_message(message)
        assert_no_markup(message.text)


def test_a_mail_is_introduced_with_its_subject_and_sender():
    message = came_by_http(
        "New booking", "Boat <b@x.example>", key=KEY, attachment=Attachment.THERE, shows_money=True
    )
    assert seen(message).splitlines()[1:] == [
        "*A booking mail came in by HTTP.*",
        "*Subject*: New booking",
        "*From*: Boat <b@x.example>",
        "Its file is in this thread.",
    ]


def test_a_mail_that_says_nothing_of_itself_is_said_to():
    message = came_by_http("", "", key=KEY, attachment=Attachment.THERE, shows_money=True)
    assert "*Subject*: no subject" in seen(message)
    assert "*From*: nobody named" in seen(message)


def test_where_payouts_are_not_shown_the_subject_is_not_either():
    message = came_by_http(
        "You earned $840.75", "b@x.example", key=KEY, attachment=Attachment.HELD_BACK,
        shows_money=False,
    )  # fmt: skip
    assert "840" not in seen(message) + message.text
    assert f"*charter mail {KEY}* prints it" in seen(message)


@pytest.mark.parametrize(
    ("attachment", "said"),
    [
        (Attachment.HELD_BACK, "It is not attached, for it may name the payout."),
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
