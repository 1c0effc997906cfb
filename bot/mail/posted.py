"""A mail as a mail service posts it, made into the `.eml` that all else here speaks of.

What strangers wrote is never parsed for it: headers are written as they are told, and an attached
mail is set in as the bytes that it is, which also keeps its signature.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from email import policy
from email.message import EmailMessage
from email.utils import quote
from typing import Any, NamedTuple

from bot.mail.charset import paired
from bot.mail.unreadable import Unreadable, parsing

MIME, JSON = "message/rfc822", "application/json"
CONTENT_TYPES = (MIME, JSON)
_RAW = ("RawEmail", "raw")
_MOST_ATTACHMENTS = 100
_FORMS = "Postmark's, CloudMailin's, or an object with the whole mail under \"raw\""
_SHOWN = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID")
_ANYTHING = "application/octet-stream"
_KIND = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
_IN_NO_FILE_NAME = re.compile(r'[\x00-\x1f\x7f"\\/]')
_LONGEST_FILE_NAME = 100
_LONGEST_READABLE = 200_000  # characters of text that stay legible in the file
_POLICY = policy.SMTP.clone(cte_type="7bit")

Json = Mapping[str, Any]


class _Attachment(NamedTuple):
    name: str
    kind: str
    content: bytes


def as_mime(body: bytes, content_type: str) -> bytes:
    """The mail's bytes, out of one of `CONTENT_TYPES`. The same body gives the same bytes.

    From JSON without the whole mail it is built anew, so a signature of its sender is lost; one of
    a mail attached to it is not. Its headers are in UTF-8, and one that is empty is left out. JSON
    of megabytes takes seconds, so that is no work for the event loop nor for its threads.

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
    headers: dict[str, Any] = {}
    if own := _line(_text(told, "MessageID")):
        headers["message-id"] = f"<{own}@postmark>"
    listed = [each for each in told.get("Headers") or () if isinstance(each, Mapping)]
    headers |= {_text(each, "Name").lower(): each.get("Value") for each in listed}
    for name in ("From", "To", "Cc", "Subject", "Date"):
        headers.setdefault(name.lower(), told.get(name))
    headers["reply-to"] = told.get("ReplyTo")
    sender = told.get("FromFull")
    if address := _text(sender, "Email"):
        name = _text(sender, "Name")
        headers["from"] = f'"{quote(name)}" <{address}>' if name else address
    return headers


def _attached(told: Json) -> list[_Attachment]:
    """Each attachment that came along; those left elsewhere are not."""
    attachments = told.get("Attachments") or told.get("attachments") or ()
    if len(attachments) > _MOST_ATTACHMENTS:
        raise Unreadable(f"It has more than {_MOST_ATTACHMENTS} attachments.")
    found = []
    for each in attachments:
        content = _text(each, "Content") or _text(each, "content")
        if content:
            name = _text(each, "Name") or _text(each, "file_name")
            kind = _text(each, "ContentType") or _text(each, "content_type")
            found.append(_Attachment(_file_name(name), _kind(kind), base64.b64decode(content)))
    return found


def _file_name(told: str) -> str:
    return _line(_IN_NO_FILE_NAME.sub(" ", told))[:_LONGEST_FILE_NAME] or "attachment"


def _kind(told: str) -> str:
    kind = told.partition(";")[0].strip().lower()
    if kind == MIME:
        return kind
    made_of_parts = kind.startswith(("message/", "multipart/"))
    return kind if _KIND.fullmatch(kind) and not made_of_parts else _ANYTHING


def _built(headers: Json, text: str, html: str, attachments: list[_Attachment]) -> bytes:
    words = [_words(text, "plain")] if text or not html else []
    words += [_words(html, "html")] if html else []
    parts = [_together("alternative", words), *(_part(each) for each in attachments)]
    return _head(headers) + b"MIME-Version: 1.0\r\n" + _together("mixed", parts)


def _words(text: str, kind: str) -> bytes:
    """What people see: as they would read it in the file, unless that would cost too much."""
    part = EmailMessage(policy=_POLICY)
    if len(text) > _LONGEST_READABLE:
        part["Content-Type"] = f'text/{kind}; charset="utf-8"'
        return _encoded(part, text.encode())
    part.set_content(text, subtype=kind)
    del part["MIME-Version"]
    return part.as_bytes()


def _head(headers: Json) -> bytes:
    """The headers that are there, unparsed: many a good mail has one against the grammar."""
    lines = []
    for name in _SHOWN:
        value = headers.get(name.lower())
        line = _line(_clean(value[0] if isinstance(value, list) and value else value))
        if line:
            lines.append(f"{name}: {line}\r\n")
    return "".join(lines).encode()


def _part(attachment: _Attachment) -> bytes:
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = attachment.kind
    part.add_header("Content-Disposition", "attachment", filename=attachment.name)
    if attachment.kind != MIME:
        return _encoded(part, attachment.content)
    part["Content-Transfer-Encoding"] = "8bit"
    return _headers_of(part) + attachment.content


def _encoded(part: EmailMessage, content: bytes) -> bytes:
    part["Content-Transfer-Encoding"] = "base64"
    return _headers_of(part) + base64.encodebytes(content)


def _headers_of(part: EmailMessage) -> bytes:
    lines = (_POLICY.fold_binary(name, value) for name, value in part.raw_items())
    return b"".join(lines) + b"\r\n"


def _together(kind: str, parts: list[bytes]) -> bytes:
    """One part of several; of one, that one."""
    if len(parts) == 1:
        return parts[0]
    # By what lies between them: a boundary of chance would make each delivery another mail.
    digest = hashlib.sha256(b"".join(parts)).hexdigest()[:40]
    boundary = f"=_{digest}"
    start = f"\r\n--{boundary}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n'.encode()
    return head + b"".join(start + b"\r\n" + part for part in parts) + start + b"--\r\n"


def _text(mapping: Any, name: str) -> str:
    value = mapping.get(name) if isinstance(mapping, Mapping) else None
    return _clean(value)


def _clean(value: Any) -> str:
    """Text without halves of characters, which JSON can hold and nothing else."""
    return paired(value) if isinstance(value, str) else ""


def _line(text: str) -> str:
    return " ".join(text.split())
