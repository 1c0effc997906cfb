"""A mail as Slack hands it over: already taken apart, its words in a `file` object."""

import html as html_entities
import re
from collections.abc import Mapping
from typing import Any

from bot.mail.charset import decoded
from bot.mail.envelope import Envelope

_LINK = re.compile(r"<(?:mailto:|https?://|tel:)[^<>|\s]{0,2000}(?:\|([^<>|]{0,2000}))?>")


def needs_more(file: Mapping[str, Any]) -> bool:
    """Whether Slack holds back words: ask `files.info`, then download the HTML."""
    empty = not _text(file, "plain_text").strip() and not _text(file, "preview").strip()
    hidden = file.get("file_access", "visible") != "visible"
    return bool(empty or hidden or file.get("has_more"))


def envelope_of(file: Mapping[str, Any], html: bytes | None = None) -> Envelope:
    """The mail of a file in Slack's mail mode. `html`: the download, better than the preview."""
    text = _text(file, "plain_text")
    preview = "" if file.get("has_more") and text.strip() else _text(file, "preview")
    return Envelope(
        sender=_sender(file),
        subject=_text(file, "subject") or _text(file, "title"),
        text=text,
        html=preview if html is None else decoded(html, None),
    )


def unescaped(text: str) -> str:
    """The words of a Slack message as its writer pasted them: no `<mailto:…|…>`, no `&amp;`."""
    return html_entities.unescape(_LINK.sub(_label, text))


def _label(match: re.Match[str]) -> str:
    return match[1] or match[0].strip("<>").removeprefix("mailto:").removeprefix("tel:")


def _sender(file: Mapping[str, Any]) -> str:
    senders = file.get("from")
    first = senders[0] if isinstance(senders, list) and senders else {}
    if not isinstance(first, Mapping):
        return ""
    return _text(first, "original") or f"{_text(first, 'name')} <{_text(first, 'address')}>"


def _text(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""
