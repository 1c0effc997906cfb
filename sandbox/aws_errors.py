"""What AWS says when it is overloaded or refuses, in the words of each protocol."""

import json
from types import MappingProxyType

from aiohttp import web

from sandbox.aws_names import Asked
from sandbox.faults import Fault

_CODES = MappingProxyType(
    {
        "401": (403, "ExpiredToken"),
        "403": (403, "AccessDenied"),
        "429": (400, "ThrottlingException"),
        "500": (500, "InternalError"),
        "502": (502, "BadGateway"),
        "503": (503, "ServiceUnavailable"),
        "504": (504, "GatewayTimeout"),
    }
)
_OF_SERVICE = MappingProxyType(
    {
        ("s3", "429"): (503, "SlowDown"),
        ("ses", "429"): (429, "TooManyRequestsException"),
        ("lambda", "429"): (429, "TooManyRequestsException"),
        ("cloudfront", "429"): (400, "Throttling"),
        ("sts", "429"): (400, "Throttling"),
        ("dynamodb", "403"): (400, "AccessDeniedException"),
        ("secretsmanager", "403"): (400, "AccessDeniedException"),
        ("lambda", "403"): (403, "AccessDeniedException"),
        ("ses", "403"): (403, "AccessDeniedException"),
        ("dynamodb", "401"): (400, "ExpiredTokenException"),
        ("secretsmanager", "401"): (400, "ExpiredTokenException"),
    }
)
_MESSAGE = "On purpose."


def aws_error(asked: Asked, fault: Fault) -> web.Response:
    """The answer of the service for a fault with a status."""
    kind = fault.kind[:3]
    status, code = _OF_SERVICE.get((asked.service, kind), _CODES[kind])
    headers = {"Retry-After": f"{fault.arg:g}"} if fault.arg is not None else {}
    if asked.protocol in ("json", "rest-json"):
        body = json.dumps({"__type": code, "message": _MESSAGE})
        content = "application/x-amz-json-1.0" if asked.protocol == "json" else "application/json"
        headers["x-amzn-ErrorType"] = code
    else:
        body, content = _xml(asked, code), "text/xml"
    return web.Response(text=body, status=status, content_type=content, headers=headers)


def _xml(asked: Asked, code: str) -> str:
    error = f"<Error><Code>{code}</Code><Message>{_MESSAGE}</Message></Error>"
    if asked.service != "s3":
        error = f"<ErrorResponse>{error}<RequestId>on-purpose</RequestId></ErrorResponse>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{error}'
