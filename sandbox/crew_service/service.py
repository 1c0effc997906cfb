"""The crew service as one application."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.aws.tables import Table
from sandbox.crew_service.credentials import CrewSwitches
from sandbox.crew_service.events import Events
from sandbox.crew_service.guests import Guests
from sandbox.crew_service.letters import Letters
from sandbox.crew_service.links import MagicLinks
from sandbox.crew_service.pages import Pages
from sandbox.crew_service.uploads import Uploads
from sandbox.hosting import application
from sandbox.interference import Conditions, interference


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
    ) -> None:
        letters = Letters(ses, links)
        self.table = table
        self.switches = switches
        self._conditions = conditions
        self._guests = Guests(
            table,
            letters,
            Uploads(uploads_s3),
            switches,
            origin=guest_site,
            now=lambda: datetime.now(UTC),
        )
        self._events = Events(table, letters, links, switches)
        self._pages = Pages(table, links)

    def application(self) -> web.Application:
        app = application(
            middlewares=[
                interference("crew_service", self._conditions),
                self._guests.allowing_the_guest_site,
            ]
        )
        app.add_routes([*self._events.routes(), *self._guests.routes(), *self._pages.routes()])
        return app
