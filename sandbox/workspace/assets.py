"""The page's own files, and the headers that every answer carries."""

from pathlib import Path
from types import MappingProxyType

from aiohttp import web

_FILES = Path(__file__).parent / "page"
_TYPES = MappingProxyType(
    {
        ".html": "text/html",
        ".css": "text/css",
        ".js": "text/javascript",
        ".svg": "image/svg+xml",
        ".png": "image/png",
    }
)
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; frame-src 'self'; font-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
# What a stranger may have written can be looked at: no script, no request, no origin.
_HARMLESS = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox"
)
# A mail's links lead somewhere, in a tab of their own.
MAIL_POLICY = f"{_HARMLESS} allow-popups allow-popups-to-escape-sandbox"


def routes() -> list[web.RouteDef]:
    return [web.get("/", _index), web.get("/page/{path:.+}", _file)]


async def guarded_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Headers of every answer; one that brought a policy of its own keeps it."""
    response.headers.setdefault("Content-Security-Policy", _HARMLESS)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"


async def _index(_: web.Request) -> web.Response:
    return _served(_FILES / "index.html")


async def _file(request: web.Request) -> web.Response:
    return _served(_FILES / request.match_info["path"])


def _served(path: Path) -> web.Response:
    """A file of the page, and nothing else of this machine."""
    found = path.resolve()
    kind = _TYPES.get(found.suffix)
    if kind is None or not found.is_relative_to(_FILES.resolve()) or not found.is_file():
        raise web.HTTPNotFound
    return web.Response(
        body=found.read_bytes(),
        content_type=kind,
        charset=None if kind == "image/png" else "utf-8",
        headers={"Content-Security-Policy": _PAGE},
    )
