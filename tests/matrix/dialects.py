"""How each outside system says what is wrong: status, headers and body, as it words them."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.matrix.faults import Fault
from tests.matrix.server import Reply

RETRY_AFTER = 7
_JSON = ("content-type", "application/json")
_XML = ("content-type", "application/xml")
_SIGNATURE_EXPIRED = (
    "Signature expired: 20260514T175000Z is now earlier than 20260514T175500Z (20260514T180000Z - "
    "5 min.)"
)
_STATUS = {
    Fault.BUSY: 429,
    Fault.BUSY_AFTER: 429,
    Fault.FAILED: 500,
    Fault.FAILED_AFTER: 500,
    Fault.UNAVAILABLE: 503,
    Fault.UNAUTHORISED: 401,
    Fault.FORBIDDEN: 403,
    Fault.EXPIRED: 401,
}
_SLACK = {
    Fault.UNAUTHORISED: "invalid_auth",
    Fault.FORBIDDEN: "missing_scope",
    Fault.EXPIRED: "token_expired",
}
# By fault: status and code; what a service words in its own way stands below.
_AWS = {
    Fault.BUSY: (400, "ThrottlingException"),
    Fault.FAILED: (500, "InternalServerError"),
    Fault.FAILED_AFTER: (500, "InternalServerError"),
    Fault.UNAVAILABLE: (503, "ServiceUnavailable"),
    Fault.UNAUTHORISED: (400, "UnrecognizedClientException"),
    Fault.FORBIDDEN: (400, "AccessDeniedException"),
    Fault.CLOCK: (400, "InvalidSignatureException"),
    Fault.EXPIRED: (400, "ExpiredTokenException"),
}
_AWS_OWN = {
    "s3": {
        Fault.BUSY: (503, "SlowDown"),
        Fault.FAILED: (500, "InternalError"),
        Fault.FAILED_AFTER: (500, "InternalError"),
        Fault.UNAUTHORISED: (403, "InvalidAccessKeyId"),
        Fault.FORBIDDEN: (403, "AccessDenied"),
        Fault.CLOCK: (403, "RequestTimeTooSkewed"),
        Fault.EXPIRED: (400, "ExpiredToken"),
    },
    "aws xml": {
        Fault.BUSY: (400, "Throttling"),
        Fault.FAILED: (500, "InternalFailure"),
        Fault.FAILED_AFTER: (500, "InternalFailure"),
        Fault.UNAUTHORISED: (403, "InvalidClientTokenId"),
        Fault.FORBIDDEN: (403, "AccessDenied"),
        Fault.CLOCK: (403, "SignatureDoesNotMatch"),
        Fault.EXPIRED: (403, "ExpiredToken"),
    },
}


def error(dialect: str, fault: Fault | None, elsewhere: str) -> Reply:
    """What the system answers; a reply of 200 where the fault lies elsewhere than in its words."""
    if fault in {Fault.REDIRECT, Fault.REDIRECT_KEEPING}:
        status = 302 if fault is Fault.REDIRECT else 307
        return Reply(status, b"", (("location", f"{elsewhere}/sign-in"),))
    if dialect in {"aws json", "aws xml", "s3"}:
        return _aws(dialect, fault)
    if dialect == "slack" and fault in _SLACK:
        return Reply(200, json.dumps({"ok": False, "error": _SLACK[fault]}).encode(), (_JSON,))
    if dialect == "slack file" and fault is Fault.EXPIRED:
        return Reply(302, b"", (("location", f"{elsewhere}/?redir=%2Ffiles"),))
    status = _STATUS.get(fault, 200) if fault else 200
    headers = [_JSON]
    if fault is Fault.BUSY_AFTER:
        headers.append(("retry-after", "1" if dialect == "slack" else str(RETRY_AFTER)))
    told = {"ok": False, "error": "ratelimited"} if status == 429 else {"message": "Oh no."}
    return Reply(status, json.dumps(told).encode(), tuple(headers))


def _aws(dialect: str, fault: Fault | None) -> Reply:
    if fault not in _AWS:
        return Reply(200)
    status, code = _AWS_OWN.get(dialect, {}).get(fault, _AWS[fault])
    said = _SIGNATURE_EXPIRED if fault is Fault.CLOCK else "Oh no."
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    headers = (("date", date), ("x-amzn-requestid", "REQUEST"))
    if dialect == "aws json":
        body = json.dumps({"__type": code, "message": said}).encode()
        return Reply(status, body, (*headers, _JSON, ("x-amzn-errortype", code)))
    inner = f"<Code>{code}</Code><Message>{said}</Message>"
    whole = f"<Error>{inner}</Error>"
    if dialect == "aws xml":
        whole = f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error></ErrorResponse>"
    return Reply(status, f'<?xml version="1.0"?>{whole}'.encode(), (*headers, _XML))
