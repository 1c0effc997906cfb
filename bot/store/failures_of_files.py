"""What a SQLite file, its folder or its disk failed of."""

import errno
import os
import sqlite3
from pathlib import Path

import sqlalchemy as sa

from bot.store.database import engine_url
from bot.store.failure import Failure, unknown

_BESIDE = ("", "-wal", "-shm", "-journal", ".lock", ".restoring", ".restoring.new")


def of_sqlite(error: sqlite3.Error, url: sa.URL) -> Failure | None:
    """Of what SQLite says by a code; None if a statement was wrong."""
    file = _file(url)
    name = getattr(error, "sqlite_errorname", "")  # such as SQLITE_IOERR_WRITE
    known = _SQLITE.get("".join(name.split("_")[1:2]))
    if known:
        return known(file)
    if isinstance(error, sqlite3.OperationalError):
        return unknown(f"{name or type(error).__name__} of {file}")
    return None


def _no_database(file: Path) -> Failure:
    return Failure(
        f"{_either(file)} is no SQLite database.",
        "Correct CHARTER_DATABASE_URL; or move the file aside, or restore a backup.",
    )


def _damaged(file: Path) -> Failure:
    return Failure(f"{_either(file)} is damaged.", "Stop the bot, then charter restore a backup.")


def _locked(file: Path) -> Failure:
    return Failure(
        f"Nothing can be written to {file}: another program holds it locked.",
        "End that program. What waits for the bot to write goes on by itself.",
    )


def _failing(file: Path) -> Failure:
    return Failure(
        f"The disk of {file} fails, is full, or is one of a network.",
        "Look into the machine's log (dmesg), and at df; SQLite wants a disk of this machine.",
    )


def _not_opened(file: Path) -> Failure:
    # Not the paths' own methods, which raise for a folder that may not be entered.
    if os.path.isdir(file):  # noqa: PTH112
        return _no_file(file)
    if not os.path.isdir(file.parent):  # noqa: PTH112
        return _no_folder(file)
    return _no_entry(file)


def of_place(error: OSError, url: sa.URL) -> Failure | None:
    """Of what a file system refuses: nothing, unless it is about the database's file or folder."""
    if url.get_backend_name() != "sqlite" or error.filename is None:
        return None
    file, named = _file(url), Path(os.fsdecode(error.filename)).absolute()
    if named not in {*file.parents, *_ours(file)}:
        return None
    known = _SYSTEM.get(error.errno or 0)
    return known(file) if known else unknown(f"{error.strerror} of {named}")


def _ours(file: Path) -> set[Path]:
    """The two databases, and what the bot and SQLite keep beside them."""
    return {Path(f"{each}{beside}") for each in (file, _engine(file)) for beside in _BESIDE}


def _no_entry(file: Path) -> Failure:
    return Failure(
        f"{file}, or its folder, cannot be written to by this user.",
        "Run the command as the bot's user, or give both to this one (chown). On a disk that is "
        "mounted read-only, mount it for writing.",
    )


def _no_folder(file: Path) -> Failure:
    return Failure(
        f"The folder of {file} is not there and cannot be made.",
        "Correct CHARTER_DATABASE_URL; an absolute path has four slashes, as in sqlite:////data/x.db.",
    )


def _no_file(file: Path) -> Failure:
    return Failure(
        f"{file} is a folder.", "Have CHARTER_DATABASE_URL name a file in it, such as charter.db."
    )


def _full(file: Path) -> Failure:
    return Failure(
        f"No space left on the disk of {file}.",
        "Make room. What waits for the bot to write goes on by itself.",
    )


def _either(file: Path) -> str:
    """The bot's file, or the engine's: the driver does not say which."""
    return f"{file}, or {_engine(file).name} beside it,"


def _engine(file: Path) -> Path:
    return Path(engine_url(sa.make_url("sqlite://").set(database=str(file))).database or "")


def _file(url: sa.URL) -> Path:
    return Path(url.database or "").absolute()


_SQLITE = {
    "NOTADB": _no_database,
    "CORRUPT": _damaged,
    "FULL": _full,
    "BUSY": _locked,
    "LOCKED": _locked,
    "READONLY": _no_entry,
    "PERM": _no_entry,
    "CANTOPEN": _not_opened,
    "IOERR": _failing,
}
_SYSTEM = {
    errno.EACCES: _no_entry,
    errno.EPERM: _no_entry,
    errno.EROFS: _no_entry,
    errno.ENOSPC: _full,
    errno.EDQUOT: _full,
    errno.EISDIR: _no_file,
    errno.ENOENT: _no_folder,
    errno.ENOTDIR: _no_folder,
    errno.EEXIST: _no_folder,
}
