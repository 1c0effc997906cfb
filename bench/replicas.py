"""Charters a minute with one, two and three replicas on one PostgreSQL server, and with SQLite.

All are approved at once, and counted until the last run has ended in the bot's tables. Effects take
their time, as in `bench.makespan`. Everything shares this machine: the rehearsal of the outside
world as well, so that more replicas than processors cannot help. A ratio compares what was measured
in one go.

    python -m bench.replicas
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import count, product
from pathlib import Path

import sqlalchemy as sa

from bench.makespan import EFFECTS
from bot.domain.charter import State
from bot.store.database import make_engine
from bot.store.tables import charters
from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox, start_sandbox
from tests.postgresql_server import PostgreSQL, postgresql_server
from tests.scenarios.booking_mails import booking_mail

CHARTERS, TIMES = 20, 2
# Cards are posted as fast as a rehearsal's Slack takes them: its rates are none of this.
HURRIED = Path(__file__).parents[1] / "tests" / "scenarios" / "hurried_bot.py"
_WITHIN_SECONDS = 120.0
_FIRST_DAY, _DAYS = date(2031, 1, 6), count()


def main() -> None:
    """Print one row for each number of replicas."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with postgresql_server(root / "postgresql") as server:
            alone = _measured(root / "sqlite", None, 1)
            print(f"SQLite, one bot: {alone:.0f} charters a minute")
            first = 0.0
            for replicas in (1, 2, 3):
                rate = _measured(root / f"r{replicas}", server, replicas)
                first = first or rate
                print(
                    f"PostgreSQL, {replicas} replica(s): {rate:.0f} charters a minute, "
                    f"ratio {rate / first:.2f}"
                )


def _measured(root: Path, server: PostgreSQL | None, replicas: int) -> float:
    """Charters a minute, the median of some batches; the first one warms up and does not count."""
    root.mkdir()
    database_url = server.new_database() if server else None
    settings = {"engine": {"slots": replicas}}
    with ExitStack() as ending:
        sandbox = ending.enter_context(
            start_sandbox(root, rate_scale=1000.0, settings=settings, database_url=database_url)
        )
        for number in range(replicas):
            command = (sys.executable, str(HURRIED), "run")
            bot = BotProcess(sandbox.env, root, name=f"bot-{number}", command=command)
            ending.enter_context(bot).wait_ready(60)
        ids = ("z" + "".join(letters) for letters in product("bcdfgh", repeat=6))
        seconds = [_batch(sandbox, ids) for _ in range(TIMES + 1)][1:]
    return 60 * CHARTERS / statistics.median(seconds)


def _batch(sandbox: Sandbox, ids: Iterator[str]) -> float:
    """Seconds from the first approval to the end of the last run."""
    wanted = [next(ids) for _ in range(CHARTERS)]
    captain = sandbox.slack.as_user("U0CAPTAIN")
    for each in wanted:
        captain.forwards(_mail(each))
    cards = [
        sandbox.slack.wait_for_message(f"Booking: {each.upper()}", timeout=60) for each in wanted
    ]
    sandbox.set_latencies(EFFECTS)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(lambda card: captain.clicks(card, "approve"), cards))
    _wait_until_done(sandbox, wanted, began + _WITHIN_SECONDS)
    took = time.monotonic() - began
    sandbox.clear_latencies()
    return took


def _mail(booking_id: str) -> bytes:
    """A booking on a day of its own: neighbours would have each other's cards drawn again."""
    return booking_mail(booking_id, day=_FIRST_DAY + timedelta(days=3 * next(_DAYS)))


def _wait_until_done(sandbox: Sandbox, wanted: list[str], until: float) -> None:
    engine = make_engine(sandbox.env["CHARTER_DATABASE_URL"])
    query = sa.select(sa.func.count()).where(
        charters.c.booking_id.in_(wanted), charters.c.state == State.DONE
    )
    try:
        while True:
            with engine.connect().execution_options(reading=True) as connection:
                done = connection.scalar(query) or 0
            if done == len(wanted):
                return
            if time.monotonic() > until:
                raise SystemExit(f"only {done} of {len(wanted)} charters were done in time")
            time.sleep(0.05)
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
