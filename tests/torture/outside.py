"""Every outside system but Slack, as the world has them: they outlive each process of the bot."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from bot.domain.errors import NeedsPerson
from bot.domain.outgoing import CalendarEntry, CrewEvent, Mail
from bot.services.http import with_secret
from bot.services.http_errors import Unauthorised
from bot.services.ports import Invalidation, LostRace, StoredEvent
from bot.services.secrets import SecretStore
from tests.torture.weather import ASKING, CHANGING, Fault
from tests.torture.wire import GATEWAY_SECONDS, Wire

CALENDAR_TOKEN = "secretsmanager:charter/jada#dashboard_token"
CREW_KEY = "secretsmanager:charter/scc#service_key"
_NO_LATE = tuple(f for f in CHANGING if f is not Fault.LATE)
DOCK, PAYOUT_FIELD = "dock 7, beside the crane", "owner_payout"
_EDGE_SECONDS = (0.5, 25.0)


@dataclass
class Made:
    """An effect: what was made, when (seconds of the world), and the whole of what was sent."""

    at: float
    booking_id: str
    id: str
    sent: Any

    @cached_property
    def written(self) -> str:
        """What was sent, in words; it never changes."""
        return str(self.sent)


@dataclass
class Outside:
    """What stands in the systems. Everything that was ever sent stays, in the order of effects."""

    wire: Wire
    entries: list[Made] = field(default_factory=list)
    events: list[Made] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    noted: list[Made] = field(default_factory=list)
    resends: list[Made] = field(default_factory=list)
    uploads: list[Made] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)
    invalidations: dict[str, bool] = field(default_factory=dict)
    cached: dict[str, bytes] = field(default_factory=dict)
    looks: list[Made] = field(default_factory=list)
    mails: list[Made] = field(default_factory=list)
    tokens: dict[str, str] = field(
        default_factory=lambda: {CALENDAR_TOKEN: "token-canary-1", CREW_KEY: "key-canary-1"}
    )

    @property
    def now(self) -> float:
        return self.wire.timeline.now

    def rotate(self, reference: str) -> None:
        """A person stores another secret, and the service knows no other from then on."""
        name, _, number = self.tokens[reference].rpartition("-")
        self.tokens[reference] = f"{name}-{int(number) + 1}"

    def note(self, event_id: str, notes: Any) -> None:
        """The notes of a stored crew event from now on."""
        self.notes[event_id] = notes
        [event] = [each for each in self.events if each.id == event_id]
        self.noted.append(Made(self.now, event.booking_id, event_id, notes))

    def write_by_hand(self, booking_id: str, payout: str, *, fields: bool) -> None:
        """A person adds to the notes of a stored crew event what crew must and must not read.

        `fields`: as JSON, else as prose.
        """
        event = next((each for each in self.events if each.booking_id == booking_id), None)
        if event is None:
            return
        said = f"{self.notes[event.id]}\n{DOCK}\nowner payout: ${payout}"
        if fields:
            held = {"said": self.notes[event.id], "dock": DOCK, PAYOUT_FIELD: float(payout)}
            said = json.dumps(held)
        self.note(event.id, said)

    def secret_text(self, name: str) -> str:
        """What Secrets Manager holds under a name."""
        found = {
            reference.partition("#")[2]: value
            for reference, value in self.tokens.items()
            if reference.startswith(f"secretsmanager:{name}#")
        }
        return json.dumps(found)


class SecretsManager:
    """The client that `SecretStore` asks."""

    def __init__(self, world: Outside) -> None:
        self._world = world

    async def call(self, _operation: str, *, SecretId: str, **_: Any) -> dict[str, str]:  # noqa: N803
        return await self._world.wire.ask(
            "secrets.get",
            lambda: {"SecretString": self._world.secret_text(SecretId)},
            faults=(Fault.SLOW, Fault.BEFORE, Fault.BUSY_SILENT),
            repeatable=True,
        )


def secrets_of(world: Outside) -> SecretStore:
    """One process's secrets: the real store over the simulated client."""
    return SecretStore({}, SecretsManager(world))  # type: ignore[arg-type]


class _Keyed:
    """A system behind an API gateway that wants a secret, which may be rotated at any moment."""

    def __init__(self, world: Outside, secrets: SecretStore, reference: str) -> None:
        self._world = world
        self._secrets = secrets
        self._reference = reference

    async def _ask(self, name: str, effect: Any, *, reading: bool = False) -> Any:
        async def ask(secret: str) -> Any:
            def guarded() -> Any:
                if secret != self._world.tokens[self._reference]:
                    raise Unauthorised("Our credential is not accepted (401).")
                return effect()

            return await self._world.wire.ask(
                name,
                guarded,
                faults=ASKING if reading else CHANGING,
                repeatable=reading,
                longest=GATEWAY_SECONDS,
            )

        return await with_secret(self._secrets, self._reference, ask)


class Calendar(_Keyed):
    async def find(self, booking_id: str) -> str | None:
        def found() -> str | None:
            return next((e.id for e in self._world.entries if e.booking_id == booking_id), None)

        return await self._ask("calendar.find", found, reading=True)

    async def create(self, entry: CalendarEntry) -> str:
        def create() -> str:
            world = self._world
            sent = entry.model_dump(mode="json")
            made = Made(world.now, entry.booking_id, f"entry-{len(world.entries)}", sent)
            world.entries.append(made)
            return made.id

        return await self._ask("calendar.create", create)


class CrewService(_Keyed):
    async def find(self, booking_id: str) -> str | None:
        def found() -> str | None:
            return next((e.id for e in self._world.events if e.booking_id == booking_id), None)

        return await self._ask("crew_service.find", found, reading=True)

    async def create(self, event: CrewEvent) -> str:
        def create() -> str:
            world = self._world
            sent = event.model_dump(mode="json")
            made = Made(world.now, event.booking_id, f"event-{len(world.events)}", sent)
            world.events.append(made)
            world.note(made.id, event.notes)
            return made.id

        return await self._ask("crew_service.create", create)

    async def resend(self, event_id: str) -> int:
        def resend() -> int:
            world = self._world
            event = next((e for e in world.events if e.id == event_id), None)
            if event is None:
                raise NeedsPerson("There is no such event.")
            world.resends.append(Made(world.now, event.booking_id, event_id, None))
            return 3

        return await self._ask("crew_service.resend", resend)

    def crew_link(self, event_id: str) -> str:
        return f"https://crew.example/event/{event_id}"


class CrewTable:
    def __init__(self, world: Outside) -> None:
        self._world = world

    async def get(self, event_id: str) -> StoredEvent | None:
        def get() -> StoredEvent | None:
            if event_id not in self._world.notes:
                return None
            return StoredEvent(event_id, self._world.notes[event_id])

        return await self._world.wire.ask("dynamodb.get", get, faults=ASKING, repeatable=True)

    async def replace_notes(self, event_id: str, *, seen: Any, notes: Any) -> None:
        def replace() -> None:
            if self._world.notes.get(event_id) != seen:
                raise LostRace("The notes changed.")
            self._world.note(event_id, notes)

        await self._world.wire.ask("dynamodb.update", replace, faults=_NO_LATE, repeatable=True)


class GuestPages:
    def __init__(self, world: Outside) -> None:
        self._world = world

    def keys(self, booking_id: str) -> tuple[str, ...]:
        return f"g/{booking_id}.html", f"g/{booking_id.upper()}.html"

    async def get(self, key: str) -> bytes | None:
        return await self._world.wire.ask(
            "s3.get", lambda: self._world.objects.get(key), faults=ASKING, repeatable=True
        )

    async def put(self, key: str, body: bytes) -> None:
        def put() -> None:
            booking_id = key[2:-5].lower()
            self._world.uploads.append(Made(self._world.now, booking_id, key, body))
            self._world.objects[key] = body

        await self._world.wire.ask("s3.put", put, faults=_NO_LATE, repeatable=True)


class Edge:
    """Keeps what was fetched until it is told to forget it, which takes its time."""

    def __init__(self, world: Outside) -> None:
        self._world = world

    def paths(self, booking_id: str) -> tuple[str, ...]:
        return f"/g/{booking_id}", f"/g/{booking_id.upper()}"

    async def invalidate(self, paths: tuple[str, ...], reference: str) -> Invalidation:
        def invalidate() -> Invalidation:
            world = self._world
            if reference not in world.invalidations:
                world.invalidations[reference] = False
                chance = int(sha256(reference.encode()).hexdigest(), 16) % 1000 / 1000
                least, most = _EDGE_SECONDS
                at = world.now + least + chance * (most - least)
                world.wire.timeline.at(at, lambda: self._forget(paths, reference))
            return self._state(reference)

        return await self._world.wire.ask(
            "cloudfront.invalidate", invalidate, faults=_NO_LATE, repeatable=True
        )

    async def status(self, invalidation_id: str) -> Invalidation:
        return await self._world.wire.ask(
            "cloudfront.status",
            lambda: self._state(invalidation_id),
            faults=ASKING,
            repeatable=True,
        )

    def _forget(self, paths: tuple[str, ...], reference: str) -> None:
        for path in paths:
            self._world.cached.pop(path, None)
        self._world.invalidations[reference] = True

    def _state(self, reference: str) -> Invalidation:
        return Invalidation(id=reference, done=self._world.invalidations[reference])


class PublicSite:
    def __init__(self, world: Outside) -> None:
        self._world = world

    def urls(self, booking_id: str) -> tuple[str, ...]:
        return tuple(
            f"https://guests.example/g/{slug}" for slug in (booking_id, booking_id.upper())
        )

    async def fetch(self, url: str) -> bytes:
        def look() -> bytes:
            page, booking_id = self.shown(url), url.rpartition("/")[2].lower()
            self._world.looks.append(Made(self._world.now, booking_id, url, page))
            return page

        return await self._world.wire.ask("site.fetch", look, faults=ASKING, repeatable=True)

    def shown(self, url: str) -> bytes:
        """What the public sees; the edge keeps it from then on."""
        path = url.removeprefix("https://guests.example")
        page = self._world.cached.get(path, self._world.objects.get(f"{path[1:]}.html"))
        if page is None:
            raise NeedsPerson("There is no page under this address (404).")
        self._world.cached[path] = page
        return page


class Mailer:
    def __init__(self, world: Outside) -> None:
        self._world = world

    async def send(self, mail: Mail) -> str:
        def send() -> str:
            world = self._world
            booking_id = next(iter(b for b in BOOKINGS if b.upper() in mail.subject), "")
            made = Made(world.now, booking_id, f"mail-{len(world.mails)}", mail.model_dump())
            world.mails.append(made)
            return made.id

        return await self._world.wire.ask("ses.send", send, faults=CHANGING, repeatable=False)


BOOKINGS: Mapping[str, int] = {"xhqgmdh": 0, "kxwgpzt": 1, "xdzbtlw": 2}
"""The bookings of the world, each with its number."""


def by_booking(made: list[Made]) -> dict[str, list[Made]]:
    """The effects of each booking."""
    found = defaultdict[str, list[Made]](list)
    for each in made:
        found[each.booking_id].append(each)
    return found
