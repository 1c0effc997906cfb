"""The door of the Web API: outages, tokens, scopes, rates, then the method itself."""

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.slack.errors import SlackError
from sandbox.slack.faults import Fault, Faults
from sandbox.slack.journal import Journal
from sandbox.slack.rates import RateKeeper
from sandbox.slack.state import Workspace
from sandbox.slack.web_api.call import Arguments, Call
from sandbox.slack.web_api.method import Method
from sandbox.slack.web_api.registry import REGISTRY

Json = dict[str, Any]
PATH = "/api/{method}"
APP_SCOPES = ("connections:write",)
KEPT_CALLS = 20_000


class Gate:
    def __init__(
        self,
        workspace: Workspace,
        journal: Journal,
        faults: Faults,
        rates: RateKeeper,
        make_call: Callable[[Arguments], Call],
    ) -> None:
        self._workspace = workspace
        self._journal = journal
        self._faults = faults
        self._rates = rates
        self._make_call = make_call
        self.calls: deque[Json] = deque(maxlen=KEPT_CALLS)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        arguments, token = await _read(request)
        fault = self._faults.take(name)
        if fault and fault.kind == "timeout_before":
            self._record(name, arguments, "timeout_before")
            return hang_up(request)
        if fault and (broken := _broken(fault)) is not None:
            self._record(name, arguments, fault.kind)
            return broken
        answer, headers = await self._answer(name, Arguments(arguments), token)
        lost = fault is not None and fault.kind == "timeout_after"
        self._record(name, arguments, "timeout_after" if lost else answer.get("error", ""))
        if lost:
            return hang_up(request)
        status = 429 if answer.get("error") == "ratelimited" else 200
        return web.json_response(answer, status=status, headers=headers)

    async def _answer(
        self, name: str, arguments: Arguments, token: str
    ) -> tuple[Json, dict[str, str]]:
        headers = {"x-slack-req-id": self._workspace.new_id("req")}
        try:
            method = _known(name)
            headers |= self._authorise(method, arguments, token)
            if wait := self._rates.wait_for(name, method.rate, arguments.text("channel")):
                headers["Retry-After"] = str(wait)
                return SlackError("ratelimited").to_json(), headers
            return {"ok": True, **await method.handler(self._make_call(arguments))}, headers
        except SlackError as refusal:
            return refusal.to_json(), headers

    def _authorise(self, method: Method, arguments: Arguments, token: str) -> dict[str, str]:
        who = self._workspace.identity
        if not token:
            raise SlackError("not_authed")
        if token not in (who.bot_token, who.app_token):
            raise SlackError("invalid_auth")
        if (token == who.app_token) != method.app_level:
            raise SlackError("not_allowed_token_type")
        granted = APP_SCOPES if method.app_level else self._workspace.scopes
        channel = self._workspace.bot_channel(arguments.text("channel"))
        kind = "groups" if channel and channel.is_private else "channels"
        needed = method.scope.format(kind=kind)
        headers = {"x-oauth-scopes": ",".join(granted), "x-accepted-oauth-scopes": needed}
        if needed and needed not in granted:
            raise SlackError("missing_scope", needed=needed, provided=",".join(granted))
        return headers

    def _record(self, name: str, arguments: Json, error: str) -> None:
        told = {key: value for key, value in arguments.items() if key != "token"}
        self.calls.append(
            {"at": self._workspace.clock(), "method": name, "arguments": told, "error": error}
        )
        self._journal.note("call", method=name, error=error)


def hang_up(request: web.Request) -> web.Response:
    """Ends the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _known(name: str) -> Method:
    if name not in REGISTRY:
        raise SlackError("unknown_method", req_method=name)
    return REGISTRY[name]


def _broken(fault: Fault) -> web.Response | None:
    if fault.kind == "ratelimited":
        headers = {"Retry-After": str(fault.retry_after)}
        answer = SlackError("ratelimited").to_json()
        return web.json_response(answer, status=429, headers=headers)
    if fault.kind == "500":
        return web.Response(status=500, text="Internal Server Error")
    if fault.kind == "invalid_blocks":
        messages = ["[ERROR] unsupported block type [json-pointer:/blocks/0/type]"]
        return web.json_response(SlackError("invalid_blocks", messages).to_json())
    return None


async def _read(request: web.Request) -> tuple[Json, str]:
    """The call's arguments and token, wherever the client put them."""
    values: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        try:
            sent = json.loads(body) if body else {}
        except json.JSONDecodeError:
            sent = {}
        values |= sent if isinstance(sent, dict) else {}
    else:
        values |= dict(await request.post())
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = ""
    return values, token or str(values.get("token", ""))
