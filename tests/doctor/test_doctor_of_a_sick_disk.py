"""What the doctor says of a SQLite file that cannot be written to."""

import errno
import os
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from doctor_world import Healthy, world_of

from bot.doctor import Check, Level, examine
from bot.doctor import database as doctors_database
from bot.store import database as connections
from bot.store import schema


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "charter.db"
    engine = connections.make_engine(f"sqlite:///{file}")
    schema.migrate(engine)
    engine.dispose()
    return file


async def _database(folder: Path) -> Check:
    checks = await examine(world_of(Healthy(), folder))
    return next(check for check in checks if check.name == "Database")


async def test_a_full_disk_is_named_with_what_is_left(file, monkeypatch):
    assert (await _database(file.parent)).level is Level.OK
    full = SimpleNamespace(free=3_400_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: full if folder == file.parent else 0)
    check = await _database(file.parent)
    assert check.level is Level.FAIL
    assert check.what == "Its disk is full: 3 MB are free."
    assert check.hint.startswith("Make room.")


async def test_a_folder_that_may_not_be_looked_into_is_named(file, monkeypatch):
    def closed(_url):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), f"{file}.restoring")

    monkeypatch.setattr(doctors_database, "broken_off", closed)
    check = await _database(file.parent)
    assert check.level is Level.FAIL
    assert check.what == f"{file}, or its folder, cannot be written to by this user."
    assert check.hint.startswith("Run the command as the bot's user")


async def test_what_is_no_database_is_called_that(tmp_path):
    (tmp_path / "charter.db").write_text("no database" * 100)
    check = await _database(tmp_path)
    assert check.level is Level.FAIL
    assert check.what.endswith("charter-engine.db beside it, is no SQLite database.")


async def test_a_file_that_another_holds_is_called_locked(file, monkeypatch):
    monkeypatch.setattr(connections, "_BUSY_MILLISECONDS", 1)
    other = sqlite3.connect(file, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        check = await _database(file.parent)
    finally:
        other.close()
    assert check.level is Level.FAIL
    assert "holds it locked" in check.what
    assert (await _database(file.parent)).level is Level.OK
