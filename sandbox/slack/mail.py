"""Mails in a channel, as Slack's e-mail address for a channel posts them."""

import email
import email.policy
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from html import escape
from typing import Any

Json = dict[str, Any]
PREVIEW_CHARACTERS = 300
ADDRESS_BOT = "B0EMAIL"
USER = "USLACKBOT"


def mail_file(eml: bytes, *, truncated: bool) -> tuple[Json, bytes]:
    """The file object of a mail, without id and addresses, and the HTML at its download."""
    mail = email.message_from_bytes(eml, policy=email.policy.default)
    text, html = _body(mail, "plain"), _body(mail, "html")
    html = html or f"<pre>{escape(text)}</pre>"
    subject = _decoded(_raw(mail, "subject") or "")
    shown = {
        "name": subject,
        "title": subject,
        "mimetype": "text/html",
        "filetype": "email",
        "pretty_type": "Email",
        "user": USER,
        "editable": True,
        "size": len(html),
        "mode": "email",
        "is_external": False,
        "display_as_bot": True,
        "username": "Email",
        "subject": subject,
        "from": _addresses(mail, "from"),
        "to": _addresses(mail, "to"),
        "cc": _addresses(mail, "cc"),
        "attachments": (attachments := _attachments(mail)),
        "original_attachment_count": len(attachments),
        "plain_text": "" if truncated else text,
        "preview": "" if truncated else html,
        "preview_plain_text": "" if truncated else text[:PREVIEW_CHARACTERS],
        "headers": _headers(mail),
        "has_more": truncated,
        "bot_id": ADDRESS_BOT,
        "file_access": "visible",
    }
    return shown, html.encode()


def mail_message(shown: Json) -> Json:
    return {
        "type": "message",
        "subtype": "file_share",
        "text": "",
        "user": USER,
        "bot_id": ADDRESS_BOT,
        "display_as_bot": True,
        "upload": True,
        "files": [shown],
    }


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, UnicodeError):  # a charset that nobody knows
        raw = part.get_payload(decode=True)
        content = raw.decode(errors="replace") if isinstance(raw, bytes) else ""
    return content.replace("\r\n", "\n")


def _addresses(mail: EmailMessage, header: str) -> list[Json]:
    found = []
    for coded, address in getaddresses([_raw(mail, header) or ""]):
        name = _decoded(coded)
        if address:
            original = f"{name} <{address}>" if name else address
            found.append({"address": address, "name": name, "original": original})
    return found


def _attachments(mail: EmailMessage) -> list[Json]:
    return [
        {
            "filename": part.get_filename() or "",
            "size": len(part.get_payload(decode=True) or b""),
            "mimetype": part.get_content_type(),
            "url": None,
        }
        for part in mail.iter_attachments()
    ]


def _headers(mail: EmailMessage) -> Json:
    names = ("date", "in-reply-to", "reply-to", "message-id")
    return {name.replace("-", "_"): _raw(mail, name) for name in names}


def _raw(mail: EmailMessage, name: str) -> str | None:
    """A header as it was sent, unfolded: parsing it fails on what some senders write."""
    for key, value in mail.raw_items():
        if key.lower() == name:
            readable = str(value).encode(errors="surrogateescape").decode(errors="replace")
            return re.sub(r"\r?\n(?=[ \t])", "", readable).strip()
    return None


def _decoded(coded: str) -> str:
    try:
        return str(make_header(decode_header(coded)))
    except (HeaderParseError, LookupError, UnicodeError):
        return coded
