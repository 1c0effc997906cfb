"""A mail as Slack hands it over: already taken apart, its words in a `file` object."""

import html as html_entities
import re
from collections.abc import Mapping
from typing import Any

from bot.mail.charset import decoded, paired
from bot.mail.envelope import Envelope

# Where a page's words begin anew, so that what is cut off after it is no half of a value.
_APART = re.compile(
    r"</?(?:p|div|t[dhr]|table|[uod]l|li|d[dt]|br|h[1-6]|blockquote)\b", re.IGNORECASE
)
_LINK = re.compile(r"<(?:mailto:|https?://|tel:)[^<>|\s]{0,2000}(?:\|([^<>|]{0,2000}))?>")


def needs_more(file: Mapping[str, Any]) -> bool:
    """Whether Slack holds back words: ask `files.info`, then download the HTML."""
    empty = not _text(file, "plain_text").strip() and not _text(file, "preview").strip()
    hidden = file.get("file_access", "visible") != "visible"
    return bool(empty or hidden or file.get("has_more"))


def envelope_of(file: Mapping[str, Any], html: bytes | None = None) -> Envelope:
    """The mail of a file in Slack's mail mode. `html`: the download, better than the preview.

    Where Slack holds back the rest, what it shows ends anywhere, be it in the middle of an amount:
    the last line of that is not read.
    """
    text, preview = _text(file, "plain_text"), _text(file, "preview")
    if file.get("has_more"):
        text = text.rpartition("\n")[0]
        preview = "" if text.strip() else _whole_blocks(preview)
    return Envelope(
        sender=_sender(file),
        subject=_text(file, "subject") or _text(file, "title"),
        text=text,
        html=preview if html is None else decoded(html, None),
    )


def _whole_blocks(preview: str) -> str:
    """The HTML up to where its last block begins, which may have been cut."""
    last = max((match.start() for match in _APART.finditer(preview)), default=0)
    return preview[:last]


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
    return paired(value) if isinstance(value, str) else ""
