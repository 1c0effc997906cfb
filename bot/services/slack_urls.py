"""Addresses that Slack hands out: only Slack's own are followed, and only so far."""

from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.domain.errors import Refused


class RedirectedError(aiohttp.ClientError):
    """Slack's API redirects nobody. What was to be sent is not sent on."""


def never_redirected() -> aiohttp.TraceConfig:
    """For a session: Slack's client follows redirects, and would take a card's payout along."""
    config = aiohttp.TraceConfig()
    config.on_request_redirect.append(_stop)
    return config


async def _stop(*_: Any) -> None:
    raise RedirectedError


def must_be_slacks(url: str, base_url: str) -> None:
    """Let the token travel to Slack's own hosts alone (or to where the API itself is).

    Raises:
        Refused: the address is another's.
    """
    parts, own = urlsplit(url), urlsplit(base_url)
    host = parts.hostname or ""
    slacks = parts.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
    home = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    if parts.username or not (slacks or home):
        raise Refused("The link does not lead to Slack, so it was not followed.")


async def at_most(stream: aiohttp.StreamReader, limit: int) -> bytes:
    """The whole body.

    Raises:
        Refused: it is longer than `limit` bytes.
    """
    body = bytearray()
    async for chunk in stream.iter_chunked(65_536):
        body += chunk
        if len(body) > limit:
            raise Refused(f"The file is larger than {limit // 1_000_000} MB.")
    return bytes(body)
