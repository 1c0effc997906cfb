"""What a mail's headers say, and its identity, whatever strangers put there."""

import time

import pytest

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


SLOW = {
    "headers": b"a:\n" * 21_000 + b"\n" + b"x" * 4_900_000,
    "subjects": b"subject:\n" * 7_000 + b"\n" + b"x" * 4_900_000,
    "folds": b"subject: a\n" + b" \n" * 30_000 + b"\n" + b"\r\n" * 2_400_000,
    "no end": b"a: b\r" * 900_000,
    "words": b"Subject: " + b"=?a?q?" * 10_000,
}


@pytest.mark.parametrize("raw", SLOW.values(), ids=SLOW)
def test_what_is_made_to_be_slow_takes_the_bot_no_longer_than_its_length(raw):
    began = time.process_time()
    identity(raw)
    heading(raw)
    assert time.process_time() - began < 0.3  # 0.04 where nothing else runs


def test_what_begins_like_slacks_file_and_is_too_deep_stays_what_it_is():
    deep = b'{"email":' + b"[" * 200_000
    assert as_file(deep) == ("mail.txt", deep)
