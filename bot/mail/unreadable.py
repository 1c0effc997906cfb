from collections.abc import Iterator
from contextlib import contextmanager


class Unreadable(Exception):  # noqa: N818 - what it says of the mail
    """There is nothing to read in these bytes. `reason`: a sentence for a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def parsing(what: str) -> Iterator[None]:
    """Turn whatever a parser raises on hostile input into `Unreadable`.

    The standard library raises outside its contract (AttributeError, AssertionError,
    RecursionError), so no list of exceptions would do. Only parsers run inside.
    """
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(f"The {what} is damaged and cannot be taken apart.") from error
