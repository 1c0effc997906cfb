"""Mail that comes by HTTP: signed as Slack signs its requests, kept, and only then acknowledged."""

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Callable
from http import HTTPStatus

import structlog
from aiohttp import web

from bot.domain.errors import ServiceError
from bot.mail.posted import CONTENT_TYPES, JSON, as_mime
from bot.mail.unreadable import Unreadable
from bot.orchestration.arrivals import submit_raw
from bot.orchestration.mailbag import LARGEST_MAIL
from bot.orchestration.quarantine import Bounds, Quarantine
from bot.services.ports import Secrets
from handlers.desk import Desk

PATH = "/inbound/mail"
TIMESTAMP, SIGNATURE = "X-Charter-Timestamp", "X-Charter-Signature"
VERSION = "v1"
LARGEST_BODY = LARGEST_MAIL
TOLERANCE_SECONDS = 300
_READ_WITHIN_SECONDS = 30.0
_REREAD_AFTER_SECONDS = 30.0
_COME_BACK_SECONDS = 60
_WHOLE_NUMBER = re.compile(r"[0-9]{1,12}", re.ASCII)
_ROTATES = "secretsmanager:"
log = structlog.get_logger()


class _Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """Answered at once. `error`: what the sender did wrong, in words."""

    def __init__(self, status: HTTPStatus, error: str, **headers: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = headers


class InboundMail:
    """The endpoint. `now` gives seconds since 1970, `clock` seconds that only grow."""

    def __init__(
        self,
        desk: Desk,
        secrets: Secrets,
        reference: str,
        *,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._secrets = secrets
        self._reference = reference
        self._now = now
        self._clock = clock
        self._reread_at: float | None = None
        # Places of its own: a mail that takes long to read must not keep others from being kept.
        self._quarantine = Quarantine(Bounds(places=1))

    async def handle(self, request: web.Request) -> web.Response:
        """Take one mail: 202 with its id once it is on disk, or why it was not taken."""
        try:
            mail_id = await self._taken(request)
        except _Refusal as refusal:
            log.warning("inbound_refused", status=int(refusal.status), reason=refusal.error)
            return _answer(refusal.status, refusal.headers, error=refusal.error)
        except Exception:  # the edge: whoever relays must know to come again
            log.exception("inbound_failed")
            again = _come_back("The mail could not be kept. Send it again later.")
            return _answer(again.status, again.headers, error=again.error)
        log.info("inbound_taken", mail=mail_id)
        return _answer(HTTPStatus.ACCEPTED, {}, id=mail_id)

    async def _taken(self, request: web.Request) -> str:
        if request.method != "POST":
            raise _Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Send the mail by POST.", Allow="POST")
        _must_be_plain(request)
        timestamp = self._timestamp(request)
        body = await _body(request)
        await self._must_be_signed(request.headers.get(SIGNATURE, ""), timestamp, body)
        if request.content_type not in CONTENT_TYPES:
            raise _Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {' or '.join(CONTENT_TYPES)}.")
        raw = await self._mail(body, request.content_type)
        desk = self._desk
        return await submit_raw(
            desk.jobs, desk.store, raw, channel=desk.policy.channel, at=desk.clock()
        )

    async def _mail(self, body: bytes, content_type: str) -> bytes:
        """The mail itself. JSON may be made to be slow, so it is taken apart where mail is read."""
        try:
            if content_type == JSON:
                return await self._quarantine.run(as_mime, body, content_type)
            return as_mime(body, content_type)
        except Unreadable as error:
            raise _Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason) from error
        except ServiceError as error:
            raise _come_back("The mail cannot be taken apart now.") from error

    def _timestamp(self, request: web.Request) -> str:
        """The time of the signature, as it was sent; refused before any of the body is read."""
        sent = request.headers.get(TIMESTAMP, "")
        if not _WHOLE_NUMBER.fullmatch(sent):
            raise _unsigned(f"{TIMESTAMP} must hold seconds since 1970.")
        if abs(self._now() - int(sent)) > TOLERANCE_SECONDS:
            raise _unsigned(f"{TIMESTAMP} is more than five minutes off.")
        return sent

    async def _must_be_signed(self, sent: str, timestamp: str, body: bytes) -> None:
        try:
            secret = await self._secrets.get(self._reference)
            if _matches(sent, secret, timestamp, body):
                return
            if self._may_have_been_rotated():
                fresh = await self._secrets.get(self._reference, fresh=True)
                if fresh != secret and _matches(sent, fresh, timestamp, body):
                    return
        except ServiceError as error:
            log.error("inbound_secret", reason=error.what, hint=error.hint)  # noqa: TRY400
            raise _come_back("The signature cannot be checked now.") from error
        raise _unsigned(f"{SIGNATURE} does not fit the body.")

    def _may_have_been_rotated(self) -> bool:
        """Whether to ask the secret's home again: not at every request that anybody may send."""
        if not self._reference.startswith(_ROTATES):
            return False
        now = self._clock()
        if self._reread_at is not None and now - self._reread_at < _REREAD_AFTER_SECONDS:
            return False
        self._reread_at = now
        return True


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What the sender writes into the signature's header."""
    signed = f"{VERSION}:{timestamp}:".encode() + body
    return f"{VERSION}={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def _matches(sent: str, secret: str, timestamp: str, body: bytes) -> bool:
    # As bytes, because text that is no ASCII cannot be compared.
    expected = signature(secret, timestamp, body)
    return hmac.compare_digest(sent.encode("utf-8", "replace"), expected.encode())


def _must_be_plain(request: web.Request) -> None:
    """What is compressed is inflated before its bytes are seen: another body than was signed."""
    codings = ",".join(request.headers.getall("Content-Encoding", ()))
    if {coding.strip().lower() for coding in codings.split(",")} - {"", "identity"}:
        raise _Refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, without Content-Encoding."
        )


async def _body(request: web.Request) -> bytes:
    too_large = _Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {LARGEST_BODY // 1_000_000} MB are taken."
    )
    if (request.content_length or 0) > LARGEST_BODY:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(_READ_WITHIN_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise too_large
    except TimeoutError as error:
        raise _Refusal(HTTPStatus.REQUEST_TIMEOUT, "The body did not come in time.") from error
    return bytes(body)


def _unsigned(error: str) -> _Refusal:
    return _Refusal(HTTPStatus.UNAUTHORIZED, error)


def _come_back(error: str) -> _Refusal:
    return _Refusal(
        HTTPStatus.SERVICE_UNAVAILABLE, error, **{"Retry-After": str(_COME_BACK_SECONDS)}
    )


def _answer(status: HTTPStatus, headers: dict[str, str], **told: str) -> web.Response:
    return web.json_response(told, status=status, headers=headers)
