"""What the crew's magic links open."""

from datetime import UTC, datetime

from aiohttp import web

from sandbox.aws.tables import Table
from sandbox.crew_service.links import MagicLinks

_SHOWN = ("event_id", "event_name", "start_time", "end_time", "guest_count", "crew_tasks", "notes")


class Pages:
    """The crew's checklist, for whoever holds a valid link."""

    def __init__(self, table: Table, links: MagicLinks) -> None:
        self._table = table
        self._links = links

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/crew/event/{event_id}", self.show, name="crew_page"),
            web.get("/crew/event/{event_id}/confirm", self.confirm, name="confirm_crew"),
        ]

    async def show(self, request: web.Request) -> web.Response:
        event_id = request.match_info["event_id"]
        crew_id = self._links.crew_id(request.query.get("magic_link", ""), event_id)
        event = await self._table.get(event_id) if crew_id else None
        if crew_id is None or event is None:
            return _not_valid()
        shown = {name: event[name] for name in _SHOWN if name in event}
        return web.json_response({"crew_id": crew_id, **shown})

    async def confirm(self, request: web.Request) -> web.Response:
        event_id = request.match_info["event_id"]
        crew_id = self._links.crew_id(request.query.get("token", ""), event_id)
        event = await self._table.get(event_id) if crew_id else None
        if crew_id is None or event is None:
            return _not_valid()
        confirmed = {**event.get("confirmed", {}), crew_id: datetime.now(UTC).isoformat()}
        await self._table.set(event_id, {"confirmed": confirmed})
        return web.json_response({"confirmed": crew_id})


def _not_valid() -> web.Response:
    return web.json_response({"message": "This link is not valid."}, status=403)
