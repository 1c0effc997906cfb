"""Photographs that the crew add after the charter."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web
from pydantic import ValidationError

from sandbox.crew_service.acts import MOST_PHOTOS, CrewActs
from sandbox.crew_service.credentials import CrewSwitches
from sandbox.crew_service.pages import Pages
from sandbox.crew_service.passes import Holder, Passes, fields_of, token_in
from sandbox.crew_service.uploads import Photo, Uploads, refused
from sandbox.crew_service.view import photos_state
from sandbox.crew_service.words import moment, shown

_ID = r"(?P<id>[0-9a-f]{32})"


class CrewPhotos:
    """Leave to upload, and the word that it was done.

    Args:
        passes: reads the links.
        acts: keeps what was uploaded.
        uploads: signs uploads.
        switches: how this deployment is.
        pages: refuses.
        now: the time of day, in UTC.
    """

    def __init__(
        self,
        passes: Passes,
        acts: CrewActs,
        uploads: Uploads,
        switches: CrewSwitches,
        *,
        pages: Pages,
        now: Callable[[], datetime],
    ) -> None:
        self._passes = passes
        self._acts = acts
        self._uploads = uploads
        self._switches = switches
        self._pages = pages
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        event = "/crew/event/{event_id}"
        return [
            web.post(f"{event}/presign", self.presign, name="presign_crew"),
            web.post(f"{event}/photos", self.uploaded, name="crew_photo"),
        ]

    async def presign(self, request: web.Request) -> web.Response:
        """A form to upload one photograph with, and the `key` to name it by afterwards."""
        fields = await fields_of(request)
        holder = await self._holder(request, fields)
        if holder is None:
            return self._pages.refusal(request)
        if closed := self._closed(holder):
            return closed
        try:
            photo = Photo.model_validate(fields)
        except ValidationError as error:
            return web.json_response(refused(error), status=400)
        if len(holder.event["photos"]) >= MOST_PHOTOS:
            return _full()
        key = photo.key(_folder(holder))
        signed = await self._uploads.sign(photo, key, self._switches.presign)
        return web.json_response({**signed, "key": key})

    async def uploaded(self, request: web.Request) -> web.Response:
        """Keep a photograph that is there; what is said to be is looked for.

        One that is kept already stays whose it is: 200 and not 201.
        """
        fields = await fields_of(request)
        holder = await self._holder(request, fields)
        if holder is None:
            return self._pages.refusal(request)
        if closed := self._closed(holder):
            return closed
        key = fields.get("key", "")
        found = re.fullmatch(rf"uploads/{re.escape(_folder(holder))}/{_ID}-[A-Za-z0-9.-]*", key)
        size = await self._uploads.size(key) if found else None
        if found is None or size is None:
            message = "This photo did not arrive."
            return web.json_response({"message": message, "reason": "missing"}, status=409)
        name = shown(fields.get("file_name", "")) or "photo"
        photo = {"name": name[:200], "key": key, "size": size}
        if await self._acts.add_photo(holder, found["id"], photo):
            return web.json_response({"kept": True}, status=201)
        holder = await self._holder(request, fields)
        if holder is None:
            return self._pages.refusal(request)
        return (
            web.json_response({"kept": True}) if found["id"] in holder.event["photos"] else _full()
        )

    async def _holder(self, request: web.Request, fields: dict[str, str]) -> Holder | None:
        return await self._passes.holder(request.match_info["event_id"], token_in(request, fields))

    def _closed(self, holder: Holder) -> web.Response | None:
        now = self._now()
        grace = timedelta(hours=self._switches.photo_grace_hours)
        state = photos_state(holder.event, now, grace)
        if state == "open":
            return None
        answer = {"reason": state, "now": now.isoformat(timespec="seconds")}
        if state == "early":
            opens_at = moment(holder.event["end_time"]).isoformat()
            answer |= {"message": "Photos open when the charter ends.", "opens_at": opens_at}
        else:
            answer["message"] = "Photos for this charter are closed."
        return web.json_response(answer, status=403)


def _folder(holder: Holder) -> str:
    """The event's own, beside the guests' photographs of the same booking."""
    booking = re.sub(r"[^a-z0-9-]", "", str(holder.event.get("booking_id", "")).lower()).strip("-")
    event = re.sub(r"[^A-Za-z0-9-]", "-", holder.event_id)
    return f"{booking or 'event'}/crew/{event}"


def _full() -> web.Response:
    message = f"There are {MOST_PHOTOS} photos already."
    return web.json_response({"message": message, "reason": "full"}, status=409)
