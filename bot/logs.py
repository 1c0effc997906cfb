"""The log: one JSON object a line on standard error, the bot's own and every library's alike."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, TextIO

import structlog
from structlog.contextvars import bound_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.domain.errors import ServiceError
from bot.redaction import Redactor

# What these say below a warning is noise at best: httpx writes whole query strings, botocore
# whole secrets.
_QUIET = (
    "aiohttp",
    "alembic",
    "asyncio",
    "boto3",
    "botocore",
    "dbos",
    "httpcore",
    "httpx",
    "s3transfer",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "urllib3",
)
_FRAMES = 12


def configure(redactor: Redactor, *, stream: TextIO | None = None, level: str = "INFO") -> None:
    """Send everything that is logged from now on to `stream` (standard error), redacted."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        _exceptions,
        _no_traces,
        _Redaction(redactor),
        _timestamp,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)
    for name in _QUIET:
        _quieten(logging.getLogger(name))


@contextmanager
def bind(**values: str | int) -> Iterator[None]:
    """Add `booking_id`, `correlation_id`, … to every line that is logged inside."""
    with bound_contextvars(**values):
        yield


def last_words(why: str) -> None:
    """Why the process ends: the log's last line; on a terminal, for people, a plain one, too."""
    structlog.get_logger().critical("ended", reason=why)
    if sys.stderr.isatty():
        sys.stderr.write(f"charter: {why}\n")
    sys.stderr.flush()


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as type and place. Its message stays out: a payload may be quoted in it."""
    return _described(error, ())


def _described(error: BaseException, outer: tuple[BaseException, ...]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins."),
        "frames": _frames(error),
    }
    if isinstance(error, ServiceError):
        described["what"] = error.what
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    # What was raised from a group may be one of those in it, which would go round and round.
    seen = (*outer, error)
    if cause is not None and cause not in seen:
        described["cause"] = _described(cause, seen)
    if isinstance(error, BaseExceptionGroup):
        among = [_described(inner, seen) for inner in error.exceptions if inner not in seen]
        described["among"] = among
    return described


def place(error: BaseException) -> str:
    """Where an exception was raised, as `file.py:line in function`."""
    frames = _frames(error)
    return frames[-1] if frames else "an unknown place"


def _frames(error: BaseException) -> list[str]:
    frames = [
        f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<frozen")
    ]
    return frames[-_FRAMES:]


def _exceptions(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = sys.exc_info()[1] if info is True else info
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        event["exception"] = describe(error)
    return event


class _Redaction:
    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        hide = self._redactor
        return {
            # Names with an underscore are structlog's own and never printed.
            name if name.startswith("_") else hide.text(name): (
                value if name.startswith("_") else hide.value(value, name=name)
            )
            for name, value in event.items()
        }


def _no_traces(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A library that writes a whole traceback into its words says what was before it."""
    said, traced, _rest = str(event.get("event", "")).partition("Traceback (most recent call last)")
    if traced:
        event["event"] = said.rstrip(" :\n") or "An exception."
    return event


def _timestamp(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    first = {name: event[name] for name in ("level", "event") if name in event}
    return {"timestamp": now.replace("+00:00", "Z"), **first, **event}


def _quieten(logger: logging.Logger) -> None:
    for handler in logger.handlers:
        logger.removeHandler(handler)
    logger.addHandler(logging.NullHandler())  # DBOS adds a handler of its own where there is none
    logger.setLevel(logging.WARNING)
    logger.propagate = True
