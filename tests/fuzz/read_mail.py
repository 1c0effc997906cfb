"""Fuzzes the reader, from the golden mails and the corpus that is kept beside this file.

    python -m tests.fuzz.read_mail -max_total_time=600

What is new goes to `var/fuzz`, and so does what breaks, as `crash-…`. What broke is mended and then
kept in the corpus, with a small choice of what reached new code.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.mail", "bot.domain", "email", "icalendar"]):
    from tests.fuzz.property import CORPUS, MAILS, SECONDS, BrokenError, hold

FOUND = Path(__file__).parents[2] / "var" / "fuzz"
LONGEST = 8_192  # bytes; longer mails only repeat themselves
SLOWER = 20  # times, because of the instruments


def one(raw: bytes) -> None:
    """Let one mail be read."""
    took = hold(raw)
    if took > SECONDS * SLOWER:
        raise BrokenError(f"{took:.1f} s for {len(raw)} bytes")


def main() -> None:
    """Fuzz until told to stop."""
    FOUND.mkdir(parents=True, exist_ok=True)
    asked = sys.argv[1:]
    named = any(not word.startswith("-") for word in asked)
    folders = [] if named else [str(path) for path in (FOUND, CORPUS, *sorted(MAILS.iterdir()))]
    options = [f"-max_len={LONGEST}", f"-artifact_prefix={FOUND}/", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *options, *asked, *folders], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
