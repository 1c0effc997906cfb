"""The kinds of value that charter.toml holds, each refusing what would fail later.

No message repeats the value that it refuses: a secret pasted into the wrong place stays unseen.
"""

import ipaddress
import re
from collections.abc import Callable
from string import Formatter
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, StrictBool

T = TypeVar("T")
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|secretsmanager:[\w/+=.@-]+#[\w.-]+")
_SLACK_ID = re.compile(r"[A-Z][A-Z0-9]{2,20}")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_COLOUR_OR_NONE = re.compile(r"(#[0-9A-Fa-f]{6})?")
_NO_COLOUR = 'must be a colour of six hex digits, such as "#0d5468"'
_MAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;.]+(\.[^@\s<>,;.]+)+")


def is_loopback(host: str) -> bool:
    """Whether `host` is this very machine, where plain http is harmless."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def some(items: tuple[T, ...]) -> tuple[T, ...]:
    """At least one. pydantic's own check counts items that are wrong as absent, and says so too."""
    if not items:
        raise ValueError("must not be empty")
    return items


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not a URL") from None
    if not host or parts.scheme not in {"https", "http"}:
        raise ValueError("must be a URL that starts with https://")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must start with https:// (http is for this machine alone)")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must hold no user name, password, query or fragment")
    return text.rstrip("/")


def _name_server(text: str) -> str:
    """As it is, or empty."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
        ipaddress.ip_address(host)
        plain = parts.netloc == text and not parts.username and port != 0
    except ValueError:
        plain = False
    if text and not plain:
        raise ValueError('must be an address such as "10.0.0.2", or with a port "10.0.0.2:5353"')
    return text


_ESCAPES = "in a password, @ is written %40, : %3A and / %2F"


def check_database_url(text: str) -> None:
    """See that a database can be looked for there.

    Raises:
        ValueError: it is no URL of one, or names none; in words that repeat nothing of it.
    """
    # Slow to import, and `charter parse` does without; whoever needs the URL imports it anyway.
    from sqlalchemy.engine import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    if not text.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("must have slashes: sqlite:///FILE or postgresql://HOST/NAME") from None
    except ValueError:
        raise ValueError(f"has a host or a port that cannot be read; {_ESCAPES}") from None
    # Else what follows the first @ of a password is a host, and told to whoever cannot reach it.
    sqlite = url.get_backend_name() == "sqlite"
    if not sqlite and "@" in f"{url.host}{url.database}":
        raise ValueError(f"has more than one @; {_ESCAPES}")
    if sqlite and (url.host or url.database in {None, "", ":memory:"}):
        raise ValueError(
            "must name a file: sqlite:///FILE, with a fourth slash if its path begins with one"
        )


def _crew_url(text: str) -> str:
    host = urlsplit(text).hostname or ""
    if host == "cloudfront.net" or host.endswith(".cloudfront.net"):
        raise ValueError(
            "is a CloudFront host; CloudFront strips X-Service-Key, so every call would be "
            "answered 403. Use the execute-api URL of the crew service"
        )
    return text


def _holding(placeholder: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        except ValueError:
            raise ValueError("has a brace that is not closed") from None
        if found != {placeholder}:
            raise ValueError(f"must hold {{{placeholder}}} and no other placeholder")
        return text

    return check


def _matching(pattern: re.Pattern[str], message: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(message)
        return text

    return check


def _beginning(letters: str, message: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not _SLACK_ID.fullmatch(text) or text[0] not in letters:
            raise ValueError(message)
        return text

    return check


def _role(text: str) -> str:
    if text and not _ROLE.fullmatch(text):
        raise ValueError('must be a role\'s ARN (arn:aws:iam::…:role/…), or "" for none')
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


Flag = StrictBool
Text = Annotated[str, AfterValidator(_not_blank)]
Url = Annotated[str, AfterValidator(_url)]
NameServer = Annotated[str, AfterValidator(_name_server)]
CrewServiceUrl = Annotated[Url, AfterValidator(_crew_url)]
CrewLink = Annotated[Url, AfterValidator(_holding("event_id"))]
PublicUrl = Annotated[Url, AfterValidator(_holding("slug"))]
ObjectKey = Annotated[Text, AfterValidator(_holding("slug"))]
RoleArn = Annotated[str, AfterValidator(_role)]
Channel = Annotated[
    str, AfterValidator(_beginning("CG", "must be a channel's id, such as C0CHARTERS, not a name"))
]
Operator = Annotated[
    str,
    AfterValidator(
        _beginning("UWS", "must be the id of a user (U… or W…) or a user group (S…), not a name")
    ),
]
Colour = Annotated[str, AfterValidator(_matching(_COLOUR, _NO_COLOUR))]
ColourOrNone = Annotated[str, AfterValidator(_matching(_COLOUR_OR_NONE, _NO_COLOUR))]
MailAddress = Annotated[str, AfterValidator(_matching(_MAIL, "must be an e-mail address"))]
SecretReference = Annotated[
    str,
    AfterValidator(
        _matching(
            _REFERENCE,
            'must say where the secret is, "env:NAME" or "secretsmanager:name#key", '
            "and never hold the secret itself",
        )
    ),
]
