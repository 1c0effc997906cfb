"""What is said of a database that failed."""

from typing import NamedTuple


class Failure(NamedTuple):
    """Two sentences for a person: what failed, and what to do about it."""

    what: str
    hint: str

    def __str__(self) -> str:
        return f"{self.what} {self.hint}"


def of_unknown_cause(error: BaseException) -> Failure:
    """What can be said of any failure."""
    return unknown(type(error).__name__)


def unknown(why: str) -> Failure:
    """The same, with what is known of it, such as a code or a driver's words."""
    return Failure(
        f"The database cannot be used ({why}).",
        "Check CHARTER_DATABASE_URL, that its server runs and that it can be written to.",
    )
