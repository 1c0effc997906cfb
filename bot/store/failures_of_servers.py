"""What a PostgreSQL server, or the way to it, failed of.

A server that refuses a connection gives no code, only words, which are English unless its
`lc_messages` says otherwise. Words that are not known here are repeated, without the password.
"""

import re

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.store.failure import Failure, unknown

_LET_GO = (
    "the database system is |terminating connection|server closed the connection|"
    "SSL connection has been closed|connection is closed"
)
_AWAY = (
    "(?P<why>Connection refused|timeout expired|No route to host|Network is unreachable|"
    "Connection reset by peer|Connection timed out|No such file or directory|Permission denied)"
)
# As `DATABASE_FAILED` has them: whatever else a driver raises is about a statement of ours.
_FAILED = {"OperationalError", "InterfaceError", "InternalError"}
# What the words match, what that means, and what is to be done.
_OF_STATEMENTS = (
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
)
_OF_CONNECTIONS = (
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
        "Write it into CHARTER_DATABASE_URL: after the user and a colon, before the @.",
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


def of_server(error: BaseException, url: sa.URL) -> Failure | None:
    """Of what a server or its driver says; None if a statement was wrong."""
    orig = error.orig if isinstance(error, DBAPIError) and error.orig else error
    # What has a code is about a statement: its detail, which may quote a mail, is left alone.
    of_statement = bool(getattr(orig, "sqlstate", None))
    said = str(orig).partition("\n")[0] if of_statement else str(orig)
    known = {
        "place": _place(url, said),
        "user": url.username or "(this account's)",
        "name": url.database or "(the user's)",
        "host": url.host or "",
    }
    patterns = _OF_STATEMENTS if of_statement else (*_OF_CONNECTIONS, *_OF_STATEMENTS)
    for pattern, what, hint in patterns:
        if found := re.search(pattern, said):
            known |= {name: value for name, value in found.groupdict().items() if value}
            return Failure(what.format(**known), hint.format(**known))
    if _FAILED.isdisjoint(each.__name__ for each in type(orig).__mro__):
        return None
    return unknown(_words(error, said, url))


def _words(error: BaseException, said: str, url: sa.URL) -> str:
    """The driver's own first line about a connection; of a statement, which may hold mail, none."""
    line = said.strip().partition("\n")[0]
    if not line or not isinstance(error, DBAPIError) or error.statement is not None:
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
