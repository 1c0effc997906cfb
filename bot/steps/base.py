"""What a step is. A new one is a file beside this and a line in the registry."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.artefact import Artefact
from bot.domain.charter import Charter
from bot.domain.money import Costs
from bot.services.ports import (
    Calendar,
    CrewService,
    CrewTable,
    Edge,
    GuestPages,
    Mailer,
    PublicSite,
    Templates,
)


@dataclass(frozen=True)
class StepServices:
    """The outside world as steps see it.

    Attributes:
        operations: who gets the operations mail.
        costs: the owner's, so that outgoing bodies can be searched for the sums that follow.
        crew_summary: whether the crew get a second mail; their addresses are in `crew_table`.
    """

    calendar: Calendar
    crew_service: CrewService
    guest_pages: GuestPages
    edge: Edge
    public_site: PublicSite
    mailer: Mailer
    templates: Templates
    operations: tuple[str, ...]
    costs: Costs = field(default_factory=Costs)
    crew_summary: bool = False
    crew_table: CrewTable | None = None


class Step(Protocol):
    """One outside effect: find, do, find.

    Attributes:
        name: persisted, pinned by a test, never renamed lightly.
        label: what a person reads.
        needs: names of steps whose artefact it uses.
        repeatable: whether doing it twice is one effect, so that an unknown outcome may simply be
            done again. Otherwise only `find` settles it, and if that cannot, a person.
        reads_back: whether `find` can see the effect in the outside system. Where it cannot, `do`
            must itself read what it did, and `find` is not asked.
    """

    name: str
    label: str
    needs: tuple[str, ...]
    repeatable: bool
    reads_back: bool

    async def find(self, charter: Charter, services: StepServices) -> Artefact | None:
        """What is there already, read from the outside system."""

    async def do(self, charter: Charter, services: StepServices) -> Artefact:
        """Make it so."""
