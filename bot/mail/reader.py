"""The way in: whatever form a mail comes in, out comes a reading, or `Unreadable` with a reason."""

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.boat import Boat
from bot.domain.booking import Booking, Kind, Reading
from bot.mail.caps import DEFAULT, Limits, check_size
from bot.mail.charset import decoded, is_text
from bot.mail.document import lines_of
from bot.mail.envelope import Envelope, looks_like_mime, mails_in, open_mail
from bot.mail.forwards import unwrap
from bot.mail.marketplaces import MARKETPLACES
from bot.mail.marketplaces.base import Extract, Marketplace
from bot.mail.markup import seen_text, worth_parsing
from bot.mail.normalise import Fields, fields_of, local_zone, reconciled
from bot.mail.slack_file import envelope_of, needs_more, unescaped
from bot.mail.unreadable import Unreadable, parsing

__all__ = [
    "Unreadable", "needs_more", "read_bytes", "read_slack_file", "read_text", "unescaped",
]  # fmt: skip

_BOOKING_KINDS = {Kind.NEW, Kind.CHANGED, Kind.CANCELLED}
_MARKUP = ("<!doctype html", "<html", "<head", "<body", "<div", "<table", "<p>", "<meta")


def read_bytes(
    raw: bytes,
    *,
    name: str,
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None = None,
    limits: Limits = DEFAULT,
) -> Reading:
    """Read an `.eml`, HTML, text, or a Slack event's JSON; `name` tells which, else the content.

    Raises:
        Unreadable: empty, too large, too deep, too many parts, damaged, or not text.
    """
    check_size(raw, limits)
    return _read(
        _enveloped(raw, PurePath(name).suffix.lower(), limits), boats, default_zone, limits
    )


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
    return _read(envelope_of(file, html or None), boats, default_zone, limits)


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
    return _read(Envelope(text=text), boats, default_zone, limits)


def _enveloped(raw: bytes, suffix: str, limits: Limits) -> Envelope:
    if suffix not in {".txt", ".html", ".htm", ".json"} and looks_like_mime(raw):
        return open_mail(raw, limits)
    text = decoded(raw, None)
    if suffix in {".html", ".htm"} or text.lstrip()[:20].lower().startswith(_MARKUP):
        return Envelope(html=text)
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
        return Envelope(text=unescaped(event["text"]))
    return envelope_of(event)


def _read(
    envelope: Envelope, boats: tuple[Boat, ...], default_zone: ZoneInfo | None, limits: Limits
) -> Reading:
    mails = mails_in(envelope, limits)
    with_html = worth_parsing([mail.html for mail in mails], limits)
    shown = [
        (mail, [_legible(mail.text), _legible(seen_text(mail.html) if with_html else "")])
        for mail in mails
    ]
    if not any(text.strip() for _, texts in shown for text in texts):
        held = any(mail.text.strip() for mail in mails)
        raise Unreadable("It is not text." if held else "There is no text in it to read.")
    readings = [_one(mail, texts, boats, default_zone) for mail, texts in shown]
    return next((known for known in readings if known.marketplace), readings[-1])


def _legible(text: str) -> str:
    return text if is_text(text) else ""


def _one(
    envelope: Envelope, texts: list[str], boats: tuple[Boat, ...], default_zone: ZoneInfo | None
) -> Reading:
    """One mail's reading: its alternatives must tell the same story."""
    found = [extracted for text in texts if (extracted := _extracted(envelope, text))]
    if not found:
        return Reading(kind=Kind.UNRECOGNISED)
    marketplace = found[0][0]
    extracts = [extract for market, extract in found if market is marketplace]
    kinds = {extract.kind for extract in extracts} - {Kind.UNRECOGNISED}
    kind = kinds.pop() if len(kinds) == 1 else Kind.UNRECOGNISED
    fields = _fields(extracts, marketplace, boats, default_zone)
    about = fields.get("booking_id")
    values = {name: reading.value for name, reading in fields.items()}
    sells = kind in _BOOKING_KINDS
    return Reading(
        kind=kind,
        marketplace=marketplace.name,
        booking=Booking(**values) if sells else Booking(),
        fields=fields if sells else {},
        about=str(about.value) if about and about.sure else None,
    )


def _fields(
    extracts: list[Extract],
    marketplace: Marketplace,
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None,
) -> Fields:
    titles = (words for extract in extracts for words in extract.found.get("listing", ()))
    listing = next((words.text for words in titles), None)
    local = local_zone(listing, boats, default_zone)
    read = [fields_of(extract, marketplace, local) for extract in extracts]
    return reconciled(read[0], read[1] if len(read) > 1 else {})


def _extracted(envelope: Envelope, text: str) -> tuple[Marketplace, Extract] | None:
    """What the innermost mail says that a marketplace knows as its own."""
    documents = unwrap(lines_of(text), sender=envelope.sender, subject=envelope.subject)
    return next(
        (
            (marketplace, marketplace.read(document))
            for document in documents
            for marketplace in MARKETPLACES
            if document.said and marketplace.can_handle(document)
        ),
        None,
    )
