"""Who may come in by a magic link: checked on the server for every page and every act."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from sandbox.aws.tables import Table
from sandbox.crew_service.links import MagicLinks
from sandbox.crew_service.shapes import readable

_SCHEME = "Bearer "


@dataclass(frozen=True)
class Holder:
    """A member with a valid link to an event.

    Attributes:
        event: as `readable` makes it.
        token: the link's, which works until `expires_at` (UTC).
    """

    event: Mapping[str, Any]
    crew_id: str
    name: str
    token: str
    expires_at: datetime

    @property
    def event_id(self) -> str:
        """The event's."""
        return str(self.event["event_id"])


class Passes:
    """Reads the links.

    Args:
        table: the crew's events.
        links: knows which tokens are good.
    """

    def __init__(self, table: Table, links: MagicLinks) -> None:
        self._table = table
        self._links = links

    async def holder(self, event_id: str, token: str) -> Holder | None:
        """Whom a token lets in: somebody of this event's crew, as it is stored now, or nobody."""
        bearer = self._links.bearer(token, event_id)
        stored = await self._table.get(event_id) if bearer else None
        event = readable(stored) if stored else None
        if bearer is None or event is None:
            return None
        for member in event["crew"]:
            if member["id"] == bearer.crew_id:
                return Holder(event, bearer.crew_id, member["name"], token, bearer.expires_at)
        return None


async def fields_of(request: web.Request) -> dict[str, str]:
    """What a form or a JSON object says, as text; nothing for what is neither."""
    if request.content_type == "application/x-www-form-urlencoded":
        return {name: str(value) for name, value in (await request.post()).items()}
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        return {}
    return {str(n): str(v) for n, v in body.items()} if isinstance(body, dict) else {}


def token_in(request: web.Request, fields: Mapping[str, str]) -> str:
    """The token of an act: from the Authorization header or the body, never from a cookie."""
    header = request.headers.get("Authorization", "")
    if header.startswith(_SCHEME):
        return header.removeprefix(_SCHEME)
    return fields.get("magic_link", "")
