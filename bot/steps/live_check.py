from hashlib import sha256

from bot.domain.artefact import Artefact
from bot.domain.charter import Charter
from bot.domain.errors import NeedsPerson, Refused
from bot.steps.base import StepServices
from bot.steps.together import together


class LiveCheckStep:
    """Both public spellings show what was uploaded. It changes nothing: `do` is a reading."""

    name = "live_check"
    label = "Live check"
    needs: tuple[str, ...] = ("guest_page", "cache")
    repeatable = True
    reads_back = False

    async def find(self, charter: Charter, services: StepServices) -> Artefact | None:
        """The page as the public sees it, if it is the uploaded one under every spelling.

        Before there is a page nothing is fetched, so that no edge keeps a 404 for it.
        """
        if "guest_page" not in charter.artefacts:
            return None
        faults = await _faults(charter, services)
        return None if any(faults) else _artefact(charter, services)

    async def do(self, charter: Charter, services: StepServices) -> Artefact:
        """The same reading, for a person where it is not as it should be.

        Raises:
            NeedsPerson: a spelling shows something else.
        """
        if faults := [fault for fault in await _faults(charter, services) if fault]:
            raise NeedsPerson(
                " ".join(faults),
                "Press Invalidate cache, then Retry. If a spelling stays missing, check the CDN's "
                "rewriting with /charter doctor.",
            )
        return _artefact(charter, services)


async def _faults(charter: Charter, services: StepServices) -> list[str]:
    """A sentence for each public spelling that does not show the uploaded page, else ""."""
    wanted = charter.artefacts["guest_page"].facts["sha256"]
    urls = services.public_site.urls(charter.booking_id)
    return await together(_fault(url, wanted, services) for url in urls)


async def _fault(url: str, wanted: str, services: StepServices) -> str:
    try:
        page = await services.public_site.fetch(url)
    except (NeedsPerson, Refused) as error:
        return f"{url} does not show the page: {error.what}"
    if sha256(page).hexdigest() == wanted:
        return ""
    return f"{url} shows another page than the one uploaded, most likely an old one from the cache."


def _artefact(charter: Charter, services: StepServices) -> Artefact:
    page = charter.artefacts["guest_page"]
    url = services.public_site.urls(charter.booking_id)[0]
    return Artefact(id=page.id, url=url, facts={"sha256": page.facts["sha256"]})
