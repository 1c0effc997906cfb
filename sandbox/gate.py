"""The door to AWS: what the bot's AWS_ENDPOINT_URL names, in front of the emulator.

Requests pass unchanged, with their Host header, because both are signed.
"""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from sandbox.aws_errors import aws_error
from sandbox.aws_names import Asked, access_key, asked, learn_names
from sandbox.calls import Call, Stopwatch
from sandbox.faults import LATE_STATUSES, STATUSES, Fault
from sandbox.hosting import application
from sandbox.interference import Conditions, wrong
from sandbox.invalidations import Invalidations

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "expect", "content-length"}
)


class Gate:
    """Forwards to the emulator at `url`."""

    def __init__(self, url: str, conditions: Conditions, invalidations: Invalidations) -> None:
        self._url = url
        self._conditions = conditions
        self._invalidations = invalidations
        self._session: aiohttp.ClientSession | None = None

    def application(self) -> web.Application:
        app = application()
        app.cleanup_ctx.append(self._connected)
        app.router.add_route("*", "/{path:.*}", self._pass)
        return app

    async def _connected(self, _: web.Application) -> AsyncIterator[None]:
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=30)
        async with aiohttp.ClientSession(
            connector=connector, auto_decompress=False, timeout=aiohttp.ClientTimeout(total=60)
        ) as self._session:
            learning = asyncio.create_task(asyncio.to_thread(learn_names))
            yield
            await learning

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        watch, body = Stopwatch(), await request.read()
        path, _, query = request.raw_path.partition("?")
        call = asked(request.method, path, query, request.headers, body)
        fault = self._conditions.faults.take(call.service, call.operation)
        status: int | None = None
        try:
            await asyncio.sleep(self._conditions.latencies.of(call.service, call.operation))
            response = await self._answer(request, body, call, fault)
            status = response.status
        finally:
            self._conditions.calls.add(
                Call(
                    target=call.service,
                    operation=call.operation,
                    method=request.method,
                    path=path,
                    status=status,
                    started=watch.started,
                    latency=watch.seconds,
                    fault=fault.kind if fault else None,
                    account=access_key(request.headers),
                )
            )
        return response

    async def _answer(
        self, request: web.Request, body: bytes, call: Asked, fault: Fault | None
    ) -> web.StreamResponse:
        if fault is None:
            return await self._forward(request, body, call)
        response = await self._forward(request, body, call) if fault.after else None
        if response is not None:
            self._conditions.calls.added()  # what it did can be seen before its answer comes
        if fault.kind in STATUSES or fault.kind in LATE_STATUSES:
            return aws_error(call, fault)
        return await wrong(request, fault, response)

    async def _forward(self, request: web.Request, body: bytes, call: Asked) -> web.Response:
        """Ask the emulator; what it does is not undone because the client hung up."""
        return await asyncio.shield(self._ask(request, body, call))

    async def _ask(self, request: web.Request, body: bytes, call: Asked) -> web.Response:
        if self._session is None:
            raise RuntimeError("the gate is closed")
        async with self._session.request(
            request.method,
            URL(self._url + request.raw_path, encoded=True),
            headers=_passed_on(request.headers),
            data=body or None,
            allow_redirects=False,
        ) as answer:
            content = await answer.read()
            if call.service == "cloudfront" and "Invalidation" in call.operation:
                content = self._as_if_slow(call, content)
            headers = _passed_on(answer.headers)
            if request.method == "HEAD":  # the length is that of what is not sent
                headers["Content-Length"] = answer.headers.get("Content-Length", "0")
            return web.Response(status=answer.status, body=content, headers=headers)

    def _as_if_slow(self, call: Asked, content: bytes) -> bytes:
        if call.operation == "CreateInvalidation":
            self._invalidations.begun(content, self._conditions.latencies.invalidation)
        return self._invalidations.told(content)


def _passed_on(headers: "aiohttp.typedefs.LooseHeaders") -> CIMultiDict[str]:
    return CIMultiDict(
        (name, value)
        for name, value in CIMultiDict(headers).items()
        if name.lower() not in _HOP_BY_HOP
    )
