"""What HTTP says, translated once into what a caller can do about it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from bot.domain.errors import NeedsPerson, Refused, Retriable, ServiceError, Unknown

WENT_OUT = "The request went out, so it may or may not have had its effect."
_LONGEST_WAIT_S = 3600.0
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_CANNOT_BE_SENT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL)


def within(service: str) -> str:
    """A service's name as it stands inside a sentence."""
    return service[:1].lower() + service[1:] if service.startswith("The ") else service


class Unauthorised(NeedsPerson):
    """401: the credential is not the one that the service knows. The request had no effect."""


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header (seconds or an HTTP date), at most an hour."""
    if value is None:
        return None
    text = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), _LONGEST_WAIT_S)
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = then if then.tzinfo else then.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), _LONGEST_WAIT_S)


def broken(
    error: httpx.HTTPError | httpx.InvalidURL | TimeoutError, service: str, *, idempotent: bool
) -> ServiceError:
    """The error for a request that got no answer."""
    if isinstance(error, _CANNOT_BE_SENT):
        return NeedsPerson(
            f"A request to {within(service)} could not be made.",
            f"Check the configured URL and credential of {within(service)}: one is malformed.",
        )
    if isinstance(error, _NEVER_SENT):
        return Retriable(
            f"{service} could not be reached.",
            f"If this goes on, check the network and the configured URL of {within(service)}.",
        )
    late = isinstance(error, httpx.TimeoutException | TimeoutError)
    how = "did not answer in time" if late else "broke the connection before its answer was whole"
    return _unclear(f"{service} {how}.", service, idempotent=idempotent)


def refused(
    response: httpx.Response,
    service: str,
    *,
    idempotent: bool,
    now: datetime,
    hints: Mapping[int, str],
) -> ServiceError:
    """The error for an answer whose status is not a success."""
    status = response.status_code
    after = retry_after(response.headers.get("retry-after"), now)
    hint = hints.get(status)
    if status < 400:  # noqa: PLR2004 - 1xx never arrives here, 2xx is a success
        return _redirected(response, service)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Retriable(f"{service} is asked too often (429).", hint or "", after)
    if status >= 500 or status == httpx.codes.REQUEST_TIMEOUT:  # noqa: PLR2004
        what = f"{service} failed to answer ({status})."
        return _unclear(what, service, idempotent=idempotent, hint=hint, after=after)
    return _denied(status, service, hint)


def _denied(status: int, service: str, hint: str | None) -> ServiceError:
    if status == httpx.codes.UNAUTHORIZED:
        return Unauthorised(
            f"{service} does not accept our credential (401).",
            hint or f"Check the secret that is configured for {within(service)}.",
        )
    if status == httpx.codes.FORBIDDEN:
        return NeedsPerson(
            f"{service} forbids the request (403).",
            hint or f"Check what our credential may do at {within(service)}.",
        )
    if status in {httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.GONE}:
        return NeedsPerson(
            f"{service} has no such address ({status}).",
            hint
            or f"Check the configured URL of {within(service)}, and that this route is deployed.",
        )
    return Refused(
        f"{service} refused the request ({status}).",
        hint or f"{service} will say no to the same request again; its own log says why.",
    )


def _redirected(response: httpx.Response, service: str) -> NeedsPerson:
    host = _host(response.headers.get("location", ""))
    where = f" to {host}" if host else ""
    return NeedsPerson(
        f"{service} redirected the request{where} ({response.status_code}).",
        f"The configured URL of {within(service)} is wrong: redirects are not followed, so that "
        "no credential travels along. Configure the final address.",
    )


def _host(location: str) -> str:
    try:
        return urlsplit(location).hostname or ""
    except ValueError:
        return ""


def _unclear(
    what: str,
    service: str,
    *,
    idempotent: bool,
    hint: str | None = None,
    after: float | None = None,
) -> ServiceError:
    if idempotent:
        return Retriable(what, hint or "", after)
    return Unknown(
        f"{what} {WENT_OUT}",
        hint or f"Look at {within(service)} before it is asked again.",
    )
