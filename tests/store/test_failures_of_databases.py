"""What a person is told of each way in which a database fails: the cause, and what to do."""

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from bot.store import database as connections
from bot.store.database import make_engine
from bot.store.failures import Failure, failure_of
from tests.postgresql_server import PostgreSQL

PASSWORD = "canary-of-ann"


def _raising(code: str, words: str) -> str:
    """A statement that the server refuses like that, with a detail which quotes what it was about."""
    return f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = '{words}', DETAIL = 'Key (subject)=(role \"canary\" does not exist, Connection refused)'; END $$"


def broken(url: sa.URL, statement: str = "SELECT 1") -> sa.exc.SQLAlchemyError:
    """What the statement fails of there, and it must."""
    engine = make_engine(url)
    try:
        with pytest.raises(sa.exc.SQLAlchemyError) as caught, engine.begin() as connection:
            connection.execute(sa.text(statement))
    finally:
        engine.dispose()
    return caught.value


def told(url: sa.URL, statement: str = "SELECT 1") -> Failure:
    """What is said of it."""
    failure = failure_of(broken(url, statement), url)
    assert failure is not None
    return failure


@pytest.fixture(scope="module")
def strict(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    """The server, which wants a password of Ann, has no place for Bob, and lets Eve not in."""
    postgresql.run(f"CREATE ROLE ann LOGIN PASSWORD '{PASSWORD}'")
    postgresql.run("CREATE ROLE bob LOGIN CONNECTION LIMIT 0")
    postgresql.run("CREATE ROLE eve LOGIN")
    postgresql.run("CREATE DATABASE strict_one")
    [(name,)] = postgresql.run("SHOW hba_file")
    file = Path(name)
    before = file.read_text()
    file.write_text(f"local all ann scram-sha-256\nlocal all eve reject\n{before}")
    postgresql.run("SELECT pg_reload_conf()")
    until = time.monotonic() + 10
    while not _asks_for_a_password(postgresql) and time.monotonic() < until:
        time.sleep(0.05)
    yield postgresql
    file.write_text(before)
    postgresql.run("SELECT pg_reload_conf()")


def _asks_for_a_password(server: PostgreSQL) -> bool:
    engine = make_engine(server.url("postgres").set(username="ann"))
    try:
        engine.connect().close()
    except sa.exc.OperationalError:
        return True
    finally:
        engine.dispose()
    return False


@pytest.mark.parametrize(
    ("about", "what", "hint"),
    [
        ({"database": "nope"}, "There is no database nope on the server at ", "createdb --owner "),
        ({"username": "nobody"}, "knows no user nobody.", "createuser --pwprompt nobody"),
        (
            {"username": "ann", "password": "canary-wrong"},
            "refused the password of user ann.",
            "Correct it in CHARTER_DATABASE_URL",
        ),
        ({"username": "ann"}, "asks for a password of user ann.", "before the @"),
        ({"username": "bob"}, 'no more connections for role "bob".', "CONNECTION LIMIT"),
        ({"username": "eve"}, "lets nobody in from this machine as user eve", "pg_hba.conf"),
    ],
)
def test_why_a_server_refuses_is_said_without_the_password(
    strict: PostgreSQL, about: dict[str, str], what: str, hint: str
) -> None:
    failure = told(strict.url("postgres").set(**about))
    assert what in failure.what
    assert hint in failure.hint
    assert "canary" not in str(failure)


def test_a_user_who_may_make_no_tables_is_named(strict: PostgreSQL) -> None:
    url = strict.url("strict_one").set(username="ann", password=PASSWORD)
    failure = told(url, "CREATE TABLE one (n INTEGER)")
    assert "User ann may not make or read the tables of the database strict_one" in failure.what
    assert failure.hint == "Give the database to the user: ALTER DATABASE strict_one OWNER TO ann."


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_that_is_away_is_named_by_host_and_port(host: str) -> None:
    failure = told(sa.make_url(f"postgresql://bot:canary@{host}:1/charter"))
    assert failure.what == f"The server cannot be reached at {host}:1 (Connection refused)."
    assert failure.hint.startswith("Start it")


def test_a_socket_that_is_not_there_is_named() -> None:
    failure = told(sa.make_url("postgresql:///charter?host=/nonexistent"))
    assert "cannot be reached at /nonexistent/.s.PGSQL.5432 (No such file" in failure.what


def test_an_option_that_does_not_exist_is_named() -> None:
    failure = told(sa.make_url("postgresql://127.0.0.1:1/charter?foo=1"))
    assert "an option that PostgreSQL does not know: foo" in failure.what


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (
            "failed to resolve host 'db.example': [Errno -2] Name or service not known",
            "No machine is known here by the name db.example.",
        ),
        ("FATAL:  sorry, too many clients already", "has no connection left: there are too many."),
        ("connection timeout expired", "cannot be reached at db.example:5432 (timeout expired)."),
        ("FATAL:  the database system is starting up", "stopping, starting, or was restarted."),
        ('GSSAPI authentication failed for user "bot"', "user bot in (GSSAPI authentication"),
        ('FATAL: permission denied for database "charter"', "not connect to the database charter"),
        ("FATAL: Datenbank »x« (canary) existiert nicht\nmore", "(FATAL: Datenbank »x« ([hidden])"),
    ],
)
def test_what_only_another_machine_says_is_understood_or_repeated(words: str, what: str) -> None:
    error = sa.exc.OperationalError(None, None, psycopg.OperationalError(words))
    failure = failure_of(error, sa.make_url("postgresql://bot:canary@db.example/charter"))
    assert failure is not None
    assert what in failure.what
    assert "canary" not in str(failure)


SAID = "could not translate host name, Connection refused, role canary does not exist"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("SET default_transaction_read_only = on; COMMIT; CREATE TABLE x (n INTEGER)", "a standby"),
        (_raising("53100", "could not extend file: No space left on device"), "No space left"),
        (_raising("57P01", "terminating connection due to a command"), "was restarted"),
        (_raising("40P01", "deadlock detected"), "cannot be used (OperationalError)"),
        (_raising("53000", SAID), "cannot be used (OperationalError)"),
    ],
)
def test_of_a_statement_the_cause_is_told_and_nothing_that_it_quotes(
    strict: PostgreSQL, statement: str, what: str
) -> None:
    failure = told(strict.url("postgres"), statement)
    assert what in failure.what
    assert "canary" not in str(failure)


@pytest.mark.parametrize(
    "statement",
    ["SELECT CAST('canary' AS INTEGER)", "SELECT * FROM canary", _raising("23505", SAID)],
)
def test_a_statement_that_is_wrong_is_no_failure_of_the_server(
    strict: PostgreSQL, statement: str
) -> None:
    url = strict.url("postgres")
    assert failure_of(broken(url, statement), url) is None


def test_what_the_bot_itself_does_wrong_is_no_failure_of_the_database() -> None:
    url = sa.make_url("postgresql://db.example/charter")
    assert failure_of(sa.exc.InvalidRequestError("canary"), url) is None
    assert failure_of(sa.exc.TimeoutError("the pool is empty"), url) is None
    error = sa.exc.IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE"))
    assert failure_of(error, sa.make_url("sqlite:////data/charter.db")) is None


def _text(file: Path) -> None:
    file.write_text("no database" * 100)


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (_text, "charter.db, or charter-engine.db beside it, is no SQLite database."),
        (Path.mkdir, "charter.db is a folder."),
    ],
)
def test_what_is_no_sqlite_file_is_named(
    tmp_path: Path, made: Callable[[Path], None], what: str
) -> None:
    made(tmp_path / "charter.db")
    assert told(sa.make_url(f"sqlite:///{tmp_path}/charter.db")).what == f"{tmp_path}/{what}"


def test_a_file_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "charter.db").close()
    url = sa.make_url(f"sqlite:///file:{tmp_path}/charter.db?mode=ro&uri=true")
    engine = sa.create_engine(url)
    with pytest.raises(sa.exc.OperationalError) as caught, engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE one (n INTEGER)"))
    engine.dispose()
    failure = failure_of(caught.value, sa.make_url(f"sqlite:///{tmp_path}/charter.db"))
    assert failure is not None
    assert failure.what == (
        f"{tmp_path}/charter.db, or its folder, cannot be written to by this user."
    )


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    file = tmp_path / "charter.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError) as caught:
            database.execute("CREATE TABLE one (n INTEGER)")
    failure = failure_of(caught.value, sa.make_url(f"sqlite:///{file}"))
    assert failure is not None
    assert failure.what == f"No space left on the disk of {file}."


def test_a_file_that_another_holds_is_called_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_BUSY_MILLISECONDS", 1)
    file = tmp_path / "charter.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        failure = told(sa.make_url(f"sqlite:///{file}"))
    assert failure.what == f"Nothing can be written to {file}: another program holds it locked."
    assert failure.hint.startswith("End that program.")


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (errno.EROFS, "/data/charter.db, or its folder, cannot be written to by this user."),
        (errno.EACCES, "/data/charter.db, or its folder, cannot be written to by this user."),
        (errno.ENOTDIR, "The folder of /data/charter.db is not there and cannot be made."),
        (errno.ENOSPC, "No space left on the disk of /data/charter.db."),
        (errno.EISDIR, "/data/charter.db is a folder."),
    ],
)
@pytest.mark.parametrize("name", ["/data", "/data/charter.db.lock"])
def test_what_the_file_system_refuses_is_the_databases_if_it_is_about_its_place(
    number: int, what: str, name: str
) -> None:
    error = OSError(number, os.strerror(number), name)
    failure = failure_of(error, sa.make_url("sqlite:////data/charter.db"))
    assert failure is not None
    assert failure.what == what


def test_what_is_about_anything_else_is_no_failure_of_the_database() -> None:
    url = sa.make_url("sqlite:////data/charter.db")
    other = PermissionError(errno.EACCES, "Permission denied", "/data/mail.eml")
    assert failure_of(other, url) is None
    for name in ("/data/charter.toml", "/data/charters-export/x.csv"):
        assert failure_of(PermissionError(errno.EACCES, "Permission denied", name), url) is None
    ours = PermissionError(errno.EACCES, "Permission denied", "/data/charter.db")
    server = sa.make_url("postgresql://db.example//data/charter.db")
    assert failure_of(ours, url) is not None
    assert failure_of(ours, server) is None
    assert failure_of(OSError(errno.EADDRINUSE, "Address already in use"), url) is None
    assert failure_of(KeyError("x"), url) is None


def test_of_any_other_refusal_the_systems_words_are_told() -> None:
    error = OSError(errno.EMFILE, "Too many open files", "/data/charter.db.lock")
    failure = failure_of(error, sa.make_url("sqlite:////data/charter.db"))
    assert failure is not None
    assert failure.what == (
        "The database cannot be used (Too many open files of /data/charter.db.lock)."
    )


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("SQLITE_CORRUPT_INDEX", "beside it, is damaged."),
        ("SQLITE_LOCKED_SHAREDCACHE", "another program holds it locked."),
        ("SQLITE_PERM", "cannot be written to by this user."),
        ("SQLITE_IOERR_FSYNC", "fails, is full, or is one of a network."),
        ("SQLITE_CANTOPEN", "The folder of /nowhere/charter.db is not there"),
        ("SQLITE_ERROR", "cannot be used (SQLITE_ERROR of /nowhere/charter.db)."),
    ],
)
def test_what_sqlite_says_by_a_code_is_said_in_words(name: str, what: str) -> None:
    error = sqlite3.OperationalError("no such thing")
    error.sqlite_errorname = name
    failure = failure_of(error, sa.make_url("sqlite:////nowhere/charter.db"))
    assert failure is not None
    assert what in failure.what


def test_a_file_in_a_folder_that_may_not_be_entered_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`Path.is_dir` would raise."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorname = "SQLITE_CANTOPEN"
    monkeypatch.setattr(Path, "is_dir", refuse)
    failure = failure_of(error, sa.make_url(f"sqlite:///{tmp_path}/charter.db"))
    assert failure is not None
    assert "cannot be written to by this user." in failure.what
