import pytest
from hostile import SLOW

from bot.domain.booking import Kind
from bot.mail.caps import Limits
from bot.mail.reader import Unreadable, read_bytes, read_text

HEAD = b"From: Boatsetter <boatsetter@mail.boatsetter.com>\nSubject: x\nMIME-Version: 1.0\n"
MIXED = b'Content-Type: multipart/mixed; boundary="%s"\n\n'

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
TOO_MUCH = {
    "margins": "too long",
    **dict.fromkeys(("tags", "cells", "microdata, nested", "alarms", "a zone"), "no text"),
}


@pytest.mark.parametrize(("raw", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_a_reason(raw, reason, boats):
    with pytest.raises(Unreadable, match=reason) as refused:
        read_bytes(raw, name="x.eml", boats=boats)

    assert refused.value.reason.endswith(".")


@pytest.mark.parametrize("name", SLOW)
def test_what_is_made_to_be_slow_is_refused_or_not_recognised(name, boats):
    """How long it takes is measured by bench/hostile.py."""
    if reason := TOO_MUCH.get(name):
        with pytest.raises(Unreadable, match=reason):
            read_bytes(SLOW[name], name="x.eml", boats=boats)
    else:
        assert read_bytes(SLOW[name], name="x.eml", boats=boats).kind is Kind.UNRECOGNISED


def test_the_limits_are_a_choice(boats):
    with pytest.raises(Unreadable, match="too large"):
        read_text("Hello there", boats=boats, limits=Limits(size=5))


def test_a_bogus_charset_in_a_subject_does_not_cost_the_mail(mails, boats):
    raw = (mails / "boatsetter" / "2-xhqgmdh-instant-direct.eml").read_bytes()

    for subject in (b"=?nonsense?q?x?=", b"=?utf-8?b?!!!?=", b"\xff\xfe caf\xe9"):
        damaged = raw.replace(b"You have a new Instant Booking for", subject)
        assert read_bytes(damaged, name="x.eml", boats=boats).about == "xhqgmdh"
