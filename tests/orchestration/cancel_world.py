"""A guest page in a bucket, before it a CDN that remembers, and the public behind that."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from follow_up_world import ID, NOW, FollowUpWorld, approved

from bot.domain.charter import Charter, State
from bot.domain.money import Costs
from bot.domain.progress import StepState
from bot.services.ports import Invalidation
from bot.store.queries import charters
from bot.store.store import Store

URL = f"https://guests.example/g/{ID}"
SET_UP, GONE = b"the page", b"cancelled"
PLAN = ("calendar", "crew_event", "guest_page")


@dataclass
class Web:
    """All that stands between a page and the public. `fails` is asked before each call, by name.

    A reference that the CDN knows already makes it forget nothing, as in life.
    """

    stored: bytes = SET_UP
    shown: bytes | None = SET_UP
    asked: list[str] = field(default_factory=list)
    fails: Callable[[str], None] = lambda _: None

    def keys(self, booking_id: str) -> tuple[str, ...]:
        return (f"g/{booking_id}.html",)

    def urls(self, _booking_id: str) -> tuple[str, ...]:
        return (URL,)

    def paths(self, booking_id: str) -> tuple[str, ...]:
        return (f"/g/{booking_id}",)

    def guest_page(self, _charter: Charter, *, cancelled: bool) -> bytes:
        self.fails("draw")
        return GONE if cancelled else SET_UP

    async def put(self, _key: str, page: bytes) -> None:
        self.fails("put")
        self.stored = page

    async def invalidate(self, _paths: tuple[str, ...], reference: str) -> Invalidation:
        self.fails("invalidate")
        if reference not in self.asked:
            self.asked.append(reference)
            self.shown = None
        return Invalidation(id=reference, done=True)

    async def fetch(self, _url: str) -> bytes:
        self.fails("fetch")
        if self.shown is None:
            self.shown = self.stored
        return self.shown

    def services(self) -> Any:
        return SimpleNamespace(
            costs=Costs(), guest_pages=self, edge=self, public_site=self, templates=self
        )


def failing(name: str, *errors: Exception) -> Callable[[str], None]:
    """Has the first calls of that name meet these errors, and then none."""
    left = list(errors)

    def fails(asked: str) -> None:
        if asked == name and left:
            raise left.pop(0)

    return fails


async def set_up(store: Store, *, state: State = State.DONE) -> tuple[FollowUpWorld, Web]:
    """A charter whose run has ended, with its page and all that a Cancel leaves to do by hand."""
    world, web = await approved(store, plan=PLAN), Web()
    world.services = web.services()
    for name in PLAN:
        artefact = {"id": f"{name}-1", "url": URL if name == "guest_page" else None}
        done = {"state": StepState.DONE, "artefact": artefact}
        await store.write(charters.set_step, ID, name, begun=True, **done)
    assert await store.write(charters.finish, ID, state=state, at=NOW)
    return world, web
