"""Both files of a database are replaced, or neither, wherever it breaks off."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import swap as swaps
from bot.engine import Engine
from bot.swap import SwapError, broken_off, swap, undo

STAMP = "20260530T120000Z"
OLD = {
    "charter.db": "old bot",
    "charter.db-wal": "old bot's log",
    "charter-engine.db": "old engine",
    "charter-engine.db-wal": "old engine's log",
}
NEW = {"charter.db": "new bot", "charter-engine.db": "new engine"}
KEPT = {
    f"charter-replaced-{STAMP}.db": "old bot",
    f"charter-replaced-{STAMP}.db-wal": "old bot's log",
    f"charter-engine-replaced-{STAMP}.db": "old engine",
    f"charter-engine-replaced-{STAMP}.db-wal": "old engine's log",
}
# Ends without a word, as a kill does, before the so-manieth file gets another name or none.
KILLED = f"""
import os, sys
import sqlalchemy as sa
from pathlib import Path
from bot.swap import swap

folder, left = Path(sys.argv[1]), int(sys.argv[2])

def watch(event, _):
    global left
    if event in ("os.rename", "os.remove"):
        left -= 1
        if left < 0:
            os._exit(9)

sys.addaudithook(watch)
copies = [folder / "copies" / name for name in ("charter.db", "charter-engine.db")]
swap(copies, sa.make_url(f"sqlite:///{{folder}}/charter.db"), stamp="{STAMP}")
"""


@pytest.fixture
def url(tmp_path: Path) -> sa.URL:
    (tmp_path / "copies").mkdir()
    for folder, content in ((tmp_path, OLD), (tmp_path / "copies", NEW)):
        for name, text in content.items():
            (folder / name).write_text(text)
    return sa.make_url(f"sqlite:///{tmp_path}/charter.db")


def copies(folder: Path) -> list[Path]:
    return [folder / "copies" / name for name in NEW]


def content(folder: Path) -> dict[str, str]:
    return {each.name: each.read_text() for each in folder.iterdir() if each.is_file()}


def test_the_copies_take_the_place_and_what_was_there_is_kept(url: sa.URL, tmp_path: Path) -> None:
    kept = swap(copies(tmp_path), url, stamp=STAMP)
    assert content(tmp_path) == NEW | KEPT
    assert [each.name for each in kept] == [name for name in KEPT if name.endswith(".db")]


def kill(folder: Path, after: int) -> int:
    command = [sys.executable, "-c", KILLED, str(folder), str(after)]
    return subprocess.run(command, check=False, timeout=60).returncode


@pytest.mark.parametrize("after", range(8))
def test_a_kill_in_between_is_undone(url: sa.URL, tmp_path: Path, after: int) -> None:
    """Eight: what is written down gets its name and loses it, four are put aside, two put in."""
    assert kill(tmp_path, after) == 9
    assert broken_off(url) is (after > 0)
    assert undo(url) is (after > 0)
    (tmp_path / "charter.db.restoring.new").unlink(missing_ok=True)
    assert content(tmp_path) == OLD
    assert not broken_off(url)


def test_there_is_no_ninth_instant(url: sa.URL, tmp_path: Path) -> None:
    assert kill(tmp_path, 8) == 0
    assert content(tmp_path) == NEW | KEPT


@pytest.mark.parametrize("failing", range(7))
def test_a_full_disk_changes_nothing(
    url: sa.URL, tmp_path: Path, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = {"rename": os.rename, "replace": os.replace}, []

    def full_once(name: str):
        def move(*paths: object) -> None:
            calls.append(paths)
            if len(calls) == failing + 1:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            real[name](*paths)

        return move

    for name in real:
        monkeypatch.setattr(os, name, full_once(name))
    with pytest.raises(OSError, match="No space left"):
        swap(copies(tmp_path), url, stamp=STAMP)
    assert content(tmp_path) == OLD


def test_what_cannot_be_put_back_is_named_and_put_back_later(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patched:
        patched.setattr(swaps, "_on_disk", lambda _: patched.setattr(os, "replace", refuses))
        with pytest.raises(SwapError, match="could not be put back") as told:
            swap(copies(tmp_path), url, stamp=STAMP)
    assert all(str(tmp_path / name) in str(told.value) for name in KEPT)
    assert undo(url)
    assert content(tmp_path) == OLD


def test_a_file_that_was_not_there_is_not_there_again(url: sa.URL, tmp_path: Path) -> None:
    for name in OLD:
        (tmp_path / name).unlink()
    assert kill(tmp_path, 3) == 9
    assert content(tmp_path).keys() > NEW.keys()
    assert undo(url)
    assert content(tmp_path) == {}


def test_what_an_earlier_one_kept_is_not_written_over(url: sa.URL, tmp_path: Path) -> None:
    (tmp_path / f"charter-replaced-{STAMP}.db").write_text("mine")
    with pytest.raises(FileExistsError, match="exists already"):
        swap(copies(tmp_path), url, stamp=STAMP)
    assert content(tmp_path) == OLD | {f"charter-replaced-{STAMP}.db": "mine"}


def test_a_journal_of_somebody_else_leads_nowhere(url: sa.URL, tmp_path: Path) -> None:
    (tmp_path / "charter.db.restoring").write_text('{"stamp": "/../../x", "there": []}')
    with pytest.raises(SwapError, match="cannot be read"):
        undo(url)
    assert content(tmp_path).items() > OLD.items()


async def test_a_bot_that_starts_puts_back_what_was_there(url: sa.URL, tmp_path: Path) -> None:
    assert kill(tmp_path, 5) == 9
    bot = Engine(str(url))
    await bot.hold()
    await bot.close()
    assert content(tmp_path).items() > OLD.items()
    assert not broken_off(url)
