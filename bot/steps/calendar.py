from bot.domain.artefact import Artefact
from bot.domain.charter import Charter
from bot.domain.outgoing import CalendarEntry
from bot.steps.base import StepServices
from bot.steps.guard import guard


class CalendarStep:
    """The entry in the operator's calendar."""

    name = "calendar"
    label = "Calendar entry"
    needs: tuple[str, ...] = ()
    repeatable = False
    reads_back = True

    async def find(self, charter: Charter, services: StepServices) -> Artefact | None:
        """See `Step.find`."""
        entry_id = await services.calendar.find(charter.booking_id)
        return Artefact(id=entry_id) if entry_id else None

    async def do(self, charter: Charter, services: StepServices) -> Artefact:
        """See `Step.do`."""
        entry = CalendarEntry.of(charter)
        guard("calendar entry", entry.model_dump(mode="json"), charter, services)
        return Artefact(id=await services.calendar.create(entry))
