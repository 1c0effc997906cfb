"""What may become of a call on its way, and whether it then had its effect."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Each a row of every operation's table."""

    TIMEOUT_BEFORE = "time-out before the effect"
    TIMEOUT_AFTER = "time-out after the effect"
    BUSY_AFTER = "429 with Retry-After"
    BUSY = "429 without Retry-After"
    FAILED = "500"
    FAILED_AFTER = "500 after the effect"
    UNAVAILABLE = "503"
    RESET_BEFORE = "connection reset before the effect"
    RESET_AFTER = "connection reset after the effect"
    DRIP = "slow drip"
    TRUNCATED = "truncated JSON"
    MALFORMED = "malformed JSON"
    HTML = "200 with an HTML body"
    UNAUTHORISED = "401"
    FORBIDDEN = "403"
    CLOCK = "clock ten minutes off"
    REDIRECT = "redirect"
    REDIRECT_KEEPING = "redirect that keeps method and body"
    DNS = "DNS failure"
    EXPIRED = "expired credentials"
    DISK_FULL = "disk full"
    LOCKED = "database locked"


AFTER_THE_EFFECT = frozenset(
    {
        Fault.TIMEOUT_AFTER,
        Fault.FAILED_AFTER,
        Fault.RESET_AFTER,
        Fault.DRIP,
        Fault.TRUNCATED,
        Fault.MALFORMED,
    }
)
POSTGRESQL = "postgresql write"
OF_THE_DATABASE = frozenset({Fault.DISK_FULL, Fault.LOCKED})
OF_THE_WIRE = tuple(fault for fault in Fault if fault not in OF_THE_DATABASE)


@dataclass(frozen=True)
class Senseless:
    """Why a cell makes no sense."""

    why: str


_NO_FILE = Senseless("A network service is called: no disk and no database of ours is in its way.")
_NO_WIRE = Senseless(
    "SQLite is a file on this machine: there is no wire, no host, no credential. PostgreSQL, which "
    "has them, has a page of its own, which tests/scenarios/test_postgresql_faults.py plays."
)
_NO_RETRY_AFTER = Senseless("AWS sends no Retry-After; how it throttles is the row below.")
_NO_BODY = Senseless("S3's answer to a put has no body: nothing can be cut off or malformed.")
_ANY_BYTES = Senseless("What is fetched is bytes, not a form: whichever come, they are compared.")
_PUBLIC = Senseless("A public page is fetched without a credential.")
_OF_POSTGRESQL = {
    Fault.BUSY_AFTER: Senseless("PostgreSQL never says when to come back; 429 is the row below."),
    Fault.MALFORMED: Senseless(
        "There is no JSON on this wire; bytes of another protocol are HTML."
    ),
    Fault.CLOCK: Senseless("Nothing on this wire is signed with the time."),
    Fault.REDIRECT: Senseless("The protocol knows none."),
    Fault.REDIRECT_KEEPING: Senseless("The protocol knows none."),
    Fault.EXPIRED: Senseless(
        "PostgreSQL says of a password that has expired that it is wrong: 401."
    ),
}


def senseless(operation: str, dialect: str, fault: Fault) -> Senseless | None:
    """Why the operation cannot meet the fault; None if it can."""
    if operation == POSTGRESQL:
        return _OF_POSTGRESQL.get(fault)
    if (operation == "database write") is not (fault in OF_THE_DATABASE):
        return _NO_WIRE if operation == "database write" else _NO_FILE
    if fault is Fault.BUSY_AFTER and dialect in {"aws json", "aws xml", "s3"}:
        return _NO_RETRY_AFTER
    if operation == "S3 put" and fault in {Fault.TRUNCATED, Fault.MALFORMED}:
        return _NO_BODY
    if operation in {"S3 get", "public site fetch", "Slack file download"} and (
        fault is Fault.MALFORMED
    ):
        return _ANY_BYTES
    public = operation == "public site fetch" and fault in {Fault.UNAUTHORISED, Fault.EXPIRED}
    return _PUBLIC if public else None
