import time
from contextlib import suppress

import pytest

from bot.mail.caps import Limits
from bot.mail.reader import Unreadable, read_bytes, read_text

HEAD = b"From: Boatsetter <boatsetter@mail.boatsetter.com>\nSubject: x\nMIME-Version: 1.0\n"
MIXED = b'Content-Type: multipart/mixed; boundary="%s"\n\n'
SECONDS = 3.0  # of this process; what is guarded against takes minutes

REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b" \r\n\t\n", "empty"),
    "twenty megabytes": (b"a" * 20_000_000, "too large"),
    "100,000 parts": (HEAD + MIXED % b"b" + b"--b\n\nx\n" * 100_000, "too many parts"),
    "5,000 levels": (
        HEAD + b"".join(MIXED % (b"b%d" % i) + b"--b%d\n" % i for i in range(5_000)),
        "too (deep|many parts)",
    ),
    "5,000 mails in mails": (HEAD + b"Content-Type: message/rfc822\n\n" * 5_000 + b"x", "too deep"),
    "30 mails in mails": (HEAD + b"Content-Type: message/rfc822\n\n" * 30 + b"x", "too many mails"),
    "levels in carriage returns": (HEAD + b"Content-Type: message/rfc822\r\r" * 5_000, "too deep"),
    "a disposition of quotes": (HEAD + b"Content-Disposition: " + b'";' * 500_000, "too long"),
    "a folded content type": (HEAD + b"Content-Type: a/b;" + b"\n x=y;" * 100_000, "too long"),
    "a subject of encodings": (b"Subject: " + b"=?utf-8?q?" * 100_000 + b"\n\nx", "too long"),
    "NULs": (b"a\0\0\0\0\0" * 100_000, "not text"),
    "NULs in a mail": (HEAD + b"\n" + b"\0" * 100_000, "not text"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, "not text"),
    "a mail that is a picture": (HEAD + b"Content-Type: image/png\n\nxx", "no text"),
    "brackets": (b"{" + b'"event":{' * 100_000, "JSON is damaged"),
}
ENDURED = {
    "short lines": b"a\n" * 300_000,
    "a long line": b"a" * 4_000_000,
    "quotation marks": b"> " * 1_000_000,
    "senders": b"From: a\n" * 40_000,
    "recipients": b"To: a\n" * 40_000,
    "labels": b"You received an Instant Booking for x\n" + b"Start\n" * 40_000,
    "links": b"<https://a" * 100_000,
    "openings": b"You received an Instant Booking for x\n" * 50_000,
    "attributions": (b"On " + b"a wrote" * 200 + b"\n") * 1_000,
    "recipients in brackets": HEAD + b"To: " + b"(" * 500_000 + b"\n\nx",
    "a charset that is quadratic": HEAD
    + b"Content-Type: a/b; charset=punycode\n\n"
    + b"a-" * 500_000,
    "tags": b"<html>x" + b"<b>" * 1_500_000,
    "cells": b"<html><table>" + b"<tr><td>a" * 9_000,
    "margins": b"<html>" + b"<p style='margin-top:9999em'>a" * 6_000,
}


@pytest.mark.parametrize(("raw", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_at_once_with_a_reason(raw, reason, boats):
    began = time.process_time()

    with pytest.raises(Unreadable, match=reason) as refused:
        read_bytes(raw, name="x.eml", boats=boats)

    assert time.process_time() - began < SECONDS
    assert refused.value.reason.endswith(".")


@pytest.mark.parametrize("raw", ENDURED.values(), ids=ENDURED)
def test_what_is_merely_odd_takes_no_longer_than_its_length(raw, boats):
    began = time.process_time()

    with suppress(Unreadable):
        read_bytes(raw, name="x", boats=boats)

    assert time.process_time() - began < SECONDS


def test_the_limits_are_a_choice(boats):
    with pytest.raises(Unreadable, match="too large"):
        read_text("Hello there", boats=boats, limits=Limits(size=5))


def test_a_bogus_charset_in_a_subject_does_not_cost_the_mail(mails, boats):
    raw = (mails / "boatsetter" / "2-xhqgmdh-instant-direct.eml").read_bytes()

    for subject in (b"=?nonsense?q?x?=", b"=?utf-8?b?!!!?=", b"\xff\xfe caf\xe9"):
        damaged = raw.replace(b"You have a new Instant Booking for", subject)
        assert read_bytes(damaged, name="x.eml", boats=boats).about == "xhqgmdh"
