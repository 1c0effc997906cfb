"""What a person is told when a command fails: a sentence, never a trace.

Once the bot runs, standard error is its log: there the sentence is a line of JSON like all others.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import typer

from bot.domain.errors import ServiceError
from bot.logs import describe, last_words, place
from bot.redaction import Redactor
from bot.settings import SettingsError, load_environment
from bot.store.failures import Failure, failure_of
from bot.views.text import plain

# By name, because their modules are slow to import: their words are for the person as they stand.
_SAID_WELL = {
    "AlreadyRunningError",
    "BackupError",
    "NewerSchemaError",
    "NoDatabaseError",
    "OtherSchemaError",
    "PortRefusedError",
    "SlackRefusedError",
    "SwapError",
}
# As in sysexits.h, so that a service manager can tell a wrong setting, which stays wrong, from a
# failure that a restart may mend.
WRONG_SETTINGS, BUG, FAILED = 78, 70, 1
REPORTS = Path("var/errors.log")
_LONGEST = 600


def explain(error: Exception) -> int:
    """Say on standard error what went wrong, and return the exit code."""
    what, code = _words(error)
    typer.echo(f"charter: {what}", err=True)
    return code


def end_of_run(error: Exception) -> int:
    """Log why the bot ended, and return the exit code."""
    what, code = _words(error)
    last_words(what)
    return code


def _words(error: Exception) -> tuple[str, int]:
    if isinstance(error, SettingsError):
        lines = ["the settings cannot be used:", *(f"  {fault}" for fault in error.faults)]
        return "\n".join(lines), WRONG_SETTINGS
    if isinstance(error, ServiceError):
        return f"{error.what} {error.hint}".rstrip(), FAILED
    if failure := _of_database(error):
        _appended(_as_line(error))  # for who wants more; a person has the cause
        return plain(failure, _LONGEST), FAILED
    if type(error).__name__ in _SAID_WELL:
        return str(error), FAILED
    what = f"stopped by a fault of its own: {type(error).__name__} at {place(error)}."
    return f"{what} Please report it with the last line of {_report(error)}.", BUG


def _of_database(error: Exception) -> Failure | None:
    try:
        url = load_environment(os.environ).charter_database_url.get_secret_value()
    except SettingsError:  # of a command that needs none
        return None
    return failure_of(error, sa.make_url(url))


def _report(error: Exception) -> str:
    """Append type and places of the error to a file, and return where it is."""
    line = _as_line(error)
    if _appended(line):
        return str(REPORTS)
    sys.stderr.write(line)
    return "this output"


def _appended(line: str) -> bool:
    """Whether it could be."""
    try:
        REPORTS.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(REPORTS, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600), "a") as log:
            log.write(line)
    except OSError:
        return False
    return True


def _as_line(error: Exception) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    report: dict[str, Any] = {"timestamp": now, "level": "error", "event": "stopped"}
    return f"{json.dumps(report | Redactor().value({'exception': describe(error)}))}\n"
