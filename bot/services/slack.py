"""Slack's Web API, inside Slack's rates and never posting twice by itself."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from structlog.contextvars import bound_contextvars

from bot.domain.errors import Retriable
from bot.domain.message import Message
from bot.services import slack_files
from bot.services.call_log import logged_call
from bot.services.slack_errors import (
    DOWN,
    code_of,
    lost,
    patience_asked,
    patience_for_answer,
)
from bot.services.slack_rates import Turns
from bot.services.slack_urls import must_be_slacks, never_redirected

_EVENT = "charter"
_PAGE = 200
_KEPT_SECONDS = 5.0
_RESPONSE = "response_url"


@dataclass(frozen=True)
class SlackLimits:
    """Seconds, for a whole call of the API and for a file to be brought or fetched."""

    call: float = 15.0
    file: float = 60.0


class SlackChat:
    """The real `Chat`. `clock` gives seconds that only grow."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        clock: Any = time.monotonic,
        limits: SlackLimits = SlackLimits(),
    ) -> None:
        client.retry_handlers.clear()  # its own would post twice on a dropped connection
        self._client = client
        self._limits = limits
        self._turns = Turns(clock)

    async def close(self) -> None:
        """Give the connections back."""
        if self._client.session is not None:
            await self._client.session.close()

    async def whoami(self) -> Mapping[str, Any]:
        """Whose the token is, as `auth.test` has it.

        Raises:
            Retriable: Slack does not say now.
            NeedsPerson: it does not accept the token.
        """
        answer = await self._call("auth.test")
        return {
            name: answer.get(name) for name in ("enterprise_id", "team_id", "user_id", "bot_id")
        }

    async def post(
        self,
        channel: str,
        message: Message,
        *,
        key: str,
        thread: str | None = None,
        broadcast: bool = False,
    ) -> str:
        """See `Chat.post`."""
        answer = await self._call(
            "chat.postMessage",
            lane=channel,
            repeatable=False,
            channel=channel,
            thread_ts=thread,
            reply_broadcast=broadcast or None,
            unfurl_links=False,
            unfurl_media=False,
            **_content(message, key),
        )
        return str(answer["ts"])

    async def update(self, channel: str, ts: str, message: Message, *, key: str) -> None:
        """See `Chat.update`."""
        await self._call("chat.update", channel=channel, ts=ts, **_content(message, key))

    async def find(self, channel: str, key: str, *, thread: str | None, oldest: str) -> str | None:
        """See `Chat.find`."""
        method = "conversations.replies" if thread else "conversations.history"
        cursor: str | None = None
        while True:
            answer = await self._call(
                method,
                channel=channel,
                ts=thread,
                oldest=oldest,
                include_all_metadata=True,
                limit=_PAGE,
                cursor=cursor,
            )
            for message in answer["messages"]:
                if _key_of(message) == key:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

    async def permalink(self, channel: str, ts: str) -> str | None:
        """See `Chat.permalink`."""
        answer = await self._call("chat.getPermalink", channel=channel, message_ts=ts)
        return str(answer["permalink"])

    async def whisper(
        self, channel: str, user: str, message: Message, *, thread: str | None = None
    ) -> None:
        """See `Chat.whisper`."""
        await self._call(
            "chat.postEphemeral",
            channel=channel,
            user=user,
            thread_ts=thread,
            text=message.text,
            blocks=list(message.blocks),
        )

    async def respond(self, url: str, message: Message) -> None:
        """See `Chat.respond`."""
        must_be_slacks(url, self._client.base_url)
        body = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": message.text,
            "blocks": list(message.blocks),
        }
        while not await self._take_answer(url, body):
            pass

    async def group_members(self, group: str) -> frozenset[str]:
        """See `Chat.group_members`."""
        answer = await self._call("usergroups.users.list", usergroup=group)
        return frozenset(answer["users"])

    async def file(self, file_id: str) -> Mapping[str, Any]:
        """See `Chat.file`."""
        answer = await self._call("files.info", file=file_id)
        file: Mapping[str, Any] = answer["file"]
        return file

    async def download(self, url: str, *, limit: int) -> bytes:
        """See `Chat.download`."""
        return await slack_files.fetch(
            self._session(), self._client, url, limit=limit, seconds=self._limits.file
        )

    async def upload(self, name: str, content: bytes) -> str:
        """See `Chat.upload`."""
        answer = await self._call(
            "files.getUploadURLExternal", filename=name, length=str(len(content))
        )
        await slack_files.bring(
            self._session(),
            self._client,
            answer["upload_url"],
            content,
            seconds=self._limits.file,
        )
        return str(answer["file_id"])

    async def share(self, file_id: str, *, title: str, channel: str, thread: str) -> None:
        """See `Chat.share`."""
        await self._call(
            "files.completeUploadExternal",
            repeatable=False,
            files=[{"id": file_id, "title": title}],
            channel_id=channel,
            thread_ts=thread,
        )

    async def history(self, channel: str, *, oldest: str) -> tuple[Mapping[str, Any], ...]:
        """See `Chat.history`."""
        found: list[Mapping[str, Any]] = []
        cursor: str | None = None
        while True:
            answer = await self._call(
                "conversations.history", channel=channel, oldest=oldest, limit=_PAGE, cursor=cursor
            )
            found += answer["messages"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return tuple(reversed(found))

    async def publish_home(self, user: str, view: Mapping[str, Any]) -> None:
        """See `Chat.publish_home`."""
        await self._call("views.publish", user_id=user, view=view)

    async def open_modal(self, trigger: str, view: Mapping[str, Any]) -> None:
        """See `Chat.open_modal`."""
        await self._call("views.open", trigger_id=trigger, view=view)

    async def _call(
        self, method: str, *, lane: str = "", repeatable: bool = True, **arguments: Any
    ) -> AsyncSlackResponse:
        given = {name: value for name, value in arguments.items() if value is not None}
        self._session()
        attempt = 0
        while True:
            attempt += 1
            await self._turns.wait(method, lane)
            with bound_contextvars(attempt=attempt), logged_call("slack", method) as outcome:
                try:
                    answer = (
                        await self._client.api_call(method, json=given)
                        if _takes_json(method)
                        else await self._client.api_call(method, params=given)
                    )
                except SlackApiError as error:
                    outcome.status = code_of(error.response)
                    self._turns.pause(method, patience_asked(method, error.response))
                except DOWN as error:
                    outcome.status = "unreachable"
                    raise lost(error, repeatable=repeatable) from error
                else:
                    outcome.status, outcome.well = "ok", True
                    return answer

    def _session(self) -> aiohttp.ClientSession:
        """Connections that are kept; the client by itself would make a new one for each call."""
        if self._client.session is None:
            self._client.session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._limits.call),
                # Short, because a post on a connection that Slack drops must be looked for.
                connector=aiohttp.TCPConnector(keepalive_timeout=_KEPT_SECONDS),
                # What the API sets is nothing for files and response URLs.
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[never_redirected()],
            )
        if self._client.session.closed:
            raise Retriable("The bot is stopping.")
        return self._client.session

    async def _take_answer(self, url: str, body: Mapping[str, Any]) -> bool:
        """Whether Slack took it; False if it asks for patience, which the next turn has."""
        await self._turns.wait(_RESPONSE)
        try:
            async with self._session().post(url, json=body, allow_redirects=False) as answer:
                pause = patience_for_answer(answer.status, answer.headers)
        except DOWN as error:
            raise Retriable("Slack cannot be reached.") from error
        if pause is not None:
            self._turns.pause(_RESPONSE, pause)
        return pause is None


def _takes_json(method: str) -> bool:
    return method.startswith(("chat.post", "chat.update", "views.", "files.complete"))


def _content(message: Message, key: str) -> dict[str, Any]:
    return {
        "text": message.text,
        "blocks": list(message.blocks),
        "metadata": {"event_type": _EVENT, "event_payload": {"key": key}},
    }


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != _EVENT:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return str(key) if key else None
