"""HTTP to one outside service: bounded in time and size, never redirected, never repeated."""

import asyncio
import json
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx

from bot.domain.errors import NeedsPerson, Retriable, ServiceError, Unknown
from bot.services.call_log import logged_call
from bot.services.http_errors import WENT_OUT, Unauthorised, broken, refused, within
from bot.services.ports import Secrets

MEGABYTE = 1_000_000
T = TypeVar("T")
BEGINS_WITHIN_SECONDS = 20.0
"""How long after `with_secret` was called its last request begins, at the latest."""
_KEPT_HEADERS = frozenset({"content-type", "retry-after", "location"})


@dataclass(frozen=True)
class Limits:
    """Seconds, and bytes of an answer. `read` outlasts an API gateway's own 30 s."""

    connect: float = 5.0
    read: float = 35.0
    write: float = 10.0
    pool: float = 5.0
    whole: float = 60.0
    answer_bytes: int = MEGABYTE

    @property
    def out(self) -> float:
        """By when a request that was begun is out: connected, secured, head and body written."""
        return self.pool + 2 * self.connect + 2 * self.write


@dataclass(frozen=True)
class Answer:
    """A service's answer, whole. `idempotent`: whether the question may simply be asked again."""

    service: str
    status: int
    content_type: str
    body: bytes
    idempotent: bool

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            NeedsPerson: it is not, and nothing was to be changed.
            Unknown: it is not, so whether the change was made cannot be told.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            page = "html" in self.content_type or self.body.lstrip()[:1] == b"<"
            said = "a web page (HTML)" if page else "something else"
        raise self.unusable(f"answered with {said} where JSON was expected")

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; errors as for `json`."""
        found = self.json()
        if isinstance(found, dict):
            return found
        raise self.unusable("answered with JSON of another shape than agreed")

    def unusable(self, how: str, hint: str = "") -> ServiceError:
        """The error for an answer that does not say what was asked."""
        what = f"{self.service} {how} ({self.status})."
        hint = hint or f"Check that the configured URL is really that of {within(self.service)}."
        return NeedsPerson(what, hint) if self.idempotent else Unknown(f"{what} {WENT_OUT}", hint)


def tls() -> ssl.SSLContext:
    """What every `HttpService` may share; making it costs some 50 ms."""
    return httpx.create_ssl_context()


def utc_now() -> datetime:
    """The time of day, for Retry-After dates."""
    return datetime.now(UTC)


class HttpService:
    """One outside service.

    Args:
        name: what people call it, as a sentence begins: "The calendar".
        url: its address, without a slash at the end.
        verify: a TLS context to share among services.
        limits: how long and how large.
        now: the time of day, in UTC.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        verify: ssl.SSLContext | None = None,
        limits: Limits = Limits(),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.name = name
        self._log_name = re.sub(r"\W+", "_", name.removeprefix("The ").lower())
        self._url = url.rstrip("/")
        self._limits = limits
        self._now = now
        timeout = httpx.Timeout(
            connect=limits.connect, read=limits.read, write=limits.write, pool=limits.pool
        )
        self._client = httpx.AsyncClient(
            verify=verify or tls(),
            timeout=timeout,
            follow_redirects=False,
            headers={"accept-encoding": "identity", "user-agent": "charter-bot"},
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        idempotent: bool,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        passing: frozenset[int] = frozenset(),
        hints: Mapping[int, str] | None = None,
    ) -> Answer:
        """Ask once.

        Args:
            operation: what the log calls it.
            method: the HTTP method.
            path: appended to the service's URL; holds nothing that was not checked or quoted.
            idempotent: whether asking twice is one effect, as for every read.
            headers: beside the usual ones; credentials stand here.
            params: the query.
            body: sent as JSON.
            form: sent as a form.
            passing: statuses that are answers to the caller, beside 2xx.
            hints: by status, what a person can do about it.

        Raises:
            ServiceError: no answer, or one with any other status.
        """
        _check(self.name, headers or {})
        failure: ServiceError
        with logged_call(self._log_name, operation) as outcome:
            try:
                async with asyncio.timeout(self._limits.whole):
                    answer = await self._ask(
                        method, path, headers=headers, params=params, json=body, data=form
                    )
                outcome.status = answer.status_code
                outcome.well = answer.is_success or answer.status_code in passing
                if outcome.well and len(answer.content) <= self._limits.answer_bytes:
                    return self._whole(answer, idempotent=idempotent)
                failure = self._failure(answer, idempotent=idempotent, hints=hints or {})
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
                outcome.status = type(error).__name__
                failure = broken(error, self.name, idempotent=idempotent)
        # Raised out here so that it has no context: httpx's errors carry the request's headers.
        raise failure

    async def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """The answer, read no further than one byte over the limit."""
        limit, held = self._limits.answer_bytes, bytearray()
        async with self._client.stream(method, self._url + path, **request) as response:
            async for piece in response.aiter_bytes():
                held += piece
                if len(held) > limit:
                    break
        kept = {k: v for k, v in response.headers.items() if k in _KEPT_HEADERS}
        return httpx.Response(response.status_code, headers=kept, content=bytes(held[: limit + 1]))

    def _whole(self, answer: httpx.Response, *, idempotent: bool) -> Answer:
        return Answer(
            service=self.name,
            status=answer.status_code,
            content_type=answer.headers.get("content-type", "").lower(),
            body=answer.content,
            idempotent=idempotent,
        )

    def _failure(
        self, answer: httpx.Response, *, idempotent: bool, hints: Mapping[int, str]
    ) -> ServiceError:
        if answer.is_success:
            size = f"answered with more than {self._limits.answer_bytes} bytes"
            return self._whole(answer, idempotent=idempotent).unusable(size)
        return refused(answer, self.name, idempotent=idempotent, now=self._now(), hints=hints)


def _check(service: str, headers: Mapping[str, str]) -> None:
    """Refuse what no header may hold, before a library quotes the credential in its complaint."""
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        raise NeedsPerson(
            f"The credential for {within(service)} holds characters that cannot be sent.",
            "Store it again as one line of plain letters, digits and signs.",
        )


async def with_secret(secrets: Secrets, reference: str, ask: Callable[[str], Awaitable[T]]) -> T:
    """`ask` with the secret; after a 401, once more with the one its home holds by then.

    A refused request had no effect, so the second one is no repetition.

    Raises:
        Retriable: by then it is too late for whoever counts on when a request is out.
    """
    begun = asyncio.get_running_loop().time()
    secret = await _fetched(secrets, reference)
    try:
        return await ask(secret)
    except Unauthorised:
        rotated = await _fetched(secrets, reference, fresh=True)
        if rotated == secret:
            raise
    if asyncio.get_running_loop().time() - begun > BEGINS_WITHIN_SECONDS:
        raise Retriable(f"It took long to find out that the secret {reference} was changed.")
    return await ask(rotated)


async def _fetched(secrets: Secrets, reference: str, *, fresh: bool = False) -> str:
    try:
        async with asyncio.timeout(BEGINS_WITHIN_SECONDS):
            return await secrets.get(reference, fresh=fresh)
    except TimeoutError as error:
        raise Retriable(
            f"The secret {reference} was not there within {BEGINS_WITHIN_SECONDS:.0f} seconds.",
            "If this goes on, look whether Secrets Manager can be reached.",
        ) from error
