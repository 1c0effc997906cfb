"""`charter backup` and `charter restore`: what a person is told of them."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from bot.backup import backup, restore
from bot.settings import load_environment


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
    return (
        f"Restored {_charters(done.about.charters)} as of {taken}.{aside}\n"
        "What was decided since then is not known any more: those cards wait for a decision again. "
        "When the\nbot starts, it finds the mail that came since and what the systems hold, and "
        "asks a person about\nwhat cannot be looked up. Start it now: charter run"
    )


def _url(environ: Mapping[str, str]) -> sa.URL:
    environment = load_environment(environ)
    return sa.make_url(environment.charter_database_url.get_secret_value())


def _charters(number: int) -> str:
    return "1 charter" if number == 1 else f"{number} charters"
