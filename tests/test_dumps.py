"""The way back on PostgreSQL as docs/replicas.md gives it: its lines, run with real programs."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.engine import Engine
from bot.server_slot import ServerSlot
from bot.store import schema
from bot.store.database import make_engine
from bot.store.queries import follow_ups, mails, restores
from bot.views.press import RESEND
from tests.postgresql_server import PostgreSQL, postgresql_server

NOW = datetime(2026, 5, 30, 12, tzinfo=UTC)
BACKUPS = Path(__file__).parents[1].joinpath("docs/replicas.md").read_text("utf-8")
BACKUPS = BACKUPS.partition("## Backups\n")[2]
[DUMP] = re.findall(r"`(pg_dump [^`]+)`", BACKUPS)
[LINES] = re.findall(r"```sh\n(.*?)```", BACKUPS, re.DOTALL)
STOP, *BACK, START = LINES.splitlines()
CLICK = {"key": "click:1", "action": RESEND, "booking_id": "xhqgmdh", "user": "U0CAPTAIN"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as server:
        server.run("CREATE ROLE charter LOGIN")
        yield server


@pytest.fixture
def url(server: PostgreSQL) -> sa.URL:
    """The database that the lines name, empty, as the bot's to whom it belongs."""
    for name in ("charter", "charter_before"):
        server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.run("CREATE DATABASE charter OWNER charter")
    return server.url("charter").set(username="charter")


@pytest.fixture
def bot(url: sa.URL) -> Iterator[sa.Engine]:
    """The bot's connections."""
    engine = make_engine(url)
    yield engine
    engine.dispose()


def type_in(line: str, server: PostgreSQL, folder: Path) -> "subprocess.CompletedProcess[str]":
    """What came of a line that an administrator types in that folder."""
    surroundings = server.surroundings()
    path = os.pathsep.join((str(Path(sys.executable).parent), surroundings["PATH"]))
    database = server.url("charter").set(username="charter").render_as_string(hide_password=False)
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=folder,
        env={**surroundings, "PATH": path, "CHARTER_DATABASE_URL": database},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def accept_a_click(url: sa.URL) -> None:
    """As a bot does that ends before it comes to it."""

    async def work(_payload: object) -> None:
        raise AssertionError("not in this test")

    bot = Engine(str(url))
    bot.register("follow_up", work)
    await bot.hold()
    await bot.launch()
    bot._closing = True
    await bot.submit("follow_up", CLICK["key"], CLICK)
    await bot.close()


def revert_the_engine(bot: sa.Engine) -> None:
    """To a version that kept what jobs were given with their status."""
    with bot.begin() as connection:
        for change in (
            "UPDATE dbos.workflow_status SET inputs = kept.inputs FROM dbos.workflow_input AS kept",
            "DROP TABLE dbos.workflow_input",
            "ALTER TABLE dbos.workflow_status DROP COLUMN debounce_deadline_epoch_ms",
        ):
            connection.execute(sa.text(change))


def listings(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return [listing for listing, _ in mails.remembered(connection)]


def learn(engine: sa.Engine, listing: str) -> None:
    with engine.begin() as connection:
        mails.remember_boat(connection, listing, "JADA", user="U0CAPTAIN", at=NOW)


def test_the_replicas_are_stopped_before_and_started_after() -> None:
    assert STOP.startswith("systemctl stop")
    assert START.startswith("systemctl start")


async def test_a_dump_from_before_an_upgrade_takes_the_place_of_what_is_there(
    server: PostgreSQL, url: sa.URL, bot: sa.Engine, tmp_path: Path
) -> None:
    """Its tables and the engine's are fewer than those that are there now."""
    schema.migrate(bot)
    await accept_a_click(url)
    learn(bot, "before")
    schema.revert(bot, "0001")
    revert_the_engine(bot)
    assert type_in(DUMP, server, tmp_path).returncode == 0
    schema.migrate(bot)
    learn(bot, "since")
    with bot.begin() as connection:
        connection.execute(sa.text("CREATE TABLE dbos.newer (id int)"))
    bot.dispose()

    for line in BACK:
        done = type_in(line, server, tmp_path)
        assert done.returncode == 0, (line, done.stderr)
    assert schema.current(bot) == schema.HEAD
    assert listings(bot) == ["before"]
    with bot.connect() as connection:
        restored = restores.latest(connection)
        click = follow_ups.get(connection, CLICK["key"])
    assert restored is not None
    assert f"{restored.taken_at:%Y-%m-%dT%H:%M:%SZ}" in BACK[-1]
    assert click is not None
    assert click.outcome == follow_ups.SENDING  # it may have been done since the dump
    kept = make_engine(url.set(database="charter_before"))
    assert listings(kept) == ["before", "since"]
    kept.dispose()


async def test_a_replica_that_runs_is_not_restored_under(
    server: PostgreSQL, url: sa.URL, bot: sa.Engine, tmp_path: Path
) -> None:
    schema.migrate(bot)
    learn(bot, "before")
    assert type_in(DUMP, server, tmp_path).returncode == 0
    bot.dispose()
    replica = ServerSlot(url)
    await replica.wait(1)
    refused = type_in(BACK[0], server, tmp_path)
    assert (refused.returncode == 0, "accessed by other users" in refused.stderr) == (False, True)
    assert listings(bot) == ["before"]
    replica.release()


async def test_half_a_dump_is_nothing_and_is_not_called_a_restored_database(
    server: PostgreSQL, url: sa.URL, bot: sa.Engine, tmp_path: Path
) -> None:
    schema.migrate(bot)
    await accept_a_click(url)
    assert type_in(DUMP, server, tmp_path).returncode == 0
    dump = tmp_path / "charter.dump"
    dump.write_bytes(dump.read_bytes()[:-100])
    bot.dispose()

    *there, restored, marked = (type_in(line, server, tmp_path) for line in BACK)
    assert [each.returncode for each in there] == [0] * len(there)
    assert restored.returncode != 0
    assert sa.inspect(bot).get_table_names() == []
    assert (marked.returncode, "dbos, is missing" in marked.stderr) == (1, True)
