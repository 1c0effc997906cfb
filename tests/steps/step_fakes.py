"""The outside world in memory: each fake keeps what it received, as the real system would."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.artefact import Artefact
from bot.domain.boat import Boat
from bot.domain.charter import Charter
from bot.domain.errors import Refused
from bot.domain.mail_parts import MailParts
from bot.domain.money import Costs
from bot.domain.outgoing import CalendarEntry, CrewEvent, Mail
from bot.services.ports import Invalidation, StoredEvent
from bot.steps.base import StepServices


@dataclass
class FakeCalendar:
    entries: list[CalendarEntry] = field(default_factory=list)

    async def find(self, booking_id: str) -> str | None:
        ids = (f"entry-{n}" for n, e in enumerate(self.entries) if e.booking_id == booking_id)
        return next(ids, None)

    async def create(self, entry: CalendarEntry) -> str:
        self.entries.append(entry)
        return f"entry-{len(self.entries) - 1}"


@dataclass
class FakeCrewService:
    events: list[CrewEvent] = field(default_factory=list)

    async def find(self, booking_id: str) -> str | None:
        ids = (f"event-{n}" for n, e in enumerate(self.events) if e.booking_id == booking_id)
        return next(ids, None)

    async def create(self, event: CrewEvent) -> str:
        self.events.append(event)
        return f"event-{len(self.events) - 1}"

    async def resend(self, event_id: str) -> int:
        return len(self.events)

    def crew_link(self, event_id: str) -> str:
        return f"https://crew.example/event/{event_id}"


@dataclass
class FakeGuestPages:
    objects: dict[str, bytes] = field(default_factory=dict)

    def keys(self, booking_id: str) -> tuple[str, ...]:
        return f"g/{booking_id}.html", f"g/{booking_id.upper()}.html"

    async def get(self, key: str) -> bytes | None:
        return self.objects.get(key)

    async def put(self, key: str, body: bytes) -> None:
        self.objects[key] = body


@dataclass
class FakeEdge:
    """Finishes an invalidation after it was asked about `slow` times."""

    slow: int = 0
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def paths(self, booking_id: str) -> tuple[str, ...]:
        return f"/g/{booking_id}", f"/g/{booking_id.upper()}"

    async def invalidate(self, paths: tuple[str, ...], reference: str) -> Invalidation:
        self.asked[reference] = paths
        return self._state(reference)

    async def status(self, invalidation_id: str) -> Invalidation:
        self.slow -= 1
        return self._state(invalidation_id)

    def _state(self, reference: str) -> Invalidation:
        return Invalidation(id=reference, done=self.slow <= 0)


@dataclass
class FakeSite:
    """What the public sees; a spelling without a page is a 404."""

    shown: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def urls(self, booking_id: str) -> tuple[str, ...]:
        return (
            f"https://guests.example/g/{booking_id}",
            f"https://guests.example/g/{booking_id.upper()}",
        )

    async def fetch(self, url: str) -> bytes:
        self.fetched.append(url)
        if url not in self.shown:
            raise Refused("There is no such page (404).")
        return self.shown[url]


@dataclass
class FakeMailer:
    sent: list[Mail] = field(default_factory=list)
    errors: list[Exception | None] = field(default_factory=list)

    async def send(self, mail: Mail) -> str:
        if self.errors and (error := self.errors.pop(0)):
            raise error
        self.sent.append(mail)
        return f"message-{len(self.sent)}"


@dataclass
class FakeTemplates:
    """Shows whatever `slip` says, as a careless template would."""

    slip: str = ""

    def guest_page(self, charter: Charter, *, cancelled: bool = False) -> bytes:
        if cancelled:
            return b"<p>cancelled</p>"
        return f"<p>{charter.boat.name} {charter.passengers} {self.slip}</p>".encode()

    def operations_mail(self, charter: Charter) -> MailParts:
        return MailParts(f"Set up: {charter.booking_id}", "text", f"<p>{self.slip}</p>")

    def crew_summary(self, charter: Charter) -> MailParts:
        return MailParts("Your charter", f"text {self.slip}", "<p>html</p>")

    def crew_link_mail(self, event_name: str, link: str) -> MailParts:
        return MailParts(event_name, link, link)


@dataclass
class FakeCrewTable:
    crew: tuple[dict[str, Any], ...] = ()

    async def get(self, event_id: str) -> StoredEvent | None:
        return StoredEvent(event_id=event_id, notes="", crew=self.crew)

    async def replace_notes(self, event_id: str, *, seen: Any, notes: Any) -> None:
        raise NotImplementedError


def charter(**changes: Any) -> Charter:
    start = datetime(2026, 5, 30, 17, tzinfo=UTC)
    boat = Boat(name="JADA", time_zone="America/Los_Angeles", capacity=6)
    made = Charter(
        booking_id="xhqgmdh",
        marketplace="boatsetter",
        boat=boat,
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        passengers=4,
        guest_name="Marisol",
        crew=("captain", "crew_1"),
        crew_tasks=("Check fuel",),
        payout=Decimal("840.75"),
        currency="USD",
        artefacts={
            "calendar": Artefact(id="entry-0"),
            "crew_event": Artefact(id="event-0", url="https://crew.example/event/event-0"),
        },
    )
    return made.model_copy(update=changes)


def world(**changes: Any) -> StepServices:
    services = StepServices(
        calendar=FakeCalendar(),
        crew_service=FakeCrewService(),
        guest_pages=FakeGuestPages(),
        edge=FakeEdge(),
        public_site=FakeSite(),
        mailer=FakeMailer(),
        templates=FakeTemplates(),
        operations=("ops@sailjada.com",),
        costs=Costs(captain_fee=Decimal(150)),
    )
    return replace(services, **changes)
