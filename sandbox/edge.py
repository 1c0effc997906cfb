"""The CDN as the public meets it: rewrites /g/…, caches until invalidated, strips headers.

It is also the wrong door to the crew service, under /crew-api: the key does not get through.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any, Literal

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from sandbox.aws.accounts import GUEST_BUCKET
from sandbox.hosting import application
from sandbox.interference import Conditions, interference
from sandbox.invalidations import Invalidations

_PAGE = re.compile(r"/g/([A-Za-z0-9-]+)")
_PASSED_ON = frozenset({"accept", "content-type", "user-agent"})
_ERRORS_CACHED_SECONDS = 10.0  # CloudFront's default
_NOT_FOUND = b"<!doctype html><title>Not found</title><p>There is nothing here.</p>"


@dataclass(frozen=True)
class Cached:
    """An answer kept at the edge."""

    status: int
    body: bytes
    content_type: str
    at: float
    stored_at: str


@dataclass
class EdgeSwitches:
    """How this deployment is: "lower" folds /g/ABC to g/abc.html, "as_typed" keeps the case."""

    case: Literal["lower", "as_typed"] = "lower"


class Edge:
    """The stand-in.

    Args:
        s3: a client in the account of the guest site's bucket.
        cloudfront: likewise, to read what invalidations name.
        distribution_id: whose invalidations.
        crew_url: where the wrong door leads.
        invalidations: which of them are over.
        conditions: faults, latencies, the log.
    """

    def __init__(
        self,
        s3: Any,
        cloudfront: Any,
        *,
        distribution_id: str,
        crew_url: str,
        invalidations: Invalidations,
        conditions: Conditions,
    ) -> None:
        self.switches = EdgeSwitches()
        self._s3 = s3
        self._cloudfront = cloudfront
        self._distribution_id = distribution_id
        self._crew_url = crew_url
        self._invalidations = invalidations
        self._conditions = conditions
        self._cache: dict[str, Cached] = {}
        self._obeyed: set[str] = set()
        self._session: aiohttp.ClientSession | None = None

    def application(self) -> web.Application:
        app = application(middlewares=[interference("edge", self._conditions)])
        app.cleanup_ctx.append(self._connected)
        app.router.add_route("*", "/crew-api/{path:.*}", self._wrong_door, name="wrong_door")
        app.router.add_get("/{path:.*}", self._fetch, name="fetch")
        return app

    def cached(self) -> list[dict[str, Any]]:
        """What is kept, by the path under which an invalidation must name it."""
        return [
            {"path": path, "status": kept.status, "stored_at": kept.stored_at}
            for path, kept in self._cache.items()
        ]

    def forget_all(self) -> None:
        self._cache.clear()

    async def _connected(self, _: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as self._session:
            yield

    async def _fetch(self, request: web.Request) -> web.Response:
        path = self._rewritten(request.path)
        await self._obey_invalidations()
        kept = self._cache.get(path)
        if kept and self._is_fresh(kept):
            return _response(kept, "Hit from cloudfront")
        kept = await self._from_origin(path)
        self._cache[path] = kept
        return _response(kept, "Miss from cloudfront")

    def _rewritten(self, path: str) -> str:
        """As deploy/cloudfront/rewrite.js does it, without needing its runtime."""
        page = _PAGE.fullmatch(path)
        if page is None:
            return path
        slug = page[1].lower() if self.switches.case == "lower" else page[1]
        return f"/g/{slug}.html"

    def _is_fresh(self, kept: Cached) -> bool:
        found = kept.status == web.HTTPOk.status_code
        return found or time.monotonic() - kept.at < _ERRORS_CACHED_SECONDS

    async def _from_origin(self, path: str) -> Cached:
        now = datetime.now(UTC).isoformat()
        # Uploads are in the same bucket and nobody's to fetch.
        if path.startswith("/g/"):
            with suppress(self._s3.exceptions.NoSuchKey):
                got = await asyncio.to_thread(self._object, path.removeprefix("/"))
                return Cached(200, got[0], got[1], time.monotonic(), now)
        return Cached(404, _NOT_FOUND, "text/html; charset=utf-8", time.monotonic(), now)

    def _object(self, key: str) -> tuple[bytes, str]:
        answer = self._s3.get_object(Bucket=GUEST_BUCKET, Key=key)
        return answer["Body"].read(), answer["ContentType"]

    async def _obey_invalidations(self) -> None:
        """Forget what the invalidations name that completed since the last request."""
        for invalidation_id in self._invalidations.completed() - self._obeyed:
            paths = await asyncio.to_thread(self._paths, invalidation_id)
            for kept in list(self._cache):
                if any(fnmatchcase(kept, _as_pattern(path)) for path in paths):
                    del self._cache[kept]
            self._obeyed.add(invalidation_id)

    def _paths(self, invalidation_id: str) -> list[str]:
        answer = self._cloudfront.get_invalidation(
            DistributionId=self._distribution_id, Id=invalidation_id
        )
        paths: list[str] = answer["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]
        return paths

    async def _wrong_door(self, request: web.Request) -> web.Response:
        """Pass on to the crew service without custom headers; it answers 403 to such calls."""
        if self._session is None:
            raise RuntimeError("the edge is closed")
        headers = {n: v for n, v in request.headers.items() if n.lower() in _PASSED_ON}
        async with self._session.request(
            request.method,
            f"{self._crew_url}/{request.match_info['path']}",
            params=request.query,
            headers=CIMultiDict(headers),
            data=await request.read(),
        ) as answer:
            body = await answer.read()
            if answer.status == web.HTTPUnauthorized.status_code:
                return web.json_response({"message": "Forbidden"}, status=403)
            return web.Response(status=answer.status, body=body, content_type=answer.content_type)


def _as_pattern(path: str) -> str:
    """An invalidation's path, where `*` at the end is the only thing that is not itself."""
    literal = re.sub(r"([\[?])", r"[\1]", path.removesuffix("*")).replace("*", "[*]")
    return literal + ("*" if path.endswith("*") else "")


def _response(kept: Cached, x_cache: str) -> web.Response:
    return web.Response(
        status=kept.status,
        body=kept.body,
        headers={"Content-Type": kept.content_type, "X-Cache": x_cache},
    )
