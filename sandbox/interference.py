"""What every HTTP stand-in has in front: latency, faults, and a log of the calls.

A route's name is the operation that faults and latencies name.
"""

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.calls import Call, CallLog, Stopwatch
from sandbox.faults import BODIES, LATE_STATUSES, STATUSES, Fault, Faults
from sandbox.latencies import Latencies

_HELD_AT_MOST = 120.0
_LOGIN_PAGE = "<!doctype html><title>Sign in</title><p>Please sign in to continue.</p>"


@dataclass
class Conditions:
    """The weather that all stand-ins share."""

    faults: Faults = field(default_factory=Faults)
    latencies: Latencies = field(default_factory=Latencies)
    calls: CallLog = field(default_factory=CallLog)


class ConnectionGoneError(ConnectionResetError):
    """The connection was dropped on purpose; aiohttp answers nothing on it."""


def interference(target: str, conditions: Conditions, *, quiet: Container[str] = ()) -> Middleware:
    """The middleware of one stand-in.

    `quiet` operations are not in the log, and use up no fault that was meant for another call.
    """

    @web.middleware
    async def interfere(request: web.Request, handler: Handler) -> web.StreamResponse:
        operation = request.match_info.route.name or request.method.lower()
        watch = Stopwatch()
        is_quiet = operation in quiet
        fault = conditions.faults.take(target, operation, use_up=not is_quiet)
        told = (lambda: None) if is_quiet else conditions.calls.added
        status: int | None = None
        try:
            await request.read()  # what has arrived takes effect, though its sender dies meanwhile
            await asyncio.sleep(conditions.latencies.of(target, operation))
            response = await _through(request, handler, fault, told)
            status = response.status
        finally:
            if not is_quiet:
                conditions.calls.add(
                    Call(
                        target=target,
                        operation=operation,
                        method=request.method,
                        path=request.path,
                        status=status,
                        started=watch.started,
                        latency=watch.seconds,
                        fault=fault.kind if fault else None,
                    )
                )
        return response

    return interfere


async def _through(
    request: web.Request, handler: Handler, fault: Fault | None, told: Callable[[], None]
) -> web.StreamResponse:
    response = None
    if fault is None or fault.after:
        # An effect is not undone because its client hung up.
        response = await asyncio.shield(_answered(request, handler))
    if fault is None:
        return response or web.Response()
    if response is not None:
        told()  # the effect can be seen already, however long its answer takes
    return await wrong(request, fault, response)


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as answer:
        return answer


async def wrong(
    request: web.Request, fault: Fault, response: web.StreamResponse | None
) -> web.StreamResponse:
    """What the client gets of a call that meets `fault`; `response` if it had its effect."""
    if fault.kind.startswith("timeout"):
        await hold(request, fault.arg)
    if fault.kind.startswith("reset"):
        drop(request)
    if fault.kind == "slow" and response:
        await asyncio.sleep(fault.arg or 0)
        return response
    if fault.kind in STATUSES or fault.kind in LATE_STATUSES:
        return _status(int(fault.kind[:3]), fault)
    return _unusable_body(fault, response)


async def hold(request: web.Request, seconds: float | None) -> None:
    """Give no answer until the client hangs up, or `seconds` are over; then hang up."""
    until = time.monotonic() + (seconds or _HELD_AT_MOST)
    # Nothing announces that a client hung up.
    while (  # noqa: ASYNC110
        request.transport and not request.transport.is_closing() and time.monotonic() < until
    ):
        await asyncio.sleep(0.02)
    drop(request)


def drop(request: web.Request) -> None:
    """Reset the connection.

    Raises:
        ConnectionGoneError: always, so that nothing more is written.
    """
    if request.transport:
        connection = request.transport.get_extra_info("socket")
        if connection:
            at_once = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        request.transport.abort()
    raise ConnectionGoneError("dropped on purpose")


def _status(status: int, fault: Fault) -> web.Response:
    headers = {"Retry-After": f"{fault.arg:g}"} if fault.arg is not None else {}
    return web.json_response({"message": f"{status} on purpose"}, status=status, headers=headers)


def _unusable_body(fault: Fault, response: web.StreamResponse | None) -> web.StreamResponse:
    if fault.kind not in BODIES:
        raise ValueError(f"no such fault: {fault.kind}")
    if fault.kind == "empty_200":
        return web.json_response({})
    if fault.kind == "html_200":
        return web.Response(text=_LOGIN_PAGE, content_type="text/html")
    whole = response.body if isinstance(response, web.Response) else b""
    half = bytes(whole)[: max(1, len(bytes(whole)) // 2)] if isinstance(whole, bytes) else b'{"'
    return web.Response(body=half, content_type="application/json")
