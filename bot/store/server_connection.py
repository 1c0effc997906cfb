"""A connection to PostgreSQL that does not wait for ever for an answer."""

from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

# As long as is waited for SQLite's lock. Nothing that is asked takes a second by itself.
ANSWERS_WITHIN_SECONDS = 30.0
_CANCELS_WITHIN_SECONDS = 2.0
_USUAL = -1.0  # as None stands for patience without end
T = TypeVar("T")


class ServerConnection(psycopg.Connection[Any]):
    """psycopg's, but for what is done if the server says nothing for long.

    TCP notices a machine that vanished, but not a server or a pooler that took a question and never
    answers, such as one whose COMMIT waits for a standby that is gone: without this a job, and the
    thread of it, stood still for good, and nobody was told. Whether the change was made is as
    uncertain as after a reset, and it is tried again in the same way.
    """

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = _USUAL) -> T:
        """See psycopg. Who listens for notices asks for None: there may never be one.

        Raises:
            psycopg.OperationalError: there was no answer; the connection is closed then.
        """
        limit = ANSWERS_WITHIN_SECONDS if timeout == _USUAL else timeout
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError:
            # Whatever the server said, it had said all of it: then it were idle again.
            if timeout == _USUAL and self.info.transaction_status is TransactionStatus.ACTIVE:
                self._give_up()
            raise

    def _give_up(self) -> None:
        # Or as many as are asked again would wait in the server, in the end all that it takes.
        with suppress(psycopg.Error):
            self.cancel_safe(timeout=_CANCELS_WITHIN_SECONDS)
        self.close()
