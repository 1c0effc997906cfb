"""A mistake in a request to the control server is said, not a server error."""

from aiohttp import web
from aiohttp.typedefs import Handler
from botocore.exceptions import ClientError

from sandbox.slack.inputs import NotThereError


@web.middleware
async def tell_mistakes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """409 for what cannot be done now, in words for a person; 400 for a request that is wrong."""
    try:
        return await handler(request)
    except NotThereError as impossible:
        return web.json_response({"error": str(impossible)}, status=409)
    except (KeyError, TypeError, ValueError, ClientError) as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
