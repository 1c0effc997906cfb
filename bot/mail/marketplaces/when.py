"""Dates and times that a mail sets apart: on two lines, time first, or the date in a sentence."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.mail.document import Line, Words
from bot.mail.labels import Labelled, begins_label
from bot.mail.marketplaces.findings import Findings

DAY = "day"  # noted of a sentence until the time is known; no field of a booking
CLOCK = "clock"  # likewise, of a label that gives the time alone

_CLOCK = r"\d{1,2}(?:[:.]\d{2})? ?[ap]\.?m\b\.?(?: ?\(?(?-i:[A-Z]{2,4})\)?)?|\d{1,2}:\d{2}"
_CLOCK_ALONE = re.compile(_CLOCK, re.IGNORECASE | re.ASCII)
_CLOCK_FIRST = re.compile(rf"({_CLOCK}),?(?: on| at|,| [•·|-])? (\S.{{5,40}})", re.IGNORECASE)
_CLOCK_LAST = re.compile(
    r".{6,40}?[ T](\d{1,2}(?:[:.]\d{2})? ?[ap]\.?m\b.{0,8}|\d{1,2}:\d{2})", re.IGNORECASE
)
_DATE = re.compile(r"(?=.*\d)[\w.,/ -]{6,30}")


def dated(lines: tuple[Line, ...], label: Labelled, labels: Mapping[str, str]) -> Labelled:
    """A label of a moment with the date and the time, on one line or two, in any order."""
    value = label.value
    if value is None:
        return label
    under = next((at for at in range(label.last + 1, len(lines)) if lines[at].text), None)
    if under is not None and not begins_label(lines[under], labels):
        both = _joined(value, lines[under])
        if both:
            return replace(label, value=both, last=under)
    return replace(label, value=_in_order(value))


def day_into_start(found: Findings) -> None:
    """Put days and times together that the mail names apart, and hold them against one another.

    A day alone stays what it is, no moment: midnight would be a guess.
    """
    days, clocks, starts = found.of(DAY), found.of(CLOCK), found.of("starts_at")
    found.keep(DAY, ())
    found.keep(CLOCK, ())
    named = [clock for start in starts if (clock := _clock_in(start))]
    clock = next(iter([*named, *(one.text for one in clocks)]), None)
    whole = [start if _clock_in(start) else _at(start, clock) for start in starts]
    only_times = bool(days) and all(_is_clock(start.text) for start in starts)
    found.keep("starts_at", ([] if only_times else whole) + [_at(day, clock) for day in days])


def _at(day: Words, clock: str | None) -> Words:
    return replace(day, text=f"{day.text} {clock}") if clock else day


def _is_clock(text: str) -> bool:
    return _CLOCK_ALONE.fullmatch(text) is not None


def _clock_in(words: Words) -> str | None:
    """The time of day that the words hold."""
    if _is_clock(words.text):
        return words.text
    match = _CLOCK_FIRST.fullmatch(words.text) or _CLOCK_LAST.fullmatch(words.text)
    return match[1] if match else None


def _in_order(words: Words) -> Words:
    """The date before the time, as everybody else writes it."""
    match = _CLOCK_FIRST.fullmatch(words.text)
    return replace(words, text=f"{match[2]} {match[1]}") if match else words


def _joined(words: Words, below: Line) -> Words | None:
    """A date and a time, one under the other in any order; None if the line below is neither."""
    if _is_clock(words.text) and _DATE.fullmatch(below.text) and not _is_clock(below.text):
        text = f"{below.text} {words.text}"
    elif _is_clock(below.text) and _clock_in(words) is None:
        text = f"{words.text} {below.text}"
    else:
        return None
    return replace(words, text=text, words=f"{words.words}\n{below.words}")
