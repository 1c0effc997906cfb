"""Why a database failed, as far as its driver tells: in words, with what to do next."""

import sqlite3

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.store.failure import Failure, of_unknown_cause
from bot.store.failures_of_files import of_place, of_sqlite
from bot.store.failures_of_servers import of_server

__all__ = ["Failure", "failure_of", "of_unknown_cause"]


def failure_of(error: BaseException, url: sa.URL) -> Failure | None:
    """What is wrong with the database at `url`; None if something else is, such as a statement."""
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlite3.Error):
        return of_sqlite(said, url)
    if isinstance(said, OSError):
        return of_place(said, url)
    if isinstance(error, SQLAlchemyError) or type(error).__module__.startswith("psycopg"):
        return of_server(error, url)
    return None
