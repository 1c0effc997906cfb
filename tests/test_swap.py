"""Both files of a database are replaced, or neither, wherever it breaks off."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import swap as swaps
from bot.engine import Engine
from bot.swap import SwapError, broken_off, put_new, swap, undo

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


class PowerCut:
    """What it would leave of a folder: the names that were there when it was last synced."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        fsync = os.fsync

        def watched(handle: int) -> None:
            fsync(handle)
            if os.path.samestat(os.fstat(handle), folder.stat()):
                self.names = {each.name for each in folder.iterdir()}

        patch.setattr(os, "fsync", watched)


def test_a_power_cut_after_it_does_not_have_it_undone(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = PowerCut(tmp_path, monkeypatch)
    swap(copies(tmp_path), url, stamp=STAMP)
    assert left.names == {*NEW, *KEPT, "copies"}


def test_a_power_cut_after_it_was_undone_does_not_have_it_undone_again(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kill(tmp_path, 5) == 9
    left = PowerCut(tmp_path, monkeypatch)
    assert undo(url)
    assert left.names == {*OLD, "copies"}


def test_a_backup_that_is_told_of_is_there_after_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "packed").write_text("all of it")
    left = PowerCut(tmp_path, monkeypatch)
    put_new(tmp_path / "packed", tmp_path / "backup.zip")
    assert left.names == {"packed", "backup.zip"}


def test_a_disk_that_fails_at_the_end_is_not_said_to_have_changed_nothing(
    url: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, journal = os.fsync, tmp_path / "charter.db.restoring"

    def fails_at_the_end(handle: int) -> None:
        if (tmp_path / "charter.db").read_text() == NEW["charter.db"] and not journal.exists():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", fails_at_the_end)
    with pytest.raises(
        SwapError, match=r"in their place, but .*Input/output error.* restore again"
    ):
        swap(copies(tmp_path), url, stamp=STAMP)
    assert content(tmp_path) == NEW | KEPT


def test_a_disk_that_fails_keeps_no_backup_that_may_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "packed").write_text("all of it")
    monkeypatch.setattr(os, "fsync", fails(errno.EIO))
    with pytest.raises(OSError, match="Input/output error"):
        put_new(tmp_path / "packed", tmp_path / "backup.zip")
    assert [each.name for each in tmp_path.iterdir()] == ["packed"]


def test_a_backup_goes_where_folders_cannot_be_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "packed").write_text("all of it")
    monkeypatch.setattr(os, "fsync", fails(errno.EINVAL))
    put_new(tmp_path / "packed", tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").read_text() == "all of it"


def fails(number: int) -> Callable[[int], None]:
    def fsync(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    return fsync


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
