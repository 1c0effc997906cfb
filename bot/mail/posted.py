"""A mail as a mail service posts it, made into the `.eml` that all else here speaks of."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formataddr
from typing import Any

from bot.mail.unreadable import Unreadable, parsing

MIME, JSON = "message/rfc822", "application/json"
CONTENT_TYPES = (MIME, JSON)
_RAW = ("RawEmail", "raw")
_MOST_ATTACHMENTS = 100
_FORMS = "Postmark's, CloudMailin's, or an object with the whole mail under \"raw\""
_SHOWN = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID")

# To fold an attached mail's headers anew would break its signature.
_AS_IT_CAME = policy.SMTP.clone(refold_source="none")

Json = Mapping[str, Any]


def as_mime(body: bytes, content_type: str) -> bytes:
    """The mail's bytes, out of one of `CONTENT_TYPES`. The same body gives the same bytes.

    From JSON without the whole mail it is built anew, so a signature of its sender is lost.

    Raises:
        Unreadable: nothing is in it, or it is JSON of no form that is known here.
    """
    if content_type == MIME:
        raw = body
    else:
        with parsing("JSON"):
            raw = _from_json(json.loads(body))
    if not raw.strip():
        raise Unreadable("There is no mail in it.")
    return raw


def _from_json(told: Any) -> bytes:
    if not isinstance(told, Mapping):
        raise Unreadable(f"It is JSON, but not in a form that is known here: {_FORMS}.")
    for name in _RAW:
        if _text(told, name).strip():
            return _text(told, name).encode()
    if {"TextBody", "HtmlBody"} & told.keys():
        headers = _postmark_headers(told)
        return _built(headers, _text(told, "TextBody"), _text(told, "HtmlBody"), _attached(told))
    if isinstance(told.get("headers"), Mapping) and {"plain", "html"} & told.keys():
        headers = {name.lower().replace("_", "-"): value for name, value in told["headers"].items()}
        return _built(headers, _text(told, "plain"), _text(told, "html"), _attached(told))
    raise Unreadable(f"It is JSON, but not in a form that is known here: {_FORMS}.")


def _postmark_headers(told: Json) -> dict[str, Any]:
    """By lower-case name. Postmark's own MessageID is its, so the mail's own goes first."""
    listed = [each for each in told.get("Headers") or () if isinstance(each, Mapping)]
    headers: dict[str, Any] = {"message-id": f"<{_text(told, 'MessageID')}@postmark>"}
    headers |= {_text(each, "Name").lower(): each.get("Value") for each in listed}
    for name in ("To", "Cc", "Subject", "Date"):
        headers.setdefault(name.lower(), told.get(name))
    headers["reply-to"] = told.get("ReplyTo")
    sender = told.get("FromFull")
    if isinstance(sender, Mapping):
        headers["from"] = formataddr((_line(_text(sender, "Name")), _text(sender, "Email")))
    else:
        headers.setdefault("from", told.get("From"))
    return headers


def _attached(told: Json) -> list[tuple[str, str, bytes]]:
    """Name, type and content of each attachment that came along; those left elsewhere are not."""
    attachments = told.get("Attachments") or told.get("attachments") or ()
    if len(attachments) > _MOST_ATTACHMENTS:
        raise Unreadable(f"It has more than {_MOST_ATTACHMENTS} attachments.")
    found = []
    for each in attachments:
        content = _text(each, "Content") or _text(each, "content")
        if content:
            name = _text(each, "Name") or _text(each, "file_name") or "attachment"
            kind = _text(each, "ContentType") or _text(each, "content_type")
            found.append((_line(name), kind.partition(";")[0].strip(), base64.b64decode(content)))
    return found


def _built(headers: Json, text: str, html: str, attachments: list[tuple[str, str, bytes]]) -> bytes:
    mail = EmailMessage(policy=_AS_IT_CAME)
    for name in _SHOWN:
        value = headers.get(name.lower())
        line = _line(_clean(value[0] if isinstance(value, list) and value else value))
        if line:
            mail[name] = line
    if text or not html:
        mail.set_content(text)
    if html and text:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html")
    for name, kind, content in attachments:
        _attach(mail, name, kind, content)
    _name_boundaries(mail, (text.encode(), html.encode(), *(each for _, _, each in attachments)))
    return mail.as_bytes(policy=_AS_IT_CAME)


def _attach(mail: EmailMessage, name: str, kind: str, content: bytes) -> None:
    if kind == MIME:
        mail.add_attachment(message_from_bytes(content, policy=_AS_IT_CAME), filename=name)
        return
    main, slash, sub = kind.partition("/")
    if not (slash and sub) or main in {"message", "multipart"}:
        main, sub = "application", "octet-stream"
    mail.add_attachment(content, maintype=main, subtype=sub, filename=name)


def _name_boundaries(mail: EmailMessage, content: Iterable[bytes]) -> None:
    """Boundaries by what lies between them: those of chance would make each delivery another."""
    digest = hashlib.sha256(b"\0".join(content)).hexdigest()[:40]
    own = [mail, *(mail.iter_parts() if mail.is_multipart() else ())]
    for number, part in enumerate(own):
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{number}_{digest}")


def _text(mapping: Any, name: str) -> str:
    value = mapping.get(name) if isinstance(mapping, Mapping) else None
    return _clean(value)


def _clean(value: Any) -> str:
    """Text without halves of characters, which JSON can hold and nothing else."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _line(text: str) -> str:
    return " ".join(text.split())
