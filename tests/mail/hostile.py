"""Mails made to be slow, as large as the caps let them be: for the tests and for bench/hostile.py.

Each stands with what comes of it: the reason of the refusal, or the kind that is read.
"""

import json
from itertools import chain

_HEAD = b"From: Boatsetter <boatsetter@mail.boatsetter.com>\nSubject: x\nMIME-Version: 1.0\n"
_OPENING = b"You received an Instant Booking for x\n"
_CHARACTERS, _LINES = 290_000, 2_400  # a little less than the caps


def _plain(body: bytes) -> bytes:
    return _HEAD + b"\n" + body


def _html(body: bytes) -> bytes:
    return _HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + body


def _script(script: str) -> bytes:
    return _html(b'<p>Hello</p><script type="application/ld+json">%s</script>' % script.encode())


def _sheet(sheet: bytes) -> bytes:
    return _html(b"<style>%s</style><p>Hello</p>" % sheet)


def _calendar(lines: str) -> bytes:
    event = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@x\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    return _HEAD + b"Content-Type: text/calendar; charset=utf-8\n\n" + event.encode()


_REFERS = [{"@id": f"#{i}", "@type": "Trip", "x": [{"@id": f"#{i + 1}"}] * 9} for i in range(20)]
_TRIP = b'<div itemscope itemtype="http://schema.org/Trip"'

TEXTS = {
    "short lines": _plain(b"a\n" * _LINES),
    "a long line": _plain(b"a" * _CHARACTERS),
    "quotation marks": _plain(b"> " * (_CHARACTERS // 2)),
    "senders": _plain(b"From: a\n" * _LINES),
    "recipients": _plain(b"To: a\n" * _LINES),
    "labels": _plain(_OPENING + b"Start\n" * _LINES),
    "links": _plain(b"<https://a" * (_CHARACTERS // 10)),
    "openings": _plain(_OPENING * _LINES),
    "attributions": _plain((b"On " + b"a wrote" * 15 + b"\n") * _LINES),
    "recipients in brackets": _HEAD + b"To: " + b"(" * 500_000 + b"\n\nx",
    "a charset that is quadratic": _HEAD
    + b"Content-Type: text/plain; charset=punycode\n\n"
    + b"a-" * (_CHARACTERS // 2),
    "a paragraph that flows": _HEAD
    + b"Content-Type: text/plain; format=flowed\n\n"
    + (b"word " * 14 + b"\n") * _LINES,
}
PAGES = {
    "tags": _html(b"x" + b"<b>" * 90_000),
    "cells": _html(b"<table>" + b"<tr><td>a" * 9_000),
    "margins": _html(b"<p style='margin-top:9999em'>a" * 6_000),
    "letters in a sheet": _sheet(b"a" * 40_000),
    "comments in a sheet": _sheet(b"/* " * 14_000),
    "rules that begin": _sheet(b"a{" * 20_000),
    "rules that end": _sheet(b"}" * 40_000),
    "microdata, nested": _html(_TRIP + b' itemprop="a">' + (_TRIP + b' itemprop="a">') * 1_400),
    "microdata, flat": _html((_TRIP + b'><b itemprop="name">a') * 1_400),
}
DATA = {
    "nesting": _script("[" * 20_000),
    "nested objects": _script('{"a":' * 5_000 + "1" + "}" * 5_000),
    "references that multiply": _script(
        json.dumps({"@context": "http://schema.org", "@graph": _REFERS})
    ),
    "a long number": _script('{"a": ' + "9" * 25_000 + "}"),
    "white space": _script(" " * 28_000 + ";" + "\n;" * 500),
    "properties": _calendar("A:b\n" * 5_000),
    "parameters": _calendar("DTSTART;" + "A=B;" * 7_000 + ":x"),
    "dates": _calendar("RDATE:" + ",".join(["20260530T170000Z"] * 1_600)),
    "a description": _calendar("DESCRIPTION:" + "Booking " * 3_500),
    "a description of tags": _calendar("DESCRIPTION:" + "<a" * 14_000),
    "alarms": _calendar("BEGIN:VALARM\n" * 1_500),
    "a zone": _calendar("DTSTART;TZID=" + "a/" * 10_000 + "b:20260530T100000"),
}
HEADS = {
    "headers": b"a:\n" * 21_000 + b"\n" + b"x" * 4_900_000,
    "subjects": b"subject:\n" * 7_000 + b"\n" + b"x" * 4_900_000,
    "folds": b"subject: a\n" + b" \n" * 30_000 + b"\n" + b"\r\n" * 2_400_000,
    "no end": b"a: b\r" * 900_000,
    "words": b"Subject: " + b"=?a?q?" * 10_000,
}
SLOW = dict(chain(TEXTS.items(), PAGES.items(), DATA.items()))


def oddly_signed(signed: bytes) -> dict[str, bytes]:
    """A signed mail, with what canonicalising it is slow at."""
    return {
        "folds before a signature": b"A: b\n" + b" \n" * 31_000 + signed,
        "newlines in a signature": signed.replace(b" b=", b" b=" + b"\n " * 700, 1),
        "blanks": signed + (b" " * 199 + b"x") * 4_900,
        "empty lines": signed + b"\n" * 900_000,
    }
