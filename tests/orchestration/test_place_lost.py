"""A machine that stands still just before an effect, and goes on when another has its place.

It does nothing outside: that other one has looked by then, seen nothing, and done it.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from cancel_world import SET_UP, set_up
from orchestration_fakes import NOW, ScriptedStep, charter, runner_of
from test_narrator import ID, propose

from bot.domain.progress import Decision
from bot.orchestration.follow_ups import cancel
from bot.server_slot import ServerSlot
from bot.slot import PlaceLostError
from bot.store.queries import charters, follow_ups
from bot.store.store import Store
from tests.postgresql_server import PostgreSQL, postgresql_server

REVENUE = json.dumps({"owner_payout": "840.75"})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture
def url(server: PostgreSQL) -> sa.URL:
    return sa.make_url(server.new_database())


def lost(why: str) -> NoReturn:
    raise PlaceLostError(why)


@pytest.fixture
async def place(url: sa.URL) -> AsyncIterator[ServerSlot]:
    place = ServerSlot(url, lost)
    await place.wait(1)
    yield place
    place.release()


@pytest.fixture
async def store(url: sa.URL, place: ServerSlot) -> AsyncIterator[Store]:
    store = Store.open(url.render_as_string(hide_password=False))
    await store.migrate()
    store.guard(place.fence)
    yield store
    store.close()


@pytest.fixture
async def stand_still_after(
    url: sa.URL,
    server: PostgreSQL,
    place: ServerSlot,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Callable[[Any], None]]:
    """Have another take the place once such a change is on disk."""
    write, spare = store.write, ServerSlot(url, lost)

    def after(last: Any) -> None:
        async def write_and_stand_still(change: Any, *args: Any, **more: Any) -> Any:
            result = await write(change, *args, **more)
            if change is last:
                server.run("SELECT pg_terminate_backend(:pid)", pid=place._pid)
                await spare.wait(1)
            return result

        monkeypatch.setattr(store, "write", write_and_stand_still)

    yield after
    spare.release()


async def test_a_step_is_not_done_any_more(
    store: Store, place: ServerSlot, stand_still_after: Callable[[Any], None]
) -> None:
    await propose(store)
    decision = Decision(user="U0CAPTAIN", at=NOW, approved=True)
    plan = [("crew_event", "Crew event")]
    await store.write(charters.approve, charter(), version=1, decision=decision, plan=plan)
    stand_still_after(charters.set_step)
    crew = ScriptedStep(name="crew_event")
    runner = runner_of(store, crew, confirm=place.confirm)
    await ends_the_process(runner.work({"booking_id": ID, "run": 1}))
    assert crew.seen == []


@pytest.mark.parametrize(
    ("action", "last"),
    [
        ("resend_crew_links", follow_ups.note_unless_cancelled),
        ("scrub_revenue", follow_ups.note),
        ("invalidate_cache", follow_ups.begin),
        ("cancel_charter", cancel._cancel),
    ],
)
async def test_what_a_click_asks_for_is_not_done_any_more(
    store: Store,
    place: ServerSlot,
    stand_still_after: Callable[[Any], None],
    action: str,
    last: Any,
) -> None:
    world, web = await set_up(store)
    world.table.notes, world.confirm = REVENUE, place.confirm
    stand_still_after(last)
    await ends_the_process(world.press(action, version=2))
    assert (world.links.mailed, world.table.notes) == (0, REVENUE)
    assert (web.stored, web.asked) == (SET_UP, [])


async def ends_the_process(work: Awaitable[None]) -> None:
    """As the loss of a place does, wherever it is found out first."""
    with pytest.raises((PlaceLostError, ExceptionGroup)):
        await work
