"""PostgreSQL on a bad wire: every fault at every moment, and what people read of it."""

import sys
from collections.abc import Callable, Iterator
from functools import reduce
from itertools import cycle
from math import inf
from pathlib import Path

import pytest
import sqlalchemy as sa
from fleet import Fleet, fleet
from outcomes import (
    BOT,
    assert_one_of_each,
    assert_whole_story,
    fresh,
    propose,
    told,
    until,
    until_met,
)
from postgresql_cells import DONE, FAULTS, MOMENTS, REFUSALS, TIMES, WENT_WRONG, Cell, Row, answers

from bot.store.database import make_engine
from sandbox.bot_process import BotProcess
from tests.matrix import table
from tests.matrix.faults import POSTGRESQL, Fault
from tests.postgresql_server import PostgreSQL, postgresql_server
from tests.postgresql_wire import Refusal, Wire, wire_to

pytestmark = pytest.mark.timeout(300)
IMPATIENT = (sys.executable, str(Path(__file__).with_name("impatient_bot.py")), "run")
LOST = "another bot may have its work by now"
AUDITED = sa.text("SELECT what FROM audit WHERE booking_id = :id ORDER BY id")


class Wired(PostgreSQL):
    """The server as the bot reaches it."""

    def __init__(self, server: PostgreSQL, wire: Wire) -> None:
        super().__init__(server._server)
        self._wire = wire

    def new_database(self) -> str:
        return self._wire.url(super().new_database())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture(scope="module")
def wire(server: PostgreSQL) -> Iterator[Wire]:
    with wire_to(str(server.url("postgres").query["host"])) as wire:
        yield wire


@pytest.fixture(scope="module")
def one(
    server: PostgreSQL, wire: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fleet]:
    """A rehearsal with a bot that is reached over the wire."""
    root, wired = tmp_path_factory.mktemp("wired"), Wired(server, wire)
    with fleet(root, wired, names=("one",), slots=1, command=IMPATIENT) as one:
        one.start_all()
        yield one


@pytest.fixture(scope="module")
def database(one: Fleet, server: PostgreSQL) -> Iterator[sa.Engine]:
    """The bot's, past the wire."""
    name = sa.make_url(one.sandbox.env["CHARTER_DATABASE_URL"]).database
    engine = make_engine(server.url(str(name)))
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _healed(wire: Wire) -> Iterator[None]:
    yield
    wire.heal()


@pytest.fixture(scope="module")
def row(one: Fleet, wire: Wire, database: sa.Engine, new_id: Callable[[], str]) -> Row:
    """Every cell, played."""
    cells = [Cell(new_id(), fault, times) for fault in FAULTS for times in TIMES]
    row = Row(one.world, wire, database, cells)
    row.play()
    return row


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_becomes_of_a_commit_everything_is_there_once(
    row: Row, fault: Fault, times: str
) -> None:
    [cell] = [each for each in row.cells if (each.fault, each.times) == (fault, times)]
    assert cell.card
    assert cell.mail
    assert_one_of_each(row.world, cell.booking_id)
    assert_whole_story(row.world, cell.card)
    assert len(answers(row.world, cell)) == 1
    [event] = row.world.sandbox.crew_events(cell.booking_id)
    assert "840.75" not in str(event)
    beside_the_card = row.world.slack.messages(thread=cell.mail.ts)
    assert [each.plain for each in beside_the_card if each.user == BOT] == []
    with row.database.connect() as connection:
        done = list(connection.scalars(AUDITED, {"id": cell.booking_id}))
    assert done == ["proposed", "approved", "run done", "scrub_revenue done"]
    written = table.expected(POSTGRESQL)[fault].splitlines()
    assert [cell.line(moment) for moment in MOMENTS] == [
        line for line in written if f", {times}: " in line
    ]


def test_the_bot_goes_on_all_the_time_and_says_that_it_waits(row: Row) -> None:
    bot = row.world.bot
    assert bot.running
    events = [(line.get("event"), line.get("reason")) for line in bot.logs()]
    assert events.count(("ready", None)) == 1
    assert ("job_waits", "The database failed.") in events
    assert ("run_waits", "The database failed.") in events
    pressed_again = sum(2 if times == "twice" else 1 for times in TIMES)
    assert events.count(("listener_failed", None)) == pressed_again
    assert len(told(row.world, row.world.captain, WENT_WRONG, times=pressed_again)) == pressed_again


@pytest.mark.parametrize(("fault", "times"), list(zip(REFUSALS, cycle(TIMES), strict=False)))
def test_who_cannot_connect_anew_goes_on_as_soon_as_that_is_possible(
    one: Fleet, wire: Wire, booking_id: str, fault: Fault, times: str
) -> None:
    """The connection that holds the place stands; all others are lost."""
    card, pid = propose(one.world, booking_id), one.world.bot.pid
    wire.refusal = refusal = Refusal(TIMES[times], *REFUSALS[fault])
    wire.cut(lambda call: not call.holds_a_place)
    one.world.captain.clicks(card, "approve")
    until(lambda: refusal.met >= min(TIMES[times], 4), "refusals")
    if times == "for ever":
        assert "Approve" in fresh(one.world, card).buttons
        wire.heal()
    one.world.said(card, "is set up", timeout=60)
    assert_one_of_each(one.world, booking_id)
    assert_whole_story(one.world, card)
    assert one.world.bot.pid == pid


def test_who_cannot_connect_at_the_start_says_so_and_ends(
    one: Fleet, wire: Wire, booking_id: str
) -> None:
    card, bot = propose(one.world, booking_id), one.world.bot
    one.world.captain.clicks(card, "approve")
    bot.kill()
    for fault, about in REFUSALS.items():
        wire.refusal = Refusal(inf, *about)
        bot.start()
        until(lambda: not bot.running, "end of the bot")
        assert bot.stop() == 1
        written = table.expected(POSTGRESQL)[fault].splitlines()
        where = "at the start" if about else "at the start, hung up on"
        assert f"- {where}: “{_last_words(one, bot)}” HEALED: {DONE}" in written
    wire.heal()
    one.start_all()
    one.world.said(card, "is set up", timeout=60)
    assert_one_of_each(one.world, booking_id)
    assert_whole_story(one.world, card)


def test_a_name_that_nobody_knows_is_said_at_the_start(one: Fleet, tmp_path: Path) -> None:
    url = sa.make_url(one.sandbox.env["CHARTER_DATABASE_URL"]).set(host="db.invalid")
    env = {**one.sandbox.env, "CHARTER_DATABASE_URL": url.render_as_string(hide_password=False)}
    with BotProcess(env, tmp_path, command=IMPATIENT) as lost:
        until(lambda: not lost.running, "end of the bot")
        assert lost.stop() == 1
        written = table.expected(POSTGRESQL)[Fault.DNS].splitlines()
        assert f"- at the start: “{_last_words(one, lost)}” HEALED: {DONE}" in written


def _last_words(one: Fleet, bot: BotProcess) -> str:
    """Why it ended, by its log's last line; the server by another address."""
    last = bot.logs()[-1]
    assert last["event"] == "ended"
    url = sa.make_url(one.sandbox.env["CHARTER_DATABASE_URL"])
    named = {f"{url.host}:{url.port}": "HOST:5432", str(url.username): "charter"}
    return reduce(lambda said, each: said.replace(*each), named.items(), last["reason"])


@pytest.mark.parametrize("what", ["it is reset", "it says nothing", "nothing says anything"])
def test_a_bot_whose_place_is_on_a_bad_wire_ends_in_words_and_the_next_goes_on(
    one: Fleet, wire: Wire, booking_id: str, what: str
) -> None:
    one.start_all()
    card, bot = propose(one.world, booking_id), one.world.bot
    one.sandbox.faults.add("crew_service", "timeout_after", operation="create_event")
    one.world.captain.clicks(card, "approve")
    until_met(one.world)
    before = bot.output().count(LOST)
    if what == "it is reset":
        wire.cut(lambda call: call.holds_a_place)
    else:
        wire.mute(lambda call: call.holds_a_place or what == "nothing says anything")
    until(lambda: not bot.running, "end of the bot")
    assert bot.stop() == 1
    assert bot.output().count(LOST) > before
    one.start_all()
    one.world.said(card, "is set up", timeout=60)
    assert_one_of_each(one.world, booking_id)
    assert_whole_story(one.world, card)


def test_a_charter_that_another_session_holds_waits_and_says_so(
    one: Fleet, database: sa.Engine, booking_id: str
) -> None:
    one.start_all()
    card, bot = propose(one.world, booking_id), one.world.bot
    hold = sa.text("SELECT 1 FROM charters WHERE booking_id = :id FOR UPDATE")
    with database.begin() as other:
        other.execute(hold, {"id": booking_id})
        one.world.captain.clicks(card, "approve")
        waits = {"event": "job_waits", "job": "decide", "booking_id": booking_id}
        bot.wait_for(lambda line: waits.items() <= line.items(), 60)
        assert "Approve" in fresh(one.world, card).buttons
    one.world.said(card, "is set up", timeout=60)
    assert_one_of_each(one.world, booking_id)
    assert_whole_story(one.world, card)
