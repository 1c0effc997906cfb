"""What the crew's magic links open: the event, its checklist, and one's answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web

from sandbox.crew_service.acts import CrewActs
from sandbox.crew_service.credentials import CrewSwitches
from sandbox.crew_service.page_files import PageFiles, wants_page
from sandbox.crew_service.passes import Holder, Passes, fields_of, token_in
from sandbox.crew_service.shapes import is_over
from sandbox.crew_service.view import EventView, as_json

_TOO_LATE = "This charter is over, so your answer was not kept."


class Pages:
    """The crew's page, for whoever holds a valid link.

    Args:
        passes: reads the links.
        acts: what members may do.
        files: the page's templates.
        switches: how this deployment is.
        now: the time of day, in UTC.
    """

    def __init__(
        self,
        passes: Passes,
        acts: CrewActs,
        files: PageFiles,
        switches: CrewSwitches,
        now: Callable[[], datetime],
    ) -> None:
        self._passes = passes
        self._acts = acts
        self._files = files
        self._switches = switches
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        event = "/crew/event/{event_id}"
        return [
            web.get(event, self.show, name="crew_page"),
            web.get(f"{event}/live", self.live, name="crew_live"),
            web.get(f"{event}/confirm", self.confirm, name="confirm_crew"),
            web.post(f"{event}/tick", self.tick, name="tick_task"),
            web.post(f"{event}/answer", self.answer, name="answer_call"),
            web.get("/crew/page/{name}", self._files.static, name="crew_static"),
        ]

    async def show(self, request: web.Request) -> web.Response:
        holder = await self._looking(request, request.query.get("magic_link", ""))
        return self._shown(request, holder) if holder else self.refusal(request)

    async def live(self, request: web.Request) -> web.Response:
        """The page anew for one that is open; 304 while nothing changed."""
        holder = await self._looking(request, token_in(request, {}))
        if holder is None:
            return self.refusal(request)
        page = self._page(holder)
        known = request.if_none_match or ()
        if page.etag in known:
            return web.Response(status=304)
        return page

    async def confirm(self, request: web.Request) -> web.Response:
        """The checklist under its other address.

        It answers for nobody: programs that look at mails follow links, too.
        """
        holder = await self._looking(request, request.query.get("token", ""))
        return self._shown(request, holder) if holder else self.refusal(request)

    async def tick(self, request: web.Request) -> web.Response:
        """Tick a task, or take the tick back: `tick` or `untick` holds the task's id."""
        fields = await fields_of(request)
        holder = await self._holder(request, token_in(request, fields))
        if holder is None:
            return self.refusal(request)
        done = "tick" in fields
        if not await self._acts.tick(holder, fields.get("tick" if done else "untick", ""), done):
            return web.json_response({"message": "There is no such task."}, status=400)
        return await self._after(request, holder)

    async def answer(self, request: web.Request) -> web.Response:
        """Accept or decline: `state` says which. 409 once the charter is over."""
        fields = await fields_of(request)
        holder = await self._holder(request, token_in(request, fields))
        if holder is None:
            return self.refusal(request)
        if is_over(holder.event, self._now()):
            return self._too_late(request, holder)
        match fields.get("state"):
            case "accepted" | "declined" as state:
                await self._acts.answer(holder, state)
                return await self._after(request, holder)
            case _:
                return web.json_response({"message": "Accept or decline?"}, status=400)

    def refusal(self, request: web.Request) -> web.Response:
        """The same for a link that is expired, for another event, tampered with, or none."""
        if wants_page(request):
            return self._files.page("refused.html.j2", {}, status=403)
        return web.json_response({"message": "This link is not valid."}, status=403)

    async def _holder(self, request: web.Request, token: str) -> Holder | None:
        return await self._passes.holder(request.match_info["event_id"], token)

    async def _looking(self, request: web.Request, token: str) -> Holder | None:
        """Likewise, for a look, which also tells the captain what no mail has brought yet."""
        holder = await self._holder(request, token)
        if holder and self._acts.owes(holder.event):
            await self._acts.tell(holder.event_id)
            return await self._holder(request, token)
        return holder

    def _too_late(self, request: web.Request, holder: Holder) -> web.Response:
        if wants_page(request):
            return self._page(holder, trouble=_TOO_LATE, status=web.HTTPConflict.status_code)
        return web.json_response({"message": _TOO_LATE, "reason": "over"}, status=409)

    def _shown(self, request: web.Request, holder: Holder) -> web.Response:
        if wants_page(request):
            return self._page(holder)
        return web.json_response(as_json(holder.event, holder.crew_id))

    async def _after(self, request: web.Request, holder: Holder) -> web.Response:
        """After an act: back to the page, or how things stand now."""
        if wants_page(request):
            return _back_to(holder)
        renewed = await self._passes.holder(holder.event_id, holder.token)
        return self._shown(request, renewed) if renewed else self.refusal(request)

    def _page(self, holder: Holder, *, trouble: str = "", status: int = 200) -> web.Response:
        grace = timedelta(hours=self._switches.photo_grace_hours)
        view = EventView.of(holder.event, holder.crew_id, self._now(), grace)
        values = {
            "view": view,
            "token": holder.token,
            "expires": view.expiry(holder.expires_at),
            "trouble": trouble,
        }
        return self._files.page("crew.html.j2", values, status)


def _back_to(holder: Holder) -> web.Response:
    query = urlencode({"magic_link": holder.token})
    place = f"/crew/event/{holder.event_id}?{query}"
    return web.Response(status=web.HTTPSeeOther.status_code, headers={"Location": place})
