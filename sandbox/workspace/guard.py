"""Who may speak to the control server: this machine, and of its web pages only its own.

Any page in a browser can send requests to a loopback port, and a name that is pointed at loopback
afterwards makes them look like its own; both are refused before anything is read.
"""

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

_NAMES = ("127.0.0.1", "localhost")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse another name for this server, and requests that another site's page makes."""
    if not _is_own_name(request):
        return _refused("This server answers to 127.0.0.1 and localhost alone.")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return _refused("Only the workspace's own page may do this.")
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and not _opens_the_page(request):
        return _refused("Another site may lead to this page, and to nothing else here.")
    return await handler(request)


def _is_own_name(request: web.Request) -> bool:
    try:
        asked = URL(f"http://{request.host}")
        named = (asked.host, asked.port)
    except ValueError:
        return False
    connection = request.get_extra_info("sockname")
    return named[0] in _NAMES and connection is not None and named[1] == connection[1]


def _opens_the_page(request: web.Request) -> bool:
    """Whether somebody follows a link to the page itself."""
    return request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"


def _refused(why: str) -> web.Response:
    return web.json_response({"error": why}, status=403)
