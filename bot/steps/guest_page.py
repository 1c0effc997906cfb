import asyncio
from hashlib import sha256

from bot.domain.artefact import Artefact
from bot.domain.charter import Charter
from bot.domain.picture import without_pictures
from bot.steps.base import StepServices
from bot.steps.guard import guard
from bot.steps.together import together


class GuestPageStep:
    """The guests' page in the bucket, under each spelling of the booking id.

    `cancelled`: the page that says so, in place of the other.
    """

    name = "guest_page"
    label = "Guest page"
    needs: tuple[str, ...] = ()
    repeatable = True
    reads_back = True

    def __init__(self, *, cancelled: bool = False) -> None:
        self._cancelled = cancelled

    async def find(self, charter: Charter, services: StepServices) -> Artefact | None:
        """The page, if every object holds exactly the bytes that would be uploaded now."""
        page = await asyncio.to_thread(self._page, charter, services)
        keys = services.guest_pages.keys(charter.booking_id)
        stored = await together(services.guest_pages.get(key) for key in keys)
        return _artefact(charter, services, page) if all(it == page for it in stored) else None

    async def do(self, charter: Charter, services: StepServices) -> Artefact:
        """See `Step.do`."""
        page = await asyncio.to_thread(self._guarded_page, charter, services)
        keys = services.guest_pages.keys(charter.booking_id)
        await together(services.guest_pages.put(key, page) for key in keys)
        return _artefact(charter, services, page)

    def _page(self, charter: Charter, services: StepServices) -> bytes:
        return services.templates.guest_page(charter, cancelled=self._cancelled)

    def _guarded_page(self, charter: Charter, services: StepServices) -> bytes:
        """The page, searched for money; some 20 ms of work, so it is done beside the event loop."""
        page = self._page(charter, services)
        guard("guest page", without_pictures(page), charter, services)
        return page


def _artefact(charter: Charter, services: StepServices, page: bytes) -> Artefact:
    return Artefact(
        id=services.guest_pages.keys(charter.booking_id)[0],
        url=services.public_site.urls(charter.booking_id)[0],
        facts={"sha256": sha256(page).hexdigest()},
    )
