"""How a caller of the crew service shows its key: by the one way that the deployment has."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

Style = Literal["x-service-key", "x-service-key-sha256", "authorization", "body"]
STYLES: tuple[Style, ...] = ("x-service-key", "x-service-key-sha256", "authorization", "body")


@dataclass
class CrewSwitches:
    """How this deployment is.

    Attributes:
        key_hash: SERVICE_KEY_HASH of its function; None is not set.
        unset_answer: what every call gets while it is not set: 401, or 200 with an empty object.
        credential: the accepted style, "any" for all of them.
        photos_open: when guests may add photos: at any time before the cut-off, or "after" the
            charter's end alone.
        photo_grace_hours: how long after the charter's end photos are taken.
    """

    key_hash: str | None
    unset_answer: int = 401
    credential: str = "x-service-key"
    find_by_booking: bool = True
    update: bool = True
    delete: bool = True
    presign: Literal["post", "put"] = "post"
    photos_open: Literal["any", "after"] = "any"
    photo_grace_hours: float = 24.0


def digest(key: str) -> str:
    """The hash under which the service knows a key."""
    return hashlib.sha256(key.encode()).hexdigest()


async def knows_key(request: web.Request, switches: CrewSwitches) -> bool:
    """Whether the request shows the key, in the style that this deployment accepts."""
    if switches.key_hash is None:
        return False
    styles = STYLES if switches.credential == "any" else (switches.credential,)
    for style in styles:
        shown = await _shown(request, style)
        if shown is not None and hmac.compare_digest(shown.lower(), switches.key_hash):
            return True
    return False


async def _shown(request: web.Request, style: str) -> str | None:
    """The key's hash as shown in one style."""
    if style == "x-service-key-sha256":
        return request.headers.get("X-Service-Key-SHA256")
    key = await _raw(request, style)
    return None if key is None else digest(key)


async def _raw(request: web.Request, style: str) -> str | None:
    if style == "x-service-key":
        return request.headers.get("X-Service-Key")
    if style == "authorization":
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        return key if scheme == "Bearer" else None
    try:
        body = json.loads(await request.read())
    except ValueError:
        return None
    shown = body.get("service_key") if isinstance(body, dict) else None
    return shown if isinstance(shown, str) else None
