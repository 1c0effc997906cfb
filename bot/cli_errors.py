"""What a person is told when a command fails: a sentence, never a trace."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import ServiceError
from bot.logs import describe, place
from bot.redaction import Redactor
from bot.settings import SettingsError

# By name, because their modules are slow to import: their words are for the person as they stand.
_SAID_WELL = {
    "AlreadyRunningError",
    "BackupError",
    "NewerSchemaError",
    "NoDatabaseError",
    "OtherSchemaError",
}
# As in sysexits.h, so that a service manager can tell a wrong setting, which stays wrong, from a
# failure that a restart may mend.
WRONG_SETTINGS, BUG, FAILED = 78, 70, 1
REPORTS = Path("var/errors.log")


def explain(error: Exception) -> int:
    """Say on standard error what went wrong, and return the exit code."""
    if isinstance(error, SettingsError):
        lines = ["the settings cannot be used:", *(f"  {fault}" for fault in error.faults)]
        return _say("\n".join(lines), WRONG_SETTINGS)
    if isinstance(error, ServiceError):
        return _say(f"{error.what} {error.hint}".rstrip(), FAILED)
    if isinstance(error, SQLAlchemyError):
        _report(error)
        return _say(
            f"the database cannot be used ({type(error).__name__}). Check CHARTER_DATABASE_URL, "
            f"that its server runs and that it can be written to.",
            FAILED,
        )
    if type(error).__name__ in _SAID_WELL:
        return _say(str(error), FAILED)
    return _say(
        f"stopped by a fault of its own: {type(error).__name__} at {place(error)}. "
        f"Please report it with the last line of {_report(error)}.",
        BUG,
    )


def _say(what: str, code: int) -> int:
    typer.echo(f"charter: {what}", err=True)
    return code


def _report(error: Exception) -> str:
    """Append type and places of the error to a file, and return where it is."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    report: dict[str, Any] = {"timestamp": now, "level": "error", "event": "stopped"}
    line = json.dumps(report | Redactor().value({"exception": describe(error)}))
    try:
        REPORTS.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(REPORTS, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600), "a") as log:
            log.write(f"{line}\n")
    except OSError:
        sys.stderr.write(f"{line}\n")
        return "this output"
    return str(REPORTS)
