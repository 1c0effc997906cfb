"""The crew service as one application."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from sandbox.aws.tables import Table
from sandbox.crew_service.acts import CrewActs
from sandbox.crew_service.credentials import CrewSwitches
from sandbox.crew_service.crew_photos import CrewPhotos
from sandbox.crew_service.events import Events
from sandbox.crew_service.guests import Guests
from sandbox.crew_service.letters import Letters
from sandbox.crew_service.links import MagicLinks, utc_now
from sandbox.crew_service.page_files import PageFiles
from sandbox.crew_service.pages import Pages
from sandbox.crew_service.passes import Passes
from sandbox.crew_service.uploads import Uploads
from sandbox.hosting import application
from sandbox.interference import Conditions, interference

# An open page asks every few seconds; that is no call that anybody wants to read about.
_QUIET = frozenset({"crew_live", "crew_static"})


class CrewService:
    """The stand-in.

    Args:
        table: scc-events.
        ses: a client in the crew service's account.
        uploads_s3: a client with the keys of the user who may upload.
        links: mints and reads magic links.
        switches: how this deployment is.
        conditions: faults, latencies, the log.
        guest_site: the origin that CORS allows.
        now: the time of day, in UTC.
    """

    def __init__(
        self,
        table: Table,
        ses: Any,
        uploads_s3: Any,
        links: MagicLinks,
        switches: CrewSwitches,
        conditions: Conditions,
        guest_site: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        photos = Uploads(uploads_s3)
        files = PageFiles(photos.origin)
        letters = Letters(ses, links, files)
        passes = Passes(table, links)
        acts = CrewActs(table, letters, now)
        self.table = table
        self.switches = switches
        self._conditions = conditions
        self._files = files
        self._guests = Guests(table, letters, photos, switches, origin=guest_site, now=now)
        self._events = Events(table, letters, passes, switches)
        self._pages = Pages(passes, acts, files, switches, now)
        self._photos = CrewPhotos(passes, acts, photos, switches, pages=self._pages, now=now)

    def application(self) -> web.Application:
        app = application(
            middlewares=[
                self._guests.answering_preflights,
                interference("crew_service", self._conditions, quiet=_QUIET),
                self._guests.refusing_other_sites,
            ]
        )
        app.on_response_prepare.append(self._files.guard)
        app.on_response_prepare.append(self._guests.allow_the_guest_site)
        for part in (self._events, self._guests, self._pages, self._photos):
            app.add_routes(part.routes())
        return app
