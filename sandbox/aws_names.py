"""Which operation of which AWS service a request is, as far as its words say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl

from botocore.model import OperationModel
from botocore.session import Session

_SCOPE = re.compile(r"Credential=([^/,]+)/\d{8}/[^/]+/([^/,]+)/aws4_request")
_PRESIGNED = re.compile(r"X-Amz-Credential=[^%&]+%2F\d{8}%2F[^%&]+%2F([^%&]+)%2Faws4_request")
_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
_MODELS = {"ses": "sesv2"}  # the same signing name; version 1 says its Action


@dataclass(frozen=True)
class Asked:
    """A request's service ("s3"), operation ("PutObject") and protocol, as botocore names them."""

    service: str
    operation: str
    protocol: str


def asked(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Asked:
    """Read a request's name off its signature's scope, its target header, or its path."""
    service = _service(headers, query)
    target = headers.get("X-Amz-Target", "")
    if target:
        return Asked(service, target.rpartition(".")[2], "json")
    action = _ACTION.search(body) if method == "POST" else None
    if action and "urlencoded" in headers.get("Content-Type", ""):
        return Asked(service, action[1].decode(), "query")
    if service == "s3" and headers.get("Content-Type", "").startswith("multipart/form-data"):
        return Asked(service, "PostObject", "rest-xml")
    protocol, routes = _routes(service)
    given = dict(parse_qsl(query, keep_blank_values=True))
    named = {*given, *(name.lower() for name in headers)}
    for route in routes:
        if route.fits(method, path, given) and route.needs <= named:
            return Asked(service, route.operation, protocol)
    return Asked(service, method, protocol)


def learn_names() -> None:
    """Read the services' descriptions ahead of the first request; they take a while."""
    for service in ("s3", "ses", "cloudfront", "lambda"):
        _routes(service)


def access_key(headers: Mapping[str, str]) -> str | None:
    """Whose key signed the request."""
    scope = _SCOPE.search(headers.get("Authorization", ""))
    return scope[1] if scope else None


def _service(headers: Mapping[str, str], query: str) -> str:
    scope = _SCOPE.search(headers.get("Authorization", ""))
    if scope:
        return scope[2]
    presigned = _PRESIGNED.search(query)
    return presigned[1] if presigned else "s3"


@dataclass(frozen=True)
class _Route:
    operation: str
    method: str
    path: re.Pattern[str]
    literals: frozenset[tuple[str, str]]
    needs: frozenset[str]

    def fits(self, method: str, path: str, given: Mapping[str, str]) -> bool:
        return (
            method == self.method
            and bool(self.path.fullmatch(path))
            and self.literals <= set(given.items())
        )


@cache
def _routes(service: str) -> tuple[str, tuple[_Route, ...]]:
    """A REST service's protocol and routes, the most particular first."""
    model = Session().get_service_model(_MODELS.get(service, service))
    routes = [_route(model.operation_model(name)) for name in model.operation_names]
    routes.sort(
        key=lambda route: (-len(route.literals), -len(route.needs), -len(route.path.pattern))
    )
    return model.metadata["protocol"], tuple(routes)


def _route(operation: OperationModel) -> _Route:
    path, _, query = operation.http["requestUri"].partition("?")
    pieces = re.split(r"\{(\w+)(\+?)\}", path)
    pattern = "".join(
        re.escape(piece) if n % 3 == 0 else ("" if n % 3 == 1 else (".+" if piece else "[^/]+"))
        for n, piece in enumerate(pieces)
    )
    return _Route(
        operation.name,
        operation.http["method"],
        re.compile(pattern.rstrip("/") + "/?"),
        frozenset(parse_qsl(query, keep_blank_values=True)),
        _needs(operation),
    )


def _needs(operation: OperationModel) -> frozenset[str]:
    """The names of headers and parameters without which it would be another operation."""
    shape = operation.input_shape
    if shape is None:
        return frozenset()
    places = {name: shape.members[name].serialization for name in shape.required_members}
    return frozenset(
        place["name"].lower() if place["location"] == "header" else place["name"]
        for place in places.values()
        if place.get("location") in ("header", "querystring")
    )
