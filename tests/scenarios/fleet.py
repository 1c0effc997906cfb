"""Several replicas of the bot on one PostgreSQL server, in one rehearsal."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from outcomes import replies
from scenario_world import World

from bot.store.database import make_engine
from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox, start_sandbox
from sandbox.slack.seen import Message
from tests.postgresql_server import PostgreSQL

HURRIED = (sys.executable, str(Path(__file__).with_name("hurried_bot.py")), "run")
SLOTS = 3


@dataclass
class Fleet:
    """`bots` by name; each holds a slot, or is a spare. Nobody starts one again but the test."""

    sandbox: Sandbox
    server: PostgreSQL
    bots: dict[str, BotProcess]

    @property
    def world(self) -> World:
        return World(self.sandbox, next(iter(self.bots.values())))

    def start_all(self, *names: str) -> None:
        """Have these run and be ready, or wait as a spare."""
        ended = [self.bots[name] for name in names or self.bots if not self.bots[name].running]
        for bot in ended:
            bot.start()
        for bot in ended:
            bot.wait_for(lambda line: line.get("event") in {"ready", "spare_waits"}, 60)

    def at_work(self) -> dict[str, str]:
        """Which slot each replica that is ready holds, by the replica's name."""
        last = {name: _last_said(bot) for name, bot in self.bots.items() if bot.running}
        return {name: line["slot"] for name, line in last.items() if line["event"] == "ready"}

    def spare(self) -> str:
        """The one that waits."""
        return next(n for n, bot in self.bots.items() if bot.running and n not in self.at_work())

    def runner_of(self, booking_id: str) -> str:
        """The replica that works on a charter's run, by what it logged of its own calls."""
        slot = self.asked(
            "SELECT executor_id FROM dbos.workflow_status WHERE workflow_uuid = :key",
            key=f"charter:{booking_id}:v1",
        )[0][0]
        return next(name for name, held in self.at_work().items() if held == slot)

    def asked(self, query: str, **values: Any) -> list[Any]:
        """Rows of the bots' database."""
        engine = make_engine(self.sandbox.env["CHARTER_DATABASE_URL"])
        try:
            with engine.connect() as connection:
                return list(connection.execute(sa.text(query), values))
        finally:
            engine.dispose()

    def step(self, booking_id: str, name: str) -> str | None:
        """How a step stands."""
        query = "SELECT state FROM steps WHERE booking_id = :id AND name = :name"
        return next((state for (state,) in self.asked(query, id=booking_id, name=name)), None)

    def says(self, card: Message, text: str) -> None:
        """Wait until a charter's thread says so."""
        self.world.slack.wait_until(
            lambda _: any(text in reply.plain for reply in replies(self.world, card)),
            60.0,
            f"reply with {text!r}",
        )

    def took_part(self, booking_id: str) -> Counter[str]:
        """How many calls about a booking each replica logged."""
        return Counter(
            {
                name: sum(line.get("booking_id") == booking_id for line in bot.logs())
                for name, bot in self.bots.items()
            }
        )


@contextmanager
def fleet(
    root: Path,
    server: PostgreSQL,
    *,
    names: tuple[str, ...] = ("one", "two", "three", "spare"),
    slots: int = SLOTS,
    rate_scale: float = 50.0,
    command: tuple[str, ...] = HURRIED,
) -> Iterator[Fleet]:
    """A rehearsal, and replicas that are not started yet; they end with the block."""
    settings = {"engine": {"slots": slots}}
    with ExitStack() as ending:
        sandbox = ending.enter_context(
            start_sandbox(
                root,
                rate_scale=rate_scale,
                retry_scale=0.02,
                settings=settings,
                database_url=server.new_database(),
            )
        )
        bots = {n: BotProcess(sandbox.env, root, name=n, command=command) for n in names}
        for bot in bots.values():
            ending.callback(bot.stop)
        yield Fleet(sandbox, server, bots)


def _last_said(bot: BotProcess) -> dict[str, Any]:
    said = [line for line in bot.logs() if line.get("event") in {"ready", "spare_waits"}]
    return said[-1] if said else {"event": "nothing yet"}
