"""What a mail's headers say, and its identity, whatever strangers put there."""

import pytest
from hostile import HEADS

from bot.mail.heading import heading, identity
from bot.mail.kept import as_file

MAIL = (
    b"Message-ID: <1@x>\r\nFrom: =?utf-8?q?Zo=C3=AB?= <z@x>\r\nSubject: A\r\n long one\r\n\r\nBody"
)


def test_subject_and_sender_are_decoded_and_unfolded():
    assert heading(MAIL) == ("A long one", "Zoë <z@x>")
    assert heading(MAIL.replace(b"\r\n", b"\n")) == heading(MAIL)
    assert heading(b"X: y\n\nSubject: of the body") == ("", "")


def test_hops_and_ends_of_lines_do_not_make_another_mail():
    more = b"Received: by y\r\nSubject-Prefix: x\r\n" + MAIL
    assert identity(MAIL) == identity(more) == identity(MAIL.replace(b"\r\n", b"\n"))
    assert identity(MAIL + b"!") != identity(MAIL)


TOLD = {"folds": "a", "words": HEADS["words"].decode()[len("Subject: ") : 4_000]}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_that_is_made_to_be_slow_tells_what_it_may(name):
    assert heading(HEADS[name]) == (TOLD.get(name, ""), "")
    assert identity(b"Received: by y\n" + HEADS[name]) == identity(HEADS[name])


def test_what_begins_like_slacks_file_and_is_too_deep_stays_what_it_is():
    deep = b'{"email":' + b"[" * 200_000
    assert as_file(deep) == ("mail.txt", deep)
