"""A kept mail as a file that a person opens and `charter parse` reads."""

import json
from typing import Any, NamedTuple

from bot.mail.charset import decoded
from bot.mail.envelope import looks_like_mime


class MailFile(NamedTuple):
    """Its name says by its ending what it is."""

    name: str
    content: bytes


def as_file(raw: bytes) -> MailFile:
    """The mail's file: `.eml` as it came, `.txt` of pasted words, `.json` of what Slack told.

    What Slack told is kept as JSON on the first line; the HTML that was fetched for it follows,
    and stands in the file where Slack's own preview would.
    """
    line, _, html = raw.partition(b"\n")
    slack = _slack_file(line)
    if slack is not None:
        whole = {"preview": decoded(html, None), "has_more": False} if html else {}
        told = json.dumps({**slack, **whole}, ensure_ascii=False, indent=2)
        return MailFile("mail.json", told.encode())
    return MailFile("mail.eml" if looks_like_mime(raw) else "mail.txt", raw)


def _slack_file(line: bytes) -> dict[str, Any] | None:
    # What came by HTTP may begin like it, and be made to be slow or too deep to parse.
    if not line.startswith(b"{") or b'"email"' not in line:
        return None
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and told.get("mode") == "email" else None
