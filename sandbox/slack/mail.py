"""Mails in a channel, as Slack's e-mail address for a channel posts them."""

import email
import email.policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
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
    subject = str(mail["subject"] or "")
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
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _addresses(mail: EmailMessage, header: str) -> list[Json]:
    value = mail[header]
    if value is None:
        return []
    return [
        {"address": each.addr_spec, "name": each.display_name, "original": str(each)}
        for each in value.addresses
    ]


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
    def text(name: str) -> str | None:
        return str(mail[name]) if mail[name] is not None else None

    date = text("date")
    return {
        "date": parsedate_to_datetime(date).strftime("%a, %d %b %Y %H:%M:%S %z") if date else None,
        "in_reply_to": text("in-reply-to"),
        "reply_to": text("reply-to"),
        "message_id": text("message-id"),
    }
