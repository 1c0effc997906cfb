"""Writes the golden mails that grammar.cases describes, each with the reading that it must give.

    python tests/mail/write_golden.py

The same files at every run. Mails whose names do not begin with `made-` were written by hand and
are left alone.
"""

import json
import sys
from pathlib import Path

from grammar.cases import Case, cases
from grammar.wrappings import wrap

FOLDER = Path(__file__).parents[1] / "mails" / "boatsetter"
PREFIX = "made-"


def files() -> dict[str, bytes]:
    """The content of every file, by its name."""
    found: dict[str, bytes] = {}
    for case in cases():
        found[f"{PREFIX}{case.name}.eml"] = wrap(case.wording, case.how)
        found[f"{PREFIX}{case.name}.json"] = _expected(case)
    return found


def _expected(case: Case) -> bytes:
    said = dict(case.wording.expected)
    if case.unsure:
        said["unsure"] = list(case.unsure)
    return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()


def main() -> None:
    """Write what is new or different, and take away what is no longer described."""
    wanted = files()
    for stale in FOLDER.glob(f"{PREFIX}*"):
        if stale.name not in wanted:
            stale.unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_bytes(content)
    sys.stdout.write(f"{len(wanted) // 2} mails in {FOLDER.name}\n")


if __name__ == "__main__":
    main()
