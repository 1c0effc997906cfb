"""Databases put in the place of others: both files or neither, whatever breaks off in between.

What is about to be moved is written down first, in a file beside the database. As long as that file
is there, the change is undone by whoever holds the place next: `charter run` or `charter restore`.
"""

import errno
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field, ValidationError

from bot.domain.frozen import Frozen
from bot.store.database import engine_url

_BESIDE_A_DATABASE = ("-shm", "-wal", "")


class SwapError(Exception):
    """It is not as it was, and perhaps not as it is to be; its words say what to do."""


class _Journal(Frozen):
    """What a swap moves: `there` are the names of files that were there before it.

    They and the stamp are all that is believed of the file: it is read by root, too.
    """

    stamp: Annotated[str, Field(pattern=r"^\d{8}T\d{6}Z$")]
    there: tuple[str, ...]


def files_of(url: sa.URL) -> tuple[Path, Path]:
    """The bot's file and the engine's, of a SQLite database."""
    return Path(url.database or ""), Path(engine_url(url).database or "")


def broken_off(url: sa.URL) -> bool:
    """Whether a swap was begun that has not come to its end."""
    return _journal_of(files_of(url)).exists()


def swap(copies: Sequence[Path], url: sa.URL, *, stamp: str) -> tuple[Path, ...]:
    """Put each copy in its file's place, and what was there aside; its new names are returned.

    Fewer copies than files leave no file in the place of the others. `stamp`: what the names of
    files that are put aside end with, as 20260530T120000Z. The place at the database must be held.

    Raises:
        OSError: it failed, and everything is as it was.
        SwapError: it failed, and not everything could be put back, or will stay as it is.
    """
    targets = files_of(url)
    parts = {part: _aside(part, target, stamp) for target in targets for part in _parts(target)}
    there = {part: aside for part, aside in parts.items() if part.exists()}
    if taken := [aside for aside in there.values() if aside.exists()]:
        raise FileExistsError(f"{taken[0]} exists already")
    try:
        _write_down(_Journal(stamp=stamp, there=tuple(part.name for part in there)), targets)
        for part, aside in there.items():
            part.rename(aside)
        for copy, target in zip(copies, targets, strict=False):
            copy.replace(target)
        _settle(targets)
    except BaseException:
        undo(url)
        raise
    return tuple(there[target] for target in targets if target in there)


def undo(url: sa.URL) -> bool:
    """Put back what a swap that broke off has put aside; whether there was one.

    The place at the database must be held.

    Raises:
        SwapError: it could not be put back.
    """
    targets, journal = files_of(url), None
    try:
        journal = _written_down(targets)
        if journal is None:
            return False
        for target in targets:
            for part in reversed(list(_parts(target))):
                _put_back(part, _aside(part, target, journal.stamp), journal)
        _settle(targets)
    except (OSError, ValueError) as error:
        raise SwapError(_where_it_is(targets, journal, error)) from error
    return True


def _put_back(part: Path, aside: Path, journal: _Journal) -> None:
    if part.name not in journal.there:
        part.unlink(missing_ok=True)  # the copy, or what was opened since
    elif aside.exists():
        aside.replace(part)


def _parts(target: Path) -> Iterator[Path]:
    """All that belongs to a database. Its main file is the last: alone, a log would be dropped."""
    return (Path(f"{target}{suffix}") for suffix in _BESIDE_A_DATABASE)


def _aside(part: Path, target: Path, stamp: str) -> Path:
    suffix = part.name.removeprefix(target.name)
    return target.with_name(f"{target.stem}-replaced-{stamp}{target.suffix}{suffix}")


def _journal_of(targets: Sequence[Path]) -> Path:
    return Path(f"{targets[0]}.restoring")


def _write_down(journal: _Journal, targets: Sequence[Path]) -> None:
    file = _journal_of(targets)
    half = Path(f"{file}.new")
    try:
        with half.open("w") as written:
            written.write(journal.model_dump_json())
            written.flush()
            os.fsync(written.fileno())
        give_to_owner(half, targets[0])
        half.replace(file)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    _on_disk(file.parent)


def _written_down(targets: Sequence[Path]) -> _Journal | None:
    try:
        return _Journal.model_validate(json.loads(_journal_of(targets).read_text()))
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise ValueError(f"{_journal_of(targets).name} cannot be read") from error


def _settle(targets: Sequence[Path]) -> None:
    """It is as it is to be: see that it is on disk, then forget for good that it was begun."""
    folder = targets[0].absolute().parent
    _on_disk(folder)
    _journal_of(targets).unlink()
    try:
        # A journal that came back after a power cut would undo all that the bot does from now on.
        _on_disk(folder)
    except OSError as error:
        raise SwapError(
            f"the files are in their place, but the disk fails to keep them there ({error}). Mend "
            "it, then restore again"
        ) from error


def _on_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # what file systems say that have no such thing for folders
            raise
    finally:
        os.close(handle)


def _where_it_is(targets: Sequence[Path], journal: _Journal | None, error: Exception) -> str:
    stamp = journal.stamp if journal else ""
    kept = [each for t in targets for each in t.parent.glob(f"{t.stem}-replaced-{stamp}*")]
    names = f"kept: {', '.join(map(str, sorted(set(kept))))}" if kept else "still in its place"
    return (
        f"a restore broke off, and what was there before could not be put back ({error}). It is "
        f"{names}. Once that is mended, start the bot or restore again: either puts it back first"
    )


def put_new(packed: Path, file: Path) -> None:
    """Give a file that is on disk its name, for good: whole or not at all, never over another file.

    Raises:
        OSError: there is such a file, or it cannot be written.
    """
    try:
        os.link(packed, file)
    except FileExistsError:
        raise
    except OSError:  # vfat and exFAT, as on many a stick, know no links
        _copy_over(packed, file)
    try:
        _on_disk(file.absolute().parent)
    except BaseException:
        file.unlink()
        raise


def _copy_over(packed: Path, file: Path) -> None:
    with packed.open("rb") as source, file.open("xb") as target:
        try:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        except BaseException:
            file.unlink()
            raise


def make_folder(folder: Path) -> None:
    """Make a folder where there is none; root gives it to whom the one above belongs."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir()
        give_to_owner(folder, folder)


def give_to_owner(made: Path, place: Path) -> None:
    """Give what root made to whom the file in its place belongs; if none is there, the folder.

    Raises:
        OSError: it cannot be given away.
    """
    if os.geteuid() != 0:
        return
    replaces = place.exists() and place != made
    model = (place if replaces else place.absolute().parent).stat()
    os.chown(made, model.st_uid, model.st_gid, follow_symlinks=False)
