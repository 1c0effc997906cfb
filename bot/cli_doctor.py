"""`charter doctor`: each check as it is known, in a terminal; all of them as JSON for a program."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer

from bot import logs
from bot.doctor.check import Check, Level
from bot.redaction import Redactor
from bot.settings import Settings, SettingsError, load
from bot.views.text import count, plain

_MARKS = {Level.OK: "✓", Level.WARN: "!", Level.FAIL: "✗"}
_COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


def examine_all(environ: Mapping[str, str], *, as_json: bool, colour: bool) -> int:
    """Check everything, show it, and return the exit code: 1 if anything failed."""
    logs.configure(Redactor(), level="ERROR")

    def show(check: Check) -> None:
        if not as_json:
            typer.echo(_told(check, colour=colour))

    checks = _found(environ, show)
    said = json.dumps(_object(checks), ensure_ascii=False, indent=2) if as_json else None
    typer.echo(said or _summary(checks))
    return 0 if all(check.ok for check in checks) else 1


def _found(environ: Mapping[str, str], show: Callable[[Check], None]) -> tuple[Check, ...]:
    try:
        settings = _settings(environ)
    except SettingsError as error:
        faults = tuple(_fault(fault) for fault in error.faults)
        for check in faults:
            show(check)
        return faults
    from bot.wiring_doctor import checks  # noqa: PLC0415 - everything is behind it

    found: tuple[Check, ...] = asyncio.run(checks(settings, show))
    return found


def _settings(environ: Mapping[str, str]) -> Settings:
    """As `charter run` would have them; by HTTP where only that is configured."""
    by_http = bool(environ.get("SLACK_SIGNING_SECRET")) and not environ.get("SLACK_APP_TOKEN")
    return load(None, environ, http=by_http)


def _fault(fault: str) -> Check:
    key, _, what = fault.partition(": ")
    return Check.failure(f"Setting {key}", what, "Correct it, then run charter doctor again.")


def _told(check: Check, *, colour: bool) -> str:
    mark = _MARKS[check.level]
    shown = typer.style(mark, fg=_COLOURS[check.level], bold=True) if colour else mark
    hint = f"\n    {plain(check.hint, 600)}" if check.hint and check.level is not Level.OK else ""
    return f"{shown} {plain(check.name)}: {plain(check.what, 600)}{hint}"


def _summary(checks: Sequence[Check]) -> str:
    failed = sum(check.level is Level.FAIL for check in checks)
    warned = sum(check.level is Level.WARN for check in checks)
    if not failed and not warned:
        return f"All {len(checks)} checks are well."
    return f"{count(len(checks), 'check')}: {failed} failed, {warned} to look at."


def _object(checks: Sequence[Check]) -> dict[str, Any]:
    return {
        "ok": all(check.ok for check in checks),
        "checks": [check.model_dump(mode="json") for check in checks],
    }
