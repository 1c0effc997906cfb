"""A mistake in a request to the control server is said; a mistake of ours stays a server error."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler


class NotThereError(LookupError):
    """What a person cannot do: no such field, option or button in front of them."""


class BadRequestError(ValueError):
    """A request that nobody could answer, whatever there is; the message says what is wrong."""


class Asked(dict[str, Any]):
    """A request's body. What it does not hold was forgotten by whoever sent it."""

    def __missing__(self, name: str) -> Any:
        raise BadRequestError(f"{name} is missing")


async def body_of(request: web.Request) -> Asked:
    """The body, an object in JSON or nothing, however large: a server above may set a limit.

    Raises:
        BadRequestError: it is anything else.
    """
    with reading():
        asked = json.loads(await request.content.read() or b"{}")
    if not isinstance(asked, dict):
        raise BadRequestError("the body is an object")
    return Asked(asked)


def query_of(request: web.Request, name: str) -> str:
    """What the address says after `name=`.

    Raises:
        BadRequestError: nothing.
    """
    found = request.query.get(name)
    if found is None:
        raise BadRequestError(f"{name} is missing")
    return found


@contextmanager
def reading(*more: type[Exception]) -> Iterator[None]:
    """Whatever goes wrong in the block is due to what was sent: for those lines alone that read it.

    Raises:
        BadRequestError: for a KeyError, TypeError, ValueError or one of `more`.
    """
    try:
        yield
    except BadRequestError:
        raise
    except (KeyError, TypeError, ValueError, *more) as error:
        raise BadRequestError(f"{type(error).__name__}: {error}") from error


@web.middleware
async def tell_mistakes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """409 for what cannot be done now, in words for a person; 400 for a request that is wrong."""
    try:
        return await handler(request)
    except (NotThereError, BadRequestError) as error:
        if request.writer.output_size:  # an answer is under way; a second one would run into it
            raise
        status = 409 if isinstance(error, NotThereError) else 400
        return web.json_response({"error": str(error)}, status=status)
