"""`charter backup` and `charter restore`: what a person is told of them."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from bot.backup import BackupError, backup, mark_restored, restore
from bot.settings import load_environment

_WHAT_FOLLOWS = """\
What was decided since then is not known any more: those cards wait for a decision again. What was
cancelled since must be cancelled again: /charter cancel ID
When the bot starts, it finds the mail that was posted in its channel since and what the systems
hold, and asks a person about what cannot be looked up. Other mail (by HTTP, in a thread, pasted or
pointed at) must be sent again: its cards answer "No such charter" until then.
Start it now, as it is started here: charter run, its service or its container."""


def take(environ: Mapping[str, str], file: Path, *, now: datetime) -> str:
    """Take a backup. Raises what `bot.backup.backup` does."""
    os.umask(0o077)
    about = backup(_url(environ), file, now=now)
    return (
        f"{file}: {_charters(about.charters)}, {file.stat().st_size // 1000 + 1} kB. "
        "It holds raw booking mails: keep it as private as the mailbox."
    )


def put_back(environ: Mapping[str, str], file: Path, *, now: datetime) -> str:
    """Restore a backup. Raises what `bot.backup.restore` does."""
    os.umask(0o077)
    done = restore(_url(environ), file, now=now)
    taken = f"{done.about.taken_at:%a %d %b %Y, %H:%M:%S} UTC"
    kept = "".join(f"\n  {path}" for path in done.kept)
    aside = f"\nThe files that were there are kept:{kept}" if kept else ""
    return f"Restored {_charters(done.about.charters)} as of {taken}.{aside}\n{_WHAT_FOLLOWS}"


def mark(environ: Mapping[str, str], taken_at: str, *, now: datetime) -> str:
    """Say that a PostgreSQL database was restored. Raises what `mark_restored` does."""
    try:
        moment = datetime.fromisoformat(taken_at)
    except ValueError:
        raise BackupError(f"{taken_at} is no time such as {now:%Y-%m-%dT%H:%M:%SZ}") from None
    if moment.tzinfo is None:
        raise BackupError(f"{taken_at} has no time zone; in UTC it ends with Z")
    if moment > now:
        raise BackupError(f"{taken_at} is still to come: it is {now:%Y-%m-%dT%H:%M:%SZ} now")
    mark_restored(_url(environ), taken_at=moment.astimezone(UTC), now=now)
    return f"Written down. {_WHAT_FOLLOWS}"


def _url(environ: Mapping[str, str]) -> sa.URL:
    environment = load_environment(environ)
    return sa.make_url(environment.charter_database_url.get_secret_value())


def _charters(number: int) -> str:
    return "1 charter" if number == 1 else f"{number} charters"
