"""Whether a person answers a mail or hands it on: both quote it, and only one sends it here.

A captain who writes "Got it" above a booking's mail sends no booking. What tells is the first thing
that his client put before the subject, and how it sets the mail below apart; that it is in reply to
another proves nothing, since Gmail and Outlook say so of forwards, too.
"""

import re

from bot.mail.document import Line
from bot.mail.header_names import (
    FORWARDED,
    HANDS_ON_IN_NORWEGIAN,
    NORWEGIAN_FROM,
    PREFIXES,
    REPLIES,
)

_TAGS = r"(?:\[(?:external|extern|ext)\]:? ?){0,3}"
_PREFIX = re.compile(
    rf"^(?:(?:{PREFIXES})(?:\[\d\])? ?[:\uff1a] ?|\[(?:external|extern|ext)\]:? ?)+", re.IGNORECASE
)
_ANSWER = re.compile(rf"{_TAGS}({REPLIES})(?:\[\d{{1,3}}\])? ?[:\uff1a]", re.IGNORECASE)
# A line of its own, between hyphens or with a colon behind it, or a mere rule.
_SEPARATOR = re.compile(r"-{3,}[^-]{1,60}-{3,}|_{8,}|[^:]{5,60} ?:")
_FORWARDED = re.compile(rf"(?:{FORWARDED})", re.IGNORECASE)
_FARTHEST = 3  # lines from the separator to the headers


def without_prefix(subject: str) -> str:
    """A subject without `Fwd:`, `FW:`, `Re:` and their like."""
    return _PREFIX.sub("", subject.strip(), count=1).strip()


def answers(subject: str) -> bool:
    """Whether a subject is an answer's: what stands before it first was put there last."""
    return _ANSWER.match(subject.strip()) is not None


def answers_quoted_lines(lines: tuple[Line, ...], subject: str) -> bool:
    """The same of a mail that quotes without saying whom."""
    return answers(subject) and any(line.depth for line in lines)


def answers_headers(lines: tuple[Line, ...], start: int, end: int, subject: str) -> bool:
    """The same of a mail that quotes another under its headers, which are lines `start` to `end`.

    Some clients answer so, too, but none says then that it forwards.
    """
    match = _ANSWER.match(subject.strip())
    if not match or _separator(lines, start, forwarded=True) is not None:
        return False
    norwegian = any(_names_sender_in_norwegian(line) for line in lines[start:end])
    return not (match[1].casefold() == HANDS_ON_IN_NORWEGIAN and norwegian)


def separator_above(lines: tuple[Line, ...], start: int) -> int:
    """Where that begins which sets apart a mail whose headers begin at line `start`."""
    at = _separator(lines, start)
    return start if at is None else at


def _separator(lines: tuple[Line, ...], start: int, *, forwarded: bool = False) -> int | None:
    above = (at for at in range(start - 1, max(-1, start - 1 - _FARTHEST), -1) if lines[at].text)
    at = next(above, None)
    if at is None or not _SEPARATOR.fullmatch(lines[at].text):
        return None
    says = _FORWARDED.search(lines[at].text) is not None
    counts = says or not (forwarded or lines[at].text.endswith(":"))
    return at if counts else None


def _names_sender_in_norwegian(line: Line) -> bool:
    return line.text.lstrip("*_ ").casefold().startswith(NORWEGIAN_FROM)
