"""How Slack reaches the bot: Socket Mode with a watchdog, or HTTP with signature checks."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import aiohttp
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.services.http_errors import retry_after

_LOOK_SECONDS = 2.0
_DEAF_AFTER_SECONDS = 20.0
_OPENS_WITHIN_SECONDS = 15.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_PATH = "/slack/events"
_FATAL = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "missing_scope"}
_DOWN = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)
Ignores = Callable[[Mapping[str, Any]], bool]
"""Whether a payload is acknowledged at once, because no listener would do anything about it."""
log = structlog.get_logger()


class SlackRefusedError(Exception):
    """Slack will not let this app connect; waiting does not help."""


class PortRefusedError(Exception):
    """This machine lets nothing be served on the port."""


class Connection(Protocol):
    """A way for Slack's events to come in."""

    async def open(self) -> None:
        """Start to listen."""

    async def watch(self) -> None:
        """Keep it open, for ever."""

    async def close(self) -> None:
        """Hear no more."""


class _Handler(AsyncSocketModeHandler):
    """Bolt's, but for what is ignored."""

    ignores: Ignores

    async def handle(  # type: ignore[override]  # as Bolt's own, which narrows the client, too
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        if req.type == "events_api" and self.ignores(req.payload):
            answer = SocketModeResponse(envelope_id=req.envelope_id)
            await client.send_socket_mode_response(answer)
        else:
            await super().handle(client, req)


class SocketConnection:
    """Socket Mode. `reconnected` is called after each new session: events may have been missed."""

    def __init__(
        self, app: AsyncApp, token: str, reconnected: Callable[[], None], *, ignores: Ignores
    ) -> None:
        self._handler = _Handler(app, token, ping_interval=5)
        self._handler.ignores = ignores
        # The client for apps.connections.open is Bolt's own copy; it must ask the same API.
        self._handler.client.web_client.base_url = app.client.base_url
        self._reconnected = reconnected
        self._session: object = None
        self._heard = 0.0

    async def open(self) -> None:
        """Connect; while Slack is down, try again.

        Raises:
            SlackRefusedError: the app's token is refused.
        """
        await self._connect_at_last()
        self._session = self._handler.client.current_session

    async def _connect_at_last(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._connect()
            except _DOWN as error:
                reason = _reason(error)
                if reason in _FATAL:
                    raise SlackRefusedError(
                        f"Slack refused SLACK_APP_TOKEN: {reason}. Make one with "
                        "connections:write under Basic Information, App-Level Tokens."
                    ) from error
                seconds = max(pause, _asked_for(error))
                log.warning("socket_waits", reason=reason, seconds=seconds)
            else:
                self._heard = time.time()
                return
            await asyncio.sleep(seconds)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _connect(self) -> None:
        """Open one session, or raise: the client by itself would try the same address for ever."""
        client = self._handler.client
        if client.current_session_monitor is not None:
            # It may be at it, too, and without a pause; connect() makes another.
            client.current_session_monitor.cancel()
        url = await client.web_client.apps_connections_open(app_token=client.app_token)
        client.wss_uri = url["url"]
        async with asyncio.timeout(_OPENS_WITHIN_SECONDS):
            await client.connect()  # type: ignore[no-untyped-call]

    async def watch(self) -> None:
        """Notice a new session, and a session that has gone silently deaf.

        Raises:
            SlackRefusedError: the app's token is refused by now.
        """
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self._greet_new_session()
            deaf_for = self._deaf_for()
            if deaf_for > _DEAF_AFTER_SECONDS:
                log.warning("socket_deaf", seconds=round(deaf_for))
                await self._reopen()

    def _greet_new_session(self) -> None:
        if self._handler.client.current_session is not self._session:
            self._session = self._handler.client.current_session
            log.info("socket_reconnected")
            self._reconnected()

    def _deaf_for(self) -> float:
        # The client forgets when it last heard while it tries to connect by itself, and remembers
        # the session before after it was connected anew.
        self._heard = max(self._heard, self._handler.client.last_ping_pong_time or 0.0)
        return time.time() - self._heard

    async def _reopen(self) -> None:
        try:
            await self._connect_at_last()
        except SlackRefusedError as error:
            log.critical("socket_refused", reason=str(error))
            raise

    async def close(self) -> None:
        """Close the socket."""
        await self._handler.client.close()  # type: ignore[no-untyped-call]


def _reason(error: Exception) -> str:
    """Slack's word for it, where there was an answer and it was Slack's own."""
    said = getattr(getattr(error, "response", None), "data", None)
    return (
        str(said["error"]) if isinstance(said, dict) and "error" in said else type(error).__name__
    )


def _asked_for(error: Exception) -> float:
    """Seconds of patience that Slack asks for, if it does; at most an hour."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    said = {name.lower(): value for name, value in headers.items()}.get("retry-after")
    return retry_after(said, datetime.now(UTC)) or 0.0


class HttpConnection:
    """Bolt over HTTP on every address; Bolt checks each request's signature and age.

    `secret`: what Slack signs with. `routes`: what else is served there.
    """

    def __init__(
        self,
        app: AsyncApp,
        port: int,
        routes: Iterable[web.AbstractRouteDef] = (),
        *,
        secret: str,
        ignores: Ignores,
    ) -> None:
        served = app.web_app(path=_PATH)
        served.add_routes(routes)
        served.middlewares.append(_passing_by(SignatureVerifier(secret), ignores))
        self._runner = web.AppRunner(served)
        self._port = port

    async def open(self) -> None:
        """Listen.

        Raises:
            PortRefusedError: the port is another program's, or not for this user.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, port=self._port).start()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else type(error).__name__
            raise PortRefusedError(
                f"port {self._port} cannot be listened on ({why}); end what uses it, or name "
                "another with --http"
            ) from error
        # With port 0 each address has another free one.
        log.info("listening", addresses=[list(each[:2]) for each in self._runner.addresses])

    async def watch(self) -> None:
        """Slack repeats what it could not deliver, so there is nothing to watch."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()


def _passing_by(verifier: SignatureVerifier, ignores: Ignores) -> Middleware:
    """Refuses what Slack did not sign, and answers what is ignored. The rest is left for Bolt."""

    def signed(request: web.Request, body: bytes) -> bool:
        at, signature = (
            request.headers.get(f"X-Slack-{name}", "")
            for name in ("Request-Timestamp", "Signature")
        )
        try:
            return verifier.is_valid(body, at, signature)
        except (ValueError, TypeError):
            # No number, not UTF-8, not ASCII. Bolt, which checks it once more, fails of these.
            return False

    def passes(request: web.Request, body: bytes) -> bool:
        if request.content_type != "application/json":
            return False
        try:
            payload = json.loads(body)
        except ValueError:
            return False
        return isinstance(payload, dict) and ignores(payload)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == _PATH and request.method == "POST":
            body = await request.read()
            if not signed(request, body):
                log.info("unsigned_request_refused")
                return web.json_response({"error": "invalid request"}, status=401)
            if passes(request, body):
                return web.Response()
        return await handler(request)

    return middleware
