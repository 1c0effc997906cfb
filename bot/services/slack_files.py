"""Slack's file store: bytes fetched from it and brought to it, at Slack's own addresses alone."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Refused, Retriable
from bot.services.slack_errors import DOWN, SERVER_FAULT, TOO_MANY
from bot.services.slack_urls import at_most, must_be_slacks

_OK, _REDIRECT, _DENIED, _UNKNOWN = 200, 300, 400, 401
_CONNECT_SECONDS = 15
_UNREACHABLE = "Slack's file store cannot be reached."


async def fetch(
    session: aiohttp.ClientSession, client: AsyncWebClient, url: str, *, limit: int, seconds: float
) -> bytes:
    """A file's bytes, at most `limit` of them, within so many seconds.

    Raises:
        Refused: the address is another's, or Slack does not give the file out.
        Retriable: Slack cannot be reached, or has too much to do.
    """
    must_be_slacks(url, client.base_url)
    headers = {"Authorization": f"Bearer {client.token}"}
    try:
        async with session.get(
            url, headers=headers, timeout=_within(seconds), allow_redirects=False
        ) as answer:
            _must_go_on(answer.status)
            if answer.status != _OK:
                raise Refused(
                    f"Slack would not give the file out ({answer.status}).", _hint(answer.status)
                )
            return await at_most(answer.content, limit)
    except DOWN as error:
        raise Retriable(_UNREACHABLE) from error


async def bring(
    session: aiohttp.ClientSession,
    client: AsyncWebClient,
    url: str,
    content: bytes,
    *,
    seconds: float,
) -> None:
    """Bring a file's bytes to the address that Slack gave for them. Nobody sees the file yet.

    The address holds its own permission, so no token travels.

    Raises:
        Refused: the address is another's, or Slack does not take the file.
        Retriable: Slack cannot be reached, or has too much to do.
    """
    must_be_slacks(url, client.base_url)
    try:
        async with session.post(
            url, data=content, timeout=_within(seconds), allow_redirects=False
        ) as answer:
            _must_go_on(answer.status)
            if answer.status != _OK:
                raise Refused(f"Slack did not take the file ({answer.status}).")
    except DOWN as error:
        raise Retriable(_UNREACHABLE) from error


def _hint(status: int) -> str:
    """Who is not known is sent to sign in."""
    if status == _UNKNOWN or _REDIRECT <= status < _DENIED:
        return "Check SLACK_BOT_TOKEN: it is wrong, expired or was revoked."
    return "Check that the app has the scope files:read and is in the channel."


def _within(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, connect=min(seconds, _CONNECT_SECONDS))


def _must_go_on(status: int) -> None:
    if status >= SERVER_FAULT or status == TOO_MANY:
        raise Retriable(f"Slack's file store answered {status}.")
