"""A mail as its recipient would see it, as a page of its own."""

import re
from html import escape

from aiohttp import web

from sandbox.mailbox import Letter
from sandbox.workspace.assets import MAIL_POLICY

_DOCTYPE = re.compile(r"\A\s*<!doctype[^>]*>", re.IGNORECASE)
_START = '<!doctype html><meta charset="utf-8"><base target="_blank">'
_PLAIN = "body{margin:16px;font:14px/1.5 ui-monospace,monospace}pre{white-space:pre-wrap}"


def shown(letter: Letter) -> web.Response:
    """Its HTML, or its text; whatever stands in it can do nothing, and its links open outside."""
    body = _DOCTYPE.sub("", letter.html) if letter.html else _plain(letter)
    return web.Response(
        text=_START + body,
        content_type="text/html",
        headers={"Content-Security-Policy": MAIL_POLICY},
    )


def _plain(letter: Letter) -> str:
    subject, text = escape(letter.subject), escape(letter.text or "")
    return f"<title>{subject}</title><style>{_PLAIN}</style><pre>{text}</pre>"
