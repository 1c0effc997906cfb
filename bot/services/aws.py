"""AWS from an event loop: clients made once, each account by its role, calls in threads of its own.

botocore is imported when the first client is made, so that commands without AWS stay quick.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from bot.domain.errors import ServiceError

if TYPE_CHECKING:
    from bot.services.aws_session import MadeClient, Workshop

MEGABYTE = 1_000_000
T = TypeVar("T")


class AnsweredCodeError(Exception):
    """AWS answered with a code that the caller said it would deal with."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class AwsLimits:
    """Seconds, bytes of a streamed body, and how many calls run at once.

    `read`: between two pieces of an answer; `whole`: for a call with all its pieces.
    """

    connect: float = 5.0
    read: float = 20.0
    whole: float = 60.0
    body_bytes: int = 20 * MEGABYTE
    threads: int = 16


@dataclass(frozen=True)
class Call:
    """What is asked, in names alone. `about`: the thing asked for, in words.

    `passing`: codes that the caller deals with; `idempotent`: asking twice is one effect.
    """

    service: str
    operation: str
    role_arn: str = ""
    about: str = ""
    idempotent: bool = False
    passing: frozenset[str] = frozenset()

    @property
    def system(self) -> str:
        """The service as people and permissions name it."""
        return "ses" if self.service == "sesv2" else self.service

    @property
    def action(self) -> str:
        """The permission that is needed, such as "s3:PutObject" for the method "put_object"."""
        return f"{self.system}:{self.operation.title().replace('_', '')}"

    @property
    def who(self) -> str:
        """Who asks, for a hint."""
        return self.role_arn or "the bot's own AWS user"


class AwsAccounts:
    """The accounts that the bot works in.

    Args:
        region: where none is given, AWS_DEFAULT_REGION or the profile's.
        limits: how long, how large, how many at once.
    """

    def __init__(
        self,
        *,
        region: str | None = None,
        limits: AwsLimits = AwsLimits(),
    ) -> None:
        self._region = region
        self._limits = limits
        self._calls = ThreadPoolExecutor(limits.threads, thread_name_prefix="aws")
        # One thread makes all clients: it is work for the processor alone, so that more would not
        # be faster, and botocore's sessions are not thread-safe while they make clients.
        self._making = ThreadPoolExecutor(1, thread_name_prefix="aws-making")
        self._workshop: Workshop | None = None
        self._known: dict[tuple[str, str], None] = {}
        self._made: dict[tuple[str, str], Future[MadeClient]] = {}

    def client(self, service: str, role_arn: str = "") -> "AwsClient":
        """A client of a service ("s3"), as the role or, without one, as the bot's own user.

        It asks nothing of the network yet, and exists once. It is made by `warm`, or by its first
        call, whichever comes first.
        """
        key = (service, role_arn)
        self._known[key] = None
        return AwsClient(service, role_arn, partial(self._in_thread, key))

    def warm(self) -> None:
        """Make every client that was asked for so far, in the background."""
        for key in self._known:
            self._client(key)

    def _client(self, key: tuple[str, str]) -> "Future[MadeClient]":
        if key not in self._made:
            self._made[key] = self._making.submit(self._make, *key)
        return self._made[key]

    async def close(self) -> None:
        """End the connections; calls under way are waited for."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._making.shutdown()
        self._calls.shutdown()
        for made in self._made.values():
            if made.exception() is None:
                made.result().close()
        if self._workshop:
            self._workshop.close()

    def _make(self, service: str, role_arn: str) -> "MadeClient":
        from bot.services.aws_session import Workshop  # noqa: PLC0415 - imports botocore, 0.5 s

        if self._workshop is None:
            self._workshop = Workshop(self._region, self._limits)
        return self._workshop.make(service, role_arn)

    async def _in_thread(
        self, key: tuple[str, str], call: Call, parameters: dict[str, Any]
    ) -> dict[str, Any]:
        """Run the call in a thread, with the context that the log reads.

        botocore limits the wait for each piece of an answer, and no more: an answer that drips is
        given up here, and its thread is free once it ends.
        """
        made = self._client(key)
        asked = asyncio.get_running_loop().run_in_executor(
            self._calls, partial(copy_context().run, _ask, made, call, parameters)
        )
        try:
            async with asyncio.timeout(self._limits.whole):
                return await asked
        except TimeoutError:
            failure = _too_late(call)
        raise failure


def _ask(made: "Future[MadeClient]", call: Call, parameters: dict[str, Any]) -> dict[str, Any]:
    from bot.services.aws_session import ask  # noqa: PLC0415 - imports botocore, 0.5 s

    return ask(made, call, parameters)


def _too_late(call: Call) -> ServiceError:
    from bot.services.aws_errors import too_late  # noqa: PLC0415 - imports botocore, 0.5 s

    return too_late(call)


class AwsClient:
    """One service in one account. Made by `AwsAccounts.client`."""

    def __init__(self, service: str, role_arn: str, run: Callable[..., Any]) -> None:
        self.service = service
        self.role_arn = role_arn
        self._run = run

    async def call(
        self,
        operation: str,
        *,
        idempotent: bool = False,
        about: str = "",
        passing: frozenset[str] = frozenset(),
        **parameters: Any,
    ) -> dict[str, Any]:
        """Ask once and return the answer; a streamed `Body` in it becomes bytes.

        Args:
            operation: the client's method, such as "put_object".
            idempotent: whether asking twice is one effect, as for every read.
            about: what is asked for, in words for a person; never a secret or a contact.
            passing: codes that the caller deals with.
            parameters: the operation's own.

        Raises:
            AnsweredCodeError: AWS answered with one of `passing`.
            ServiceError: everything else.
        """
        call = Call(self.service, operation, self.role_arn, about, idempotent, passing)
        answer: dict[str, Any] = await self._run(call, parameters)
        return answer
