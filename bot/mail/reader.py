"""The way in: whatever form a mail comes in, out comes a reading, or `Unreadable` with a reason."""

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.boat import Boat
from bot.domain.booking import Reading
from bot.mail.caps import DEFAULT, Limits, check_size
from bot.mail.charset import decoded, paired
from bot.mail.envelope import Envelope, looks_like_mime, open_mail
from bot.mail.examination import Examination, examine
from bot.mail.slack_file import envelope_of, needs_more, unescaped
from bot.mail.unreadable import Unreadable, parsing

__all__ = [
    "Unreadable", "examine_bytes", "needs_more", "read_bytes", "read_slack_file", "read_text",
    "unescaped",
]  # fmt: skip

_MARKUP = ("<!doctype html", "<html", "<head", "<body", "<div", "<table", "<p>", "<meta")


def read_bytes(
    raw: bytes,
    *,
    name: str,
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None = None,
    limits: Limits = DEFAULT,
) -> Reading:
    """Read an `.eml`, HTML, text, `.ics`, or a Slack event's JSON: by its `name`, else by content.

    Raises:
        Unreadable: empty, too large, too deep, too many parts, damaged, or not text.
    """
    return examine_bytes(
        raw, name=name, boats=boats, default_zone=default_zone, limits=limits
    ).reading


def examine_bytes(
    raw: bytes,
    *,
    name: str,
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None = None,
    limits: Limits = DEFAULT,
) -> Examination:
    """The same, with every decision on the way; raises the same."""
    check_size(raw, limits)
    envelope = _enveloped(raw, PurePath(name).suffix.lower(), limits)
    return examine(envelope, boats, default_zone, limits)


def read_slack_file(
    file: Mapping[str, Any],
    *,
    boats: tuple[Boat, ...],
    html: bytes | None = None,
    default_zone: ZoneInfo | None = None,
    limits: Limits = DEFAULT,
) -> Reading:
    """Read a mail that Slack took apart. `html`: the download, where `needs_more(file)`.

    Raises:
        Unreadable: it holds no text, or too much.
    """
    if html:
        check_size(html, limits)
    return examine(envelope_of(file, html or None), boats, default_zone, limits).reading


def read_text(
    text: str,
    *,
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None = None,
    limits: Limits = DEFAULT,
) -> Reading:
    """Read pasted text.

    Raises:
        Unreadable: empty, too large, or not text.
    """
    check_size(text.encode("utf-8", "replace"), limits)
    return examine(Envelope(text=paired(text)), boats, default_zone, limits).reading


def _enveloped(raw: bytes, suffix: str, limits: Limits) -> Envelope:
    if suffix not in {".txt", ".html", ".htm", ".json"} and looks_like_mime(raw):
        return open_mail(raw, limits)
    text = decoded(raw, None)
    if suffix in {".html", ".htm"} or text.lstrip()[:20].lower().startswith(_MARKUP):
        return Envelope(html=text)
    if suffix == ".ics" or text.lstrip()[:20].upper().startswith("BEGIN:VCALENDAR"):
        return Envelope(calendars=(text,))
    if suffix == ".json" or (suffix != ".txt" and text.lstrip()[:1] == "{"):
        return _from_slack(text)
    return Envelope(text=text)


def _from_slack(text: str) -> Envelope:
    """An event, what `files.info` answers, or the file alone."""
    with parsing("JSON"):
        event = json.loads(text)
    for key in ("event", "file"):
        event = event.get(key, event) if isinstance(event, dict) else {}
    files = event.get("files") if isinstance(event, dict) else None
    mails = [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    if mails:
        return envelope_of(next((file for file in mails if file.get("mode") == "email"), mails[0]))
    if not isinstance(event, dict) or not {"plain_text", "preview", "text"} & event.keys():
        raise Unreadable("It is JSON, but no Slack event with a mail in it.")
    if isinstance(event.get("text"), str) and event["text"].strip():
        return Envelope(text=paired(unescaped(event["text"])))
    return envelope_of(event)
