"""Backups of both files at one instant, and restores that refuse what they must."""

import asyncio
import errno
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa
from dbos import DBOSPortableJSONSerializer
from dbos._migration import sqlite_migration_hundrednine, sqlite_migrations

from bot import backup as backups
from bot import swap as swaps
from bot.backup import BackupError, backup, restore
from bot.cli_backup import mark
from bot.engine import APPLICATION_VERSION, Engine
from bot.slot import AlreadyRunningError, FileSlot
from bot.store import schema
from bot.store.database import make_engine
from bot.store.queries import follow_ups, restores
from bot.views.press import RESEND

NOW = datetime(2026, 5, 30, 12, tzinfo=UTC)
LATER = datetime(2026, 5, 31, 9, tzinfo=UTC)
CLICK = {"key": "click:1", "action": RESEND, "booking_id": "xhqgmdh", "user": "U0CAPTAIN"}


@pytest.fixture
def url(tmp_path: Path) -> sa.URL:
    """A database as a bot leaves it, with an engine's file that counts to one."""
    url = sa.make_url(f"sqlite:///{tmp_path}/var/charter.db")
    engine = make_engine(url)
    schema.migrate(engine)
    engine.dispose()
    return url


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(query).fetchall()


def write(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute(statement)


def test_both_files_are_of_one_instant_although_somebody_writes(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes into both when the first is being read already, and the second is not yet."""
    files = bot, engine = tmp_path / "var/charter.db", tmp_path / "var/charter-engine.db"
    for file in files:
        write(file, "PRAGMA journal_mode=WAL")
        write(file, "CREATE TABLE counted (n INTEGER)")
    connect, refused = backups._connected, []

    def intrude(statement: str) -> None:
        if statement != "BEGIN" or refused:
            return
        for file in files:
            with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as database:
                try:
                    database.execute("INSERT INTO counted VALUES (1)")
                except sqlite3.OperationalError as error:
                    refused.append(str(error))

    def watched(file: Path) -> sqlite3.Connection:
        connection = connect(file)
        if file == engine:
            connection.set_trace_callback(intrude)
        return connection

    monkeypatch.setattr(backups, "_connected", watched)
    backup(url, tmp_path / "copy.zip", now=NOW)
    with zipfile.ZipFile(tmp_path / "copy.zip") as packed:
        packed.extractall(tmp_path / "copy")
    counted = "SELECT count(*) FROM counted"
    assert [rows(tmp_path / "copy" / file.name, counted) for file in files] == [[(0,)], [(0,)]]
    assert refused == ["database is locked"] * 2
    write(bot, "INSERT INTO counted VALUES (2)")  # and afterwards they can


def test_a_restore_puts_back_what_was_and_keeps_what_is(url: sa.URL, tmp_path: Path) -> None:
    file, database = tmp_path / "copy.zip", tmp_path / "var/charter.db"
    assert backup(url, file, now=NOW).charters == 0
    write(database, "INSERT INTO listings VALUES ('a boat', 'JADA', 'U0CAPTAIN', '2026-05-30')")
    done = restore(url, file, now=LATER)
    [kept] = done.kept
    assert rows(kept, "SELECT listing FROM listings") == [("a boat",)]
    assert rows(database, "SELECT listing FROM listings") == []
    engine = make_engine(url)
    with engine.connect() as connection:
        assert restores.latest(connection) == restores.Restore(at=LATER, taken_at=NOW)
    engine.dispose()


def test_a_restore_onto_a_full_disk_changes_nothing_and_says_so(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, database = tmp_path / "copy.zip", tmp_path / "var/charter.db"
    backup(url, file, now=NOW)
    write(database, "INSERT INTO listings VALUES ('a boat', 'JADA', 'U0CAPTAIN', '2026-05-30')")
    replace = os.replace

    def full(one: Path, other: Path) -> None:
        if Path(other) == database and Path(one).name == "charter.db":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(one, other)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(BackupError, match=r"nothing was changed: .*No space left"):
            restore(url, file, now=LATER)
    assert rows(database, "SELECT listing FROM listings") == [("a boat",)]
    assert not list(database.parent.glob("*-replaced-*"))


def test_after_a_restore_that_was_killed_another_one_puts_all_back_first(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, database = tmp_path / "copy.zip", tmp_path / "var/charter.db"
    backup(url, file, now=NOW)
    write(database, "INSERT INTO listings VALUES ('a boat', 'JADA', 'U0CAPTAIN', '2026-05-30')")
    with monkeypatch.context() as patched:
        patched.setattr(swaps, "_settle", lambda _: None)  # all but the last word of it
        restore(url, file, now=NOW)
    with pytest.raises(BackupError, match="a restore broke off"):
        backup(url, tmp_path / "other.zip", now=LATER)
    [kept] = restore(url, file, now=LATER).kept
    assert rows(kept, "SELECT listing FROM listings") == [("a boat",)]
    assert [each.name for each in database.parent.glob("*-replaced-*")] == [kept.name]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("there", [True, False], ids=["a database", "an empty machine"])
def test_what_root_restores_belongs_to_the_bot(url: sa.URL, tmp_path: Path, there: bool) -> None:
    """Whoever the replaced files belong to; else whoever the folder belongs to."""
    file, bot = tmp_path / "copy.zip", 10001
    write(tmp_path / "var/charter-engine.db", "CREATE TABLE counted (n INTEGER)")
    backup(url, file, now=NOW)
    if not there:
        url = sa.make_url(f"sqlite:///{tmp_path}/data/var/charter.db")
        (tmp_path / "data").mkdir()
    place = Path(url.database or "").parent
    for each in (place, *place.iterdir()) if there else (tmp_path / "data",):
        os.chown(each, bot, bot)
    restore(url, file, now=LATER)
    owners = {each.name: (each.stat().st_uid, each.stat().st_gid) for each in place.iterdir()}
    assert owners.keys() >= {"charter.db", "charter-engine.db", "charter.db.lock"}
    assert {*owners.values(), (place.stat().st_uid, place.stat().st_gid)} == {(bot, bot)}


def test_whoever_is_not_root_gives_nothing_away(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, given = tmp_path / "copy.zip", []
    backup(url, file, now=NOW)
    monkeypatch.setattr(os, "chown", lambda path, *_, **__: given.append(Path(path).name))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    restore(url, file, now=LATER)
    assert given == []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    restore(url, file, now=LATER.replace(hour=10))
    assert given == ["charter.db.lock", "charter.db", "charter.db.restoring.new"]


def test_nothing_is_written_over(url: sa.URL, tmp_path: Path) -> None:
    file = tmp_path / "copy.zip"
    file.write_text("mine")
    with pytest.raises(BackupError, match="exists already"):
        backup(url, file, now=NOW)
    assert file.read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy.zip", "var"]


def no_links(*_: object) -> None:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_backup_goes_onto_a_stick_that_knows_no_links(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_links)
    backup(url, tmp_path / "copy.zip", now=NOW)
    assert restore(url, tmp_path / "copy.zip", now=LATER).about.taken_at == NOW


def test_a_stick_that_is_full_keeps_no_half_backup(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfileobj

    def half(source: IO[bytes], target: IO[bytes], *length: int) -> None:
        if length:  # as zipfile asks
            copy(source, target, *length)
            return
        target.write(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(shutil, "copyfileobj", half)
    with pytest.raises(BackupError, match="No space left"):
        backup(url, tmp_path / "copy.zip", now=NOW)
    assert [each.name for each in tmp_path.iterdir()] == ["var"]


def test_a_bot_that_runs_is_not_restored_over(url: sa.URL, tmp_path: Path) -> None:
    file = tmp_path / "copy.zip"
    backup(url, file, now=NOW)
    place = FileSlot.beside(url)
    with pytest.raises(
        AlreadyRunningError, match=r"another charter bot .* runs on .*; stop it first$"
    ):
        restore(url, file, now=LATER)
    place.release()
    assert restore(url, file, now=LATER).about.taken_at == NOW


def test_the_file_is_looked_at_before_anything_is_asked_for_or_made(
    url: sa.URL, tmp_path: Path
) -> None:
    place = FileSlot.beside(url)
    with pytest.raises(BackupError, match=r"nope\.zip: no such file"):
        restore(url, tmp_path / "nope.zip", now=LATER)
    place.release()
    elsewhere = sa.make_url(f"sqlite:///{tmp_path}/new/charter.db")
    with pytest.raises(BackupError, match=r"var cannot be read \(Is a directory\)"):
        restore(elsewhere, tmp_path / "var", now=LATER)
    assert not (tmp_path / "new").exists()


def test_a_backup_that_cannot_be_written_names_the_file_that_was_asked_for(
    url: sa.URL, tmp_path: Path
) -> None:
    with pytest.raises(BackupError) as caught:
        backup(url, tmp_path / "nope/copy.zip", now=NOW)
    assert str(caught.value) == (
        f"{tmp_path}/nope/copy.zip could not be written: No such file or directory. Name a file in "
        "a folder that is there, has room, and may be written to by this user"
    )


def test_a_backup_of_what_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "charter.db").write_text("no database" * 100)
    url = sa.make_url(f"sqlite:///{tmp_path}/charter.db")
    with pytest.raises(BackupError, match=r"charter-engine\.db beside it, is no SQLite database\."):
        backup(url, tmp_path / "copy.zip", now=NOW)


def test_a_full_disk_of_the_backup_is_not_called_the_databases(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = backups._connected

    def full(file: Path) -> sqlite3.Connection:
        connection = connect(file)
        if file.parent != tmp_path / "var":
            connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr(backups, "_connected", full)
    with pytest.raises(BackupError, match=r"copy\.zip could not be written: No space left"):
        backup(url, tmp_path / "copy.zip", now=NOW)


def test_a_backup_whose_place_cannot_be_opened_is_not_called_the_database(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = backups._connected

    def closed(file: Path) -> sqlite3.Connection:
        there = file.parent == tmp_path / "var"
        return connect(file if there else tmp_path / "nowhere" / file.name)

    monkeypatch.setattr(backups, "_connected", closed)
    with pytest.raises(BackupError, match=r"copy\.zip could not be written: Permission denied"):
        backup(url, tmp_path / "copy.zip", now=NOW)


def test_what_an_earlier_restore_kept_is_named(url: sa.URL, tmp_path: Path) -> None:
    backup(url, tmp_path / "copy.zip", now=NOW)
    kept = tmp_path / "var" / f"charter-replaced-{LATER:%Y%m%dT%H%M%SZ}.db"
    kept.write_text("mine")
    with pytest.raises(BackupError, match=rf"nothing was changed: .*{kept.name} exists already$"):
        restore(url, tmp_path / "copy.zip", now=LATER)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SQLITE_IOERR_READ", r"nothing was changed: The disk of .* fails, is full"),
        ("SQLITE_CORRUPT_INDEX", r"is damaged: charter\.db fails SQLite's integrity check"),
    ],
)
def test_a_disk_that_fails_is_not_called_a_damaged_backup(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    file = tmp_path / "copy.zip"
    backup(url, file, now=NOW)

    def fails(_file: Path) -> sqlite3.Connection:
        error = sqlite3.DatabaseError("a code of SQLite's")
        error.sqlite_errorname, error.sqlite_errorcode = name, getattr(sqlite3, name)
        raise error

    monkeypatch.setattr(backups, "_connected", fails)
    with pytest.raises(BackupError, match=said):
        restore(url, file, now=LATER)


def test_on_postgresql_the_whole_way_back_is_named(tmp_path: Path) -> None:
    url = sa.make_url("postgresql://db/charter")
    with pytest.raises(BackupError, match=r"pg_restore .* charter restore --taken-at TIME"):
        restore(url, tmp_path / "copy.zip", now=NOW)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no archive", "is no backup of charter backup"),
        (b"", "is no backup of charter backup"),
        (None, "no such file"),
    ],
    ids=["something else", "empty", "missing"],
)
def test_what_is_no_backup_changes_nothing(
    url: sa.URL, tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "copy.zip"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BackupError, match=words):
        restore(url, file, now=LATER)
    assert rows(tmp_path / "var/charter.db", "SELECT count(*) FROM audit") == [(0,)]


def test_a_damaged_backup_and_one_of_a_newer_version_are_refused(
    url: sa.URL, tmp_path: Path
) -> None:
    file = tmp_path / "copy.zip"
    backup(url, file, now=NOW)
    with zipfile.ZipFile(file) as packed:
        about, database = json.loads(packed.read("about.json")), packed.read("charter.db")
    middle = len(database) // 2
    cases = {
        "newer than this version": (about | {"revision": "9999"}, database),
        "integrity_check|is damaged|malformed|could not be restored": (
            about,
            database[:middle] + b"\xff" * 4096 + database[middle + 4096 :],
        ),
    }
    for words, (told, content) in cases.items():
        other = tmp_path / "other.zip"
        with zipfile.ZipFile(other, "w") as packed:
            packed.writestr("about.json", json.dumps(told))
            packed.writestr("charter.db", content)
        with pytest.raises(BackupError, match=words):
            restore(url, other, now=LATER)
    assert rows(tmp_path / "var/charter.db", "SELECT count(*) FROM audit") == [(0,)]


# In what an archive says at its end of each of its files: signature, versions, then these.
_ENTRY, _FLAGS, _METHOD, _PLACE, _NAME = b"PK\1\2", 8, 10, 42, 46
_END, _BEGINS = b"PK\5\6", 16


def of_the_database(whole: bytes, at: int, value: bytes) -> bytes:
    entry = whole.index(b"charter.db", whole.index(_ENTRY)) - _NAME
    assert whole[entry:].startswith(_ENTRY)
    return whole[: entry + at] + value + whole[entry + at + len(value) :]


def stream_broken(whole: bytes) -> bytes:
    begins = whole.index(b"charter.db") + len("charter.db")
    return whole[:begins] + b"\xff" * 8 + whole[begins + 8 :]


def another_name(whole: bytes) -> bytes:
    return whole.replace(b"charter.db", b"charter.xx")


def begins_too_late(whole: bytes) -> bytes:
    at = whole.index(_END) + _BEGINS
    return whole[:at] + b"\xff\xff\xff\x7f" + whole[at + 4 :]


@pytest.mark.parametrize(
    "damage",
    [
        stream_broken,
        another_name,
        begins_too_late,
        lambda whole: of_the_database(whole, _FLAGS, b"\x01"),
        lambda whole: of_the_database(whole, _METHOD, b"\x63"),
        lambda whole: of_the_database(whole, _METHOD, b"\x0c"),
        lambda whole: of_the_database(whole, _METHOD, b"\x0e"),
        lambda whole: of_the_database(whole, _PLACE, b"\xff\xff\xff\x7f"),
    ],
    ids=[
        "the stream is broken",
        "the database has another name",
        "it begins before its beginning",
        "encrypted",
        "packed as nobody does",
        "packed as bzip2",
        "packed as LZMA",
        "the database is behind its end",
    ],
)
def test_a_backup_of_which_a_few_bytes_are_wrong_is_called_damaged(
    url: sa.URL, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    backup(url, tmp_path / "copy.zip", now=NOW)
    file = tmp_path / "damaged.zip"
    file.write_bytes(damage((tmp_path / "copy.zip").read_bytes()))
    with pytest.raises(BackupError, match="or a damaged one"):
        restore(url, file, now=LATER)
    assert rows(tmp_path / "var/charter.db", "SELECT count(*) FROM audit") == [(0,)]


def test_postgresql_is_left_to_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="pg_dump"):
        backup(sa.make_url("postgresql://db/charter"), tmp_path / "copy.zip", now=NOW)


def test_a_dump_was_not_taken_in_the_future() -> None:
    environ = {"CHARTER_DATABASE_URL": "postgresql://127.0.0.1:1/charter"}
    words = r"^2026-05-30T14:00:01\+02:00 is still to come: it is 2026-05-30T12:00:00Z now$"
    with pytest.raises(BackupError, match=words):
        mark(environ, "2026-05-30T14:00:01+02:00", now=NOW)
    with pytest.raises(sa.exc.OperationalError):  # it goes on to the server
        mark(environ, "2026-05-30T14:00:00+02:00", now=NOW)


async def test_links_that_were_about_to_be_mailed_are_not_mailed_again_by_themselves(
    url: sa.URL, tmp_path: Path
) -> None:
    """The job had not begun at the backup, and may have ended since."""
    bot = Engine(str(url))

    async def work(_payload: object) -> None:
        raise AssertionError("not in this test")

    bot.register("follow_up", work)
    await bot.hold()
    await bot.launch()
    bot._closing = True  # it is accepted, and this process does not come to it
    await bot.submit("follow_up", "click:1", CLICK)
    await bot.close()
    file = tmp_path / "copy.zip"
    backup(url, file, now=NOW)
    restore(url, file, now=LATER)
    assert doubted(url)


def doubted(url: sa.URL) -> bool:
    """Whether the click may have been worked on since the backup, as far as the bot knows."""
    engine = make_engine(url)
    with engine.connect() as connection:
        work = follow_ups.get(connection, "click:1")
    engine.dispose()
    return work is not None and (work.outcome, work.started_at) == (follow_ups.SENDING, NOW)


async def test_a_backup_from_before_an_upgrade_of_the_engine_is_restored_and_goes_on(
    url: sa.URL, tmp_path: Path
) -> None:
    before_the_upgrade(tmp_path / "var/charter-engine.db")
    backup(url, tmp_path / "copy.zip", now=NOW)
    restore(url, tmp_path / "copy.zip", now=LATER)
    assert doubted(url)
    bot, done = Engine(str(url)), asyncio.Event()
    given: list[object] = []

    async def work(payload: object) -> None:
        given.append(payload)
        done.set()

    bot.register("follow_up", work)
    await bot.hold()
    await bot.launch()
    async with asyncio.timeout(20):
        await done.wait()
    await bot.close(patience_seconds=5)
    assert given == [CLICK]


def before_the_upgrade(file: Path) -> None:
    """An engine's file as a version of it left it that had no table for what jobs were given."""
    before = sqlite_migrations.index(sqlite_migration_hundrednine)
    row = {
        "workflow_uuid": "click:1",
        "status": "PENDING",
        "name": "job",
        "executor_id": "slot-0",
        "application_version": APPLICATION_VERSION,
        "created_at": 1,
        "updated_at": 1,
        "priority": 0,
        "recovery_attempts": 1,
        "inputs": json.dumps({"positionalArgs": ["follow_up", CLICK], "namedArgs": {}}),
        "serialization": DBOSPortableJSONSerializer().name(),
    }
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.executescript(";".join(sqlite_migrations[:before]))
        database.execute("CREATE TABLE dbos_migrations (version INTEGER NOT NULL PRIMARY KEY)")
        database.execute("INSERT INTO dbos_migrations VALUES (?)", [before])
        names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        database.execute(f"INSERT INTO workflow_status ({names}) VALUES ({places})", row)
