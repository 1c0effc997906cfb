"""One file with all that a bot on SQLite knows, taken while it runs; and the way back.

The bot's tables and the engine's are two files. Both are copied as of one instant, so that a
restored bot is one that was killed at that instant: it goes on from there, and whatever it did
later it looks for. What it cannot look for, it asks about: see `bot.store.queries.restores`.
"""

import errno
import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.domain.frozen import Frozen
from bot.slot import SET_UP, FileSlot
from bot.store import schema
from bot.store.database import make_engine
from bot.store.failures import Failure, failure_of, of_unknown_cause
from bot.store.queries import restores
from bot.swap import (
    SwapError,
    broken_off,
    files_of,
    give_to_owner,
    make_folder,
    put_new,
    swap,
    undo,
)

_BOT, _ENGINE, _ABOUT = "charter.db", "charter-engine.db", "about.json"
_BUSY_SECONDS = 30.0
# What reading an archive fails with that is none, is damaged, or, as RuntimeError, is encrypted.
_PRIMARY = 0xFF  # of SQLite's codes, whose other bits say more
_DAMAGE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_OF_THE_COPY = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_CANTOPEN: errno.EACCES}
_NO_BACKUP = zipfile.BadZipFile, zlib.error, EOFError, OverflowError, RuntimeError, ValueError


class BackupError(Exception):
    """It was not done, and everything is as it was, unless its words say otherwise."""


class About(Frozen):
    """What a backup says of itself. `taken_at` is in UTC."""

    taken_at: datetime
    revision: str
    charters: int


class Restored(Frozen):
    """What a restore did. `kept`: the files that it replaced, under their new names."""

    about: About
    kept: tuple[Path, ...]


def backup(url: sa.URL, file: Path, *, now: datetime) -> About:
    """Write the database into `file`, which must not exist; the bot may be running.

    Raises:
        BackupError: there is no such database, or the file cannot be written.
    """
    sources = _files(url)
    if not sources[0].exists():
        raise BackupError(
            f"there is no database at {sources[0].absolute()}: set CHARTER_DATABASE_URL, or go to "
            "the folder where charter run was started"
        )
    if broken_off(url):
        raise BackupError("a restore broke off; start the bot or restore again, then back up")
    if file.exists():
        raise BackupError(f"{file} exists already; give another name")
    try:
        with tempfile.TemporaryDirectory(dir=file.absolute().parent) as folder:
            copies = [Path(folder) / name for name in (_BOT, _ENGINE)]
            with _at_one_instant([each for each in sources if each.exists()]) as snapshots:
                for snapshot, copy in zip(snapshots, copies, strict=False):
                    _copy(snapshot, copy)
            about = _about(copies[0], now)
            packed = Path(folder) / "backup.zip"
            _pack(packed, about, copies)
            put_new(packed, file)
    except OSError as error:  # its own words name a file of ours that is gone by now
        raise BackupError(
            f"{file} could not be written: {_strerror(error)}. Name a file in a folder that is "
            "there, has room, and may be written to by this user"
        ) from error
    except sqlite3.Error as error:
        raise BackupError(f"{file} could not be written: {_of_database(error, url)}") from error
    return about


def restore(url: sa.URL, file: Path, *, now: datetime) -> Restored:
    """Put a backup in the database's place, and the files that are there aside.

    If it breaks off, the next restore or start of the bot puts back what was there.

    Raises:
        BackupError: it is no backup, one of a newer version, or it cannot be put in place.
        AlreadyRunningError: a bot runs on the database.
    """
    targets = _files(url)
    _look_at(file)  # before anything is made or asked for
    make_folder(targets[0].absolute().parent)
    place = FileSlot.beside(url)
    try:
        give_to_owner(Path(f"{targets[0]}.lock"), targets[0])
        undo(url)
        with tempfile.TemporaryDirectory(dir=targets[0].parent) as folder:
            about, copies = _unpacked(file, Path(folder))
            _mark(copies, about, now)
            for copy, target in zip(copies, targets, strict=False):
                _make_ready(copy, target)
            kept = swap(copies, url, stamp=f"{now:%Y%m%dT%H%M%SZ}")
    except SwapError as error:
        raise BackupError(str(error)) from error
    except (OSError, sqlite3.Error, sa.exc.SQLAlchemyError) as error:
        raise BackupError(
            f"the backup could not be restored, and nothing was changed: {_why(error, url)}"
        ) from error
    finally:
        place.release()
    return Restored(about=about, kept=kept)


def mark_restored(url: sa.URL, *, taken_at: datetime, now: datetime) -> None:
    """Have the bot know that its PostgreSQL database was restored from a dump.

    Raises:
        BackupError: replicas are at work, or it is no PostgreSQL database.
    """
    if url.get_backend_name() == "sqlite":
        raise BackupError("--taken-at is for PostgreSQL; of a SQLite database name the backup")
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            _mark_alone(connection, restores.Restore(at=now, taken_at=taken_at))
    finally:
        engine.dispose()


def _mark_alone(connection: sa.Connection, restored: restores.Restore) -> None:
    """Write it down in a transaction that no replica which starts comes before."""
    from bot.engine_questions import unfinished  # noqa: PLC0415 - slow to import, and needed here alone
    from bot.server_slot import holders, keep_until_the_end  # noqa: PLC0415

    # First of all: who took a place before is seen now, and who takes one later waits for the end.
    keep_until_the_end(connection, SET_UP)
    if held := holders(connection):
        raise BackupError(f"replicas are at work ({', '.join(held)}); stop them first")
    if not sa.inspect(connection).has_table("workflow_status", schema="dbos"):
        raise BackupError("the engine's schema, dbos, is missing; dump the whole database")
    jobs = unfinished(connection)
    schema.migrate(connection.engine)
    restores.mark(connection, at=restored.at, taken_at=restored.taken_at, under_way=jobs)


def _files(url: sa.URL) -> tuple[Path, Path]:
    """The bot's file and the engine's."""
    if url.get_backend_name() != "sqlite":
        raise BackupError(
            "the database is PostgreSQL, whose own tools keep both parts of it together: "
            "pg_dump --format=custom; and to go back pg_restore while no replica runs, then "
            "charter restore --taken-at TIME, when it was dumped (docs/replicas.md, Backups)"
        )
    return files_of(url)


@contextmanager
def _at_one_instant(files: Sequence[Path]) -> Iterator[list[sqlite3.Connection]]:
    """Connections that see all files as they were at one instant, whatever is written meanwhile.

    Writers wait for some milliseconds only: until each connection has begun to read.
    """
    with ExitStack() as stack:
        writers, readers = (
            [stack.enter_context(closing(_connected(each))) for each in files] for _ in range(2)
        )
        for writer in writers:
            writer.execute("BEGIN IMMEDIATE")
        for reader in readers:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for writer in writers:
            writer.execute("ROLLBACK")
        yield readers


def _connected(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)


def _copy(snapshot: sqlite3.Connection, copy: Path) -> None:
    try:
        with closing(_connected(copy)) as target:
            snapshot.backup(target)
    except sqlite3.OperationalError as error:
        number = _OF_THE_COPY.get(error.sqlite_errorcode & _PRIMARY)
        if number is None:
            raise
        raise OSError(number, os.strerror(number)) from error


def _about(copy: Path, now: datetime) -> About:
    with closing(_connected(copy)) as database:
        [revision] = database.execute("SELECT version_num FROM alembic_version").fetchone()
        [charters] = database.execute("SELECT count(*) FROM charters").fetchone()
    return About(taken_at=now, revision=revision, charters=charters)


def _pack(file: Path, about: About, copies: Sequence[Path]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_ABOUT, about.model_dump_json(indent=2))
        for copy in copies:
            if copy.exists():
                packed.write(copy, copy.name)
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _unpacked(file: Path, folder: Path) -> tuple[About, list[Path]]:
    """What the backup says of itself, and its files, found to be whole."""
    with _looked_into(file) as (about, packed):
        copies = [Path(packed.extract(name, folder)) for name in _names(packed)]
    for copy in copies:
        if not _whole(copy):
            raise BackupError(f"{file} is damaged: {copy.name} fails SQLite's integrity check")
    return about, copies


def _look_at(file: Path) -> None:
    try:
        with _looked_into(file):
            pass
    except OSError as error:
        raise BackupError(f"{file} cannot be read ({_strerror(error)}); name a backup") from error


@contextmanager
def _looked_into(file: Path) -> Iterator[tuple[About, zipfile.ZipFile]]:
    """The archive, if by its looks it is a backup that this version can restore."""
    no_backup = f"{file} is no backup of charter backup, or a damaged one"
    try:
        with zipfile.ZipFile(file) as packed:
            _names(packed)
            about = About.model_validate(json.loads(packed.read(_ABOUT)))
            if about.revision > schema.HEAD:
                raise BackupError(
                    f"{file} is at revision {about.revision}, which is newer than this version of "
                    "the bot; install that version first"
                )
            yield about, packed
    except FileNotFoundError:
        raise BackupError(f"{file}: no such file; name what charter backup wrote") from None
    except OSError as error:
        if error.errno == errno.EINVAL:  # it names a place before its own beginning
            raise BackupError(no_backup) from None
        raise
    except _NO_BACKUP:
        raise BackupError(no_backup) from None


def _whole(copy: Path) -> bool:
    try:
        with closing(_connected(copy)) as database:
            [verdict] = database.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & _PRIMARY not in _DAMAGE:
            raise
        return False
    return bool(verdict == "ok")


def _why(error: Exception, url: sa.URL) -> object:
    """What a person can do something about; no name of a file that is gone by now."""
    if isinstance(error, OSError):
        where = f", in {files_of(url)[0].absolute().parent}" if error.strerror else ""
        return f"{_strerror(error)}{where}"
    return _of_database(error, url)


def _of_database(error: Exception, url: sa.URL) -> Failure:
    return failure_of(error, url) or of_unknown_cause(error)


def _names(packed: zipfile.ZipFile) -> list[str]:
    """The databases in it, the bot's first; what `charter backup` does not write is a fault."""
    how = {each.filename: each.compress_type for each in packed.infolist()}
    if not {_ABOUT, _BOT} <= how.keys() <= {_ABOUT, _BOT, _ENGINE}:
        raise zipfile.BadZipFile("other files")
    if not {*how.values()} <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise zipfile.BadZipFile("packed in another way")
    return [name for name in (_BOT, _ENGINE) if name in how]


def _mark(copies: Sequence[Path], about: About, now: datetime) -> None:
    """Bring it up to date, and have the bot know at its start that it is not what it was."""
    jobs = _under_way(copies[1]) if len(copies) > 1 else []
    engine = make_engine(f"sqlite:///{copies[0]}")
    try:
        schema.migrate(engine)
        with engine.begin() as connection:
            restores.mark(connection, at=now, taken_at=about.taken_at, under_way=jobs)
    finally:
        engine.dispose()
    for copy in copies:
        with closing(_connected(copy)) as database:
            database.execute("PRAGMA journal_mode=DELETE")  # so that all of it is in the one file


def _under_way(copy: Path) -> list[Mapping[str, Any]]:
    """What the jobs were given that the engine's file says had not ended."""
    from bot.engine_questions import unfinished  # noqa: PLC0415 - slow to import, and needed here alone

    engine = make_engine(f"sqlite:///{copy}")
    try:
        with engine.connect().execution_options(reading=True) as connection:
            return unfinished(connection)
    finally:
        engine.dispose()


def _make_ready(copy: Path, target: Path) -> None:
    """See that it is on disk, and belongs to whom the bot runs as."""
    with copy.open("rb") as written:
        os.fsync(written.fileno())
    give_to_owner(copy, target)


def _strerror(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
