from bot.domain.artefact import Artefact
from bot.domain.charter import Charter
from bot.domain.outgoing import CrewEvent
from bot.steps.base import StepServices
from bot.steps.guard import guard


class CrewEventStep:
    """The event that calls the crew. Creating it mails every member at once."""

    name = "crew_event"
    label = "Crew event"
    needs: tuple[str, ...] = ("calendar",)
    repeatable = False
    reads_back = True

    async def find(self, charter: Charter, services: StepServices) -> Artefact | None:
        """See `Step.find`."""
        event_id = await services.crew_service.find(charter.booking_id)
        return _artefact(event_id, services) if event_id else None

    async def do(self, charter: Charter, services: StepServices) -> Artefact:
        """See `Step.do`."""
        event = CrewEvent.of(charter)
        guard("crew event", event.model_dump(mode="json"), charter, services)
        return _artefact(await services.crew_service.create(event), services)


def _artefact(event_id: str, services: StepServices) -> Artefact:
    return Artefact(id=event_id, url=services.crew_service.crew_link(event_id))
