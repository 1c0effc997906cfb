"""One line for each outside call. The processors of the log add what is bound to the context."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

ALREADY_BOUND = ("attempt", "booking_id", "correlation_id")


@dataclass
class Outcome:
    """What the call came to: an HTTP status, a vendor's code or the name of what broke."""

    status: int | str = "cancelled"
    well: bool = False


@contextmanager
def logged_call(target_service: str, operation: str) -> Iterator[Outcome]:
    """Log the call when it ends, however it ends; the caller fills in the outcome.

    Only names and numbers are written: never a URL, a header or a body.
    """
    outcome, started = Outcome(), time.perf_counter()
    try:
        yield outcome
    finally:
        log = structlog.get_logger()
        bound = structlog.contextvars.get_contextvars()
        (log.info if outcome.well else log.warning)(
            "call",
            operation=operation,
            target_service=target_service,
            status=outcome.status,
            latency_ms=round((time.perf_counter() - started) * 1000, 1),
            **{name: bound[name] for name in ALREADY_BOUND if name in bound},
        )
