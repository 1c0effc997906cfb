"""How long reading a mail takes, beside the standard library's bare MIME parse of the same mails.

Both in turn, on one core, over the golden mails. The bare parse is `email` with `policy.default`,
no part decoded; beside it, for whoever asks, the older and quicker `policy.compat32`.

    python -m bench.reading
"""

import gc
import statistics
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

from bot.mail.reader import read_bytes
from bot.mail.unreadable import Unreadable
from bot.settings import load_boats

ROOT = Path(__file__).parents[1]
MAILS = ROOT / "tests" / "mails"
ROUNDS = 15


def main() -> None:
    """Print mails a second, the ratio to the bare parse, and the p99 of one mail."""
    boats = load_boats(ROOT / "charter.example.toml")
    raws = [path.read_bytes() for path in sorted(MAILS.rglob("*.eml"))]

    def ours(raw: bytes) -> None:
        try:
            read_bytes(raw, name="mail.eml", boats=boats)
        except Unreadable:
            return

    def bare(raw: bytes) -> None:
        message_from_bytes(raw, policy=policy.default)

    times = _times({"ours": ours, "bare": bare, "compat32": message_from_bytes}, raws)
    each = {name: _seconds_a_mail(found) for name, found in times.items()}
    slowest = sorted(min(round_[at] for round_ in times["ours"]) for at in range(len(raws)))
    print(
        f"reading: {len(raws)} mails, {1 / each['ours']:.0f} a second on one core, "
        f"p99 {slowest[int(len(slowest) * 0.99)] * 1000:.1f} ms, "
        f"longest {slowest[-1] * 1000:.1f} ms; {each['ours'] / each['bare']:.2f} times the bare "
        f"MIME parse ({each['ours'] / each['compat32']:.1f} times that of compat32)"
    )


def _times(
    readers: dict[str, Callable[[bytes], object]], raws: list[bytes]
) -> dict[str, list[list[float]]]:
    """Seconds by reader, round and mail; the readers take turns, so that all see the same load."""
    times: dict[str, list[list[float]]] = {name: [] for name in readers}
    for read in readers.values():
        for raw in raws:
            read(raw)
    gc.disable()
    for _ in range(ROUNDS):
        for name, read in readers.items():
            times[name].append([_seconds(read, raw) for raw in raws])
        gc.collect()
    return times


def _seconds(read: Callable[[bytes], object], raw: bytes) -> float:
    began = time.perf_counter()
    read(raw)
    return time.perf_counter() - began


def _seconds_a_mail(rounds: list[list[float]]) -> float:
    return statistics.median(sum(one) / len(one) for one in rounds)


if __name__ == "__main__":
    main()
