"""The crew's page as HTML, and the headers it goes out with."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

FOLDER = Path(__file__).parent / "page"
STATIC = {
    "crew.css": "text/css",
    "crew.js": "text/javascript",
    "photos.js": "text/javascript",
    "upload.js": "text/javascript",
}


class PageFiles:
    """Renders the templates of the page and of the mails.

    Args:
        uploads: the origin that photos are uploaded to, for the content security policy.
    """

    def __init__(self, uploads: str = "") -> None:
        self._uploads = uploads
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=select_autoescape(("html.j2",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def rendered(self, name: str, values: Mapping[str, Any]) -> str:
        """A template with its values."""
        return self._templates.get_template(name).render(values)

    def page(self, name: str, values: Mapping[str, Any], status: int = 200) -> web.Response:
        """A page, with an entity tag by which an open one asks for news."""
        text = self.rendered(name, values)
        response = web.Response(text=text, content_type="text/html", status=status)
        response.etag = hashlib.sha256(text.encode()).hexdigest()[:32]
        return response

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A style sheet or a script; there is nothing in them that is anybody's."""
        name = request.match_info["name"]
        if name not in STATIC:
            raise web.HTTPNotFound
        headers = {"Content-Type": f"{STATIC[name]}; charset=utf-8", "Cache-Control": "no-cache"}
        return web.FileResponse(FOLDER / name, headers=headers)

    async def guard(self, request: web.Request, response: web.StreamResponse) -> None:
        """What keeps a link from wandering: no cache, no referrer, no index, no foreign content.

        For every answer on its way out, errors included.
        """
        if request.path.startswith("/crew/"):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.update(
                {
                    "Content-Security-Policy": self._policy(),
                    "Referrer-Policy": "no-referrer",
                    "X-Content-Type-Options": "nosniff",
                    "X-Robots-Tag": "noindex, nofollow, noarchive",
                    "Cross-Origin-Opener-Policy": "same-origin",
                }
            )

    def _policy(self) -> str:
        return "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self' data:",
                f"connect-src 'self' {self._uploads}".rstrip(),
                "form-action 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            )
        )


def wants_page(request: web.Request) -> bool:
    """Whether a browser asks, and not a program."""
    return "text/html" in request.headers.get("Accept", "")
