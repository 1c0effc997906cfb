"""`charter mail KEY`: a stranger's bytes, exact for programs and harmless on a screen."""

import asyncio
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store.queries import mails
from bot.store.queries.mails import StoredMail
from bot.store.store import Store

ROOT = Path(__file__).parent.parent
RAW = (
    "Subject: Hello\r\n\r\n\tCafé \x1b]0;owned\x07 \x1b[2J\u202egnp\r\n".encode()
    + b"\x9b31m eight bits\rover\r\n"
)
AT = datetime(2026, 5, 14, tzinfo=UTC)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    url = f"sqlite:///{tmp_path / 'charter.db'}"

    async def keep() -> None:
        store = Store.open(url)
        await store.migrate()
        mail = StoredMail(key="k", channel="C", ts="1", user_id="U", received_at=AT, raw=RAW)
        await store.write(mails.keep, mail)
        store.close()

    asyncio.run(keep())
    return {**os.environ, "CHARTER_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}


COMMAND = [sys.executable, "-m", "bot.cli", "mail", "k"]


def test_a_pipe_gets_the_mail_as_it_came(environment, tmp_path):
    done = subprocess.run(COMMAND, env=environment, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == RAW


def test_on_a_screen_what_could_act_on_it_is_seen_instead(environment, tmp_path):
    ours, its = pty.openpty()
    subprocess.run(COMMAND, env=environment, cwd=tmp_path, stdout=its, check=True, timeout=60)
    os.close(its)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    lines = shown.replace("\r\n", "\n").split("\n")
    assert lines[:2] == ["Subject: Hello", ""]
    assert "Café <U+001B>]0;owned<U+0007> <U+001B>[2J<U+202E>gnp" in lines[2]
    assert lines[3] == "\\x9b31m eight bits<U+000D>over"
    assert not any(char in shown for char in "\x1b\x07\x9b\u202e")
