"""How long the mails that are made to be slow take, beside the golden ones.

Each is as large as the caps let it be (`tests/mail/hostile.py`). In turn with them, on one core,
the golden mails are read; the ratio is of the longest hostile one to the longest golden one.

    python -m bench.hostile
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.mail.heading import heading, identity
from bot.mail.reader import read_bytes
from bot.mail.signature import Original, judged
from bot.mail.unreadable import Unreadable
from bot.settings import load_boats
from tests.mail.hostile import HEADS, SLOW, oddly_signed
from tests.signing import DOMAIN, INSTANT, Signer

ROOT = Path(__file__).parents[1]
ROUNDS = 5
SHOWN = 3
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def main() -> None:
    """Print the longest, each the quickest of its rounds."""
    boats = load_boats(ROOT / "charter.example.toml")
    golden = {path.stem: path.read_bytes() for path in sorted(ROOT.glob("tests/mails/**/*.eml"))}
    signer = Signer()
    keys = {signer.key_name: (signer.record,)}

    def read(raw: bytes) -> None:
        try:
            read_bytes(raw, name="mail.eml", boats=boats)
        except Unreadable:
            return

    def judge(raw: bytes) -> None:
        judged(Original(raw, (DOMAIN,)), keys, NOW)

    def head(raw: bytes) -> None:
        identity(raw)
        heading(raw)

    groups: dict[str, tuple[Callable[[bytes], None], dict[str, bytes]]] = {
        "golden": (read, golden),
        "read": (read, SLOW),
        "signature": (judge, oddly_signed(signer.signed(INSTANT))),
        "heading, in the bot's own process": (head, HEADS),
    }
    found = {name: _longest(work, mails) for name, (work, mails) in groups.items()}
    ordinary = found["golden"][0][0]
    for name, times in found.items():
        worst = ", ".join(f"{mail} {seconds * 1000:.0f} ms" for seconds, mail in times[:SHOWN])
        ratio = times[0][0] / ordinary
        print(f"hostile ({name}): {worst}; {ratio:.1f} times the longest golden mail")


def _longest(work: Callable[[bytes], None], mails: dict[str, bytes]) -> list[tuple[float, str]]:
    """Seconds and name, the longest first."""
    return sorted(
        ((min(_seconds(work, raw) for _ in range(ROUNDS)), name) for name, raw in mails.items()),
        reverse=True,
    )


def _seconds(work: Callable[[bytes], None], raw: bytes) -> float:
    began = time.process_time()
    work(raw)
    return time.process_time() - began


if __name__ == "__main__":
    main()
