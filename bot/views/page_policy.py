"""The guest's page's content security policy."""

import base64
from hashlib import sha256
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})


def policy(style: str, script: str, connect: tuple[str, ...]) -> str:
    """Nothing but this very style and script, requests to `connect`, and pictures in the page.

    Without a script there is nothing that could ask for anything.
    """
    active = (
        f"script-src {_source_hash(script)}",
        f"connect-src {' '.join(connect)}",
    )
    return "; ".join(
        (
            "default-src 'none'",
            *(active if script else ()),
            f"style-src {_source_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source_hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(source.encode()).digest()).decode()}'"


def origins(presign_url: str, uploads: tuple[str, ...]) -> tuple[str, ...]:
    """Where the page may send to: itself for the time of day, the crew service, the photos' store.

    A service on this machine has its bucket on another port.
    """
    parts = urlsplit(presign_url)
    service = f"{parts.scheme}://{parts.netloc}"
    beside = (f"{parts.scheme}://{parts.hostname}:*",) if parts.hostname in _LOOPBACK else ()
    return tuple(dict.fromkeys(("'self'", service, *beside, *uploads)))
