"""Why a database failed, as far as its driver tells: in words, with what to do next.

A server that refuses a connection gives no code, only words, which are English unless its
`lc_messages` says otherwise. Words that are not known here are repeated, without the password.
"""

import errno
import os
import re
import sqlite3
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.store.database import engine_url


class Failure(NamedTuple):
    """Two sentences for a person: what failed, and what to do about it."""

    what: str
    hint: str

    def __str__(self) -> str:
        return f"{self.what} {self.hint}"


_LET_GO = (
    "the database system is |terminating connection|server closed the connection|"
    "SSL connection has been closed|connection is closed"
)
_AWAY = (
    "(?P<why>Connection refused|timeout expired|No route to host|Network is unreachable|"
    "Connection reset by peer|Connection timed out|No such file or directory|Permission denied)"
)
# What a server's or its client's words match, what that means, and what is to be done.
_POSTGRESQL = (
    (
        r'database "(?P<name>.+)" does not exist',
        "There is no database {name} on the server at {place}.",
        "Make it there (createdb --owner {user} {name}), or correct CHARTER_DATABASE_URL.",
    ),
    (
        r'role "(?P<user>.+)" does not exist',
        "The server at {place} knows no user {user}.",
        "Make it there (createuser --pwprompt {user}), or correct CHARTER_DATABASE_URL.",
    ),
    (
        r'password authentication failed for user "(?P<user>.+)"',
        "The server at {place} refused the password of user {user}.",
        "Correct it in CHARTER_DATABASE_URL, where @ is written %40, : %3A, / %2F and % %25.",
    ),
    (
        "no password supplied",
        "The server at {place} asks for a password of user {user}.",
        "Write it into CHARTER_DATABASE_URL: postgresql://USER:PASSWORD@HOST/NAME.",
    ),
    (
        r'(?P<way>\w+) authentication failed for user "(?P<user>.+)"',
        "The server at {place} did not let user {user} in ({way} authentication failed).",
        "Correct the user in CHARTER_DATABASE_URL, or the server's pg_hba.conf.",
    ),
    (
        r"no pg_hba\.conf entry|pg_hba\.conf rejects",
        "The server at {place} lets nobody in from this machine as user {user} (pg_hba.conf).",
        "Add a line for it to the server's pg_hba.conf, then have it reloaded (pg_ctl reload).",
    ),
    (
        r'too many connections for (?P<whose>(role|database) ".+")',
        "The server at {place} allows no more connections for {whose}.",
        "End what needs none, or ALTER {whose} CONNECTION LIMIT; a replica opens up to 26.",
    ),
    (
        "too many (connections|clients)|connection slots are reserved",
        "The server at {place} has no connection left: there are too many.",
        "End what needs none, or set max_connections higher; a replica opens up to 26.",
    ),
    (
        r'permission denied for database "(?P<name>.+)"',
        "User {user} may not connect to the database {name} at {place}.",
        "Give it to the user: ALTER DATABASE {name} OWNER TO {user}.",
    ),
    (
        r"permission denied for|must be owner of",
        "User {user} may not make or read the tables of the database {name} at {place}.",
        "Give the database to the user: ALTER DATABASE {name} OWNER TO {user}.",
    ),
    (
        "in a read-only transaction",
        "The server at {place} lets nothing be written, as a standby does.",
        "Name the primary server in CHARTER_DATABASE_URL.",
    ),
    (
        "No space left on device",
        "No space left on the disk of the server at {place}.",
        "Make room there, then start again.",
    ),
    (
        _LET_GO,
        "The server at {place} is stopping, starting, or was restarted.",
        "Start again once it runs.",
    ),
    (
        r"""(failed to resolve host '|could not translate host name ")(?P<host>[^'"]+)""",
        "No machine is known here by the name {host}.",
        "Correct the host in CHARTER_DATABASE_URL, or have this machine's name server know it.",
    ),
    (
        _AWAY,
        "The server cannot be reached at {place} ({why}).",
        "Start it, have it listen for this machine, or correct CHARTER_DATABASE_URL.",
    ),
    (
        r'invalid connection option "(?P<option>.+)"',
        "CHARTER_DATABASE_URL has an option that PostgreSQL does not know: {option}.",
        "Correct what follows the question mark in it.",
    ),
)
_NO_ENTRY = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def failure_of(error: BaseException, url: sa.URL) -> Failure | None:
    """What is wrong with the database at `url`; None if the error is none of the database's."""
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlite3.Error):
        return _of_sqlite(said, _file(url))
    if isinstance(said, OSError):
        return _of_place(said, url)
    if isinstance(error, SQLAlchemyError) or type(error).__module__.startswith("psycopg"):
        return _of_server(error, str(said), url)
    return None


def of_unknown_cause(error: BaseException) -> Failure:
    """What can be said of any failure."""
    return _unknown(type(error).__name__)


def _unknown(why: str) -> Failure:
    return Failure(
        f"The database cannot be used ({why}).",
        "Check CHARTER_DATABASE_URL, that its server runs and that it can be written to.",
    )


def _of_server(error: BaseException, said: str, url: sa.URL) -> Failure:
    known = {
        "place": _place(url, said),
        "user": url.username or "(this account's)",
        "name": url.database or "(the user's)",
        "host": url.host or "",
    }
    for pattern, what, hint in _POSTGRESQL:
        if found := re.search(pattern, said):
            known |= {name: value for name, value in found.groupdict().items() if value}
            return Failure(what.format(**known), hint.format(**known))
    return _unknown(_words(error, said, url))


def _words(error: BaseException, said: str, url: sa.URL) -> str:
    """The driver's own first line about a connection; of a statement, which may hold mail, none."""
    line = said.strip().partition("\n")[0]
    if not line or getattr(error, "statement", None) is not None:
        return type(error).__name__
    return line.replace(url.password, "[hidden]") if url.password else line


def _place(url: sa.URL, said: str) -> str:
    """HOST:PORT, or a socket, as the URL has it; else as the driver found it."""
    if url.host:
        return f"{_bracketed(url.host)}:{url.port or 5432}"
    if found := re.search(r'at "([^"]+)"(?: \([^)]*\))?, port (\d+)', said):
        return f"{_bracketed(found[1])}:{found[2]}"
    found = re.search(r'on socket "([^"]+)"', said)
    return found[1] if found else "this machine's socket"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _of_sqlite(error: sqlite3.Error, file: Path) -> Failure:
    name = getattr(error, "sqlite_errorname", "")  # such as SQLITE_IOERR_WRITE
    known = _SQLITE.get("".join(name.split("_")[1:2]))
    return known(file) if known else _unknown(f"{name or type(error).__name__} of {file}")


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
    if file.is_dir():
        return _no_file(file)
    if not file.parent.is_dir():
        return _no_folder(file)
    return _no_entry(file)


def _of_place(error: OSError, url: sa.URL) -> Failure | None:
    """Of what a file system refuses: nothing, unless it is about the database's file or folder."""
    if url.get_backend_name() != "sqlite" or error.filename is None:
        return None
    file, named = _file(url), Path(os.fsdecode(error.filename)).absolute()
    if named not in file.parents and not str(named).startswith(str(file.with_suffix(""))):
        return None
    if error.errno in _NO_ROOM:
        return _full(file)
    if error.errno in _NO_ENTRY:
        return _no_entry(file)
    if error.errno == errno.EISDIR:
        return _no_file(file)
    return _no_folder(file)


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
    engine = engine_url(sa.make_url("sqlite://").set(database=str(file))).database
    return f"{file}, or {Path(engine or '').name} beside it,"


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
