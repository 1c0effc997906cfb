"""The styles and scripts that go into the guests' page, small: phones pay for every byte."""

import re
from pathlib import Path

_STRING_OR_COMMENT = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|/\*.*?\*/|(?P<open>/\*)""", re.DOTALL
)


def joined_styles(folder: Path, names: tuple[str, ...]) -> str:
    """The style sheets of these names in one, without comments and indentation.

    Raises:
        ValueError: a comment is not closed.
    """
    return "".join(_lines(_uncommented(folder / "css" / f"{name}.css")) for name in names)


def joined_scripts(folder: Path, names: tuple[str, ...]) -> str:
    """The scripts of these names in one, without indentation and lines of comment.

    Raises:
        ValueError: one is written so that to drop lines could change what it does.
    """
    return "".join(_lines(_checked(folder / "js" / f"{name}.js")) for name in names)


def _uncommented(path: Path) -> str:
    def kept(found: re.Match[str]) -> str:
        if found["open"]:
            raise ValueError(f"{path}: a comment is not closed")
        return found["string"] or ""

    return _STRING_OR_COMMENT.sub(kept, path.read_text("utf-8"))


def _checked(path: Path) -> str:
    """The script without its lines of comment. What a line is, is told by the line alone."""
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    kept = [line for line in lines if not line.startswith("//")]
    for line in kept:
        if "/*" in line or "*/" in line:
            raise ValueError(f"{path}: comments are lines that begin with // ({line})")
        if line.count("`") % 2:
            raise ValueError(f"{path}: a template goes over several lines ({line})")
    return "\n".join(kept)


def _lines(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line)
