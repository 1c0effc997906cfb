"""One charter's timeline, for whoever looks for the cause: kills, presses, calls, the thread."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.driver import Sandbox
from tests.kills.stream import Streamed

_LOGGED = ("event", "level", "job", "step", "target_service", "operation", "status", "reason")
_LONGEST = 160


def timeline(sandbox: Sandbox, streamed: Streamed, booking_id: str) -> str:
    """What happened to a charter, in order; times are UTC."""
    found = [
        *_kills(streamed),
        *_presses(streamed, booking_id),
        *_said(sandbox, booking_id),
        *_logged(sandbox.root, booking_id),
    ]
    lines = [f"{_clock(at)}  {words[:_LONGEST]}" for at, words in sorted(found)]
    return "\n".join([*lines, *_standing(streamed, booking_id)])


def _kills(streamed: Streamed) -> Iterator[tuple[float, str]]:
    for life, at in streamed.killed:
        yield at, f"------ killed: {life}"


def _presses(streamed: Streamed, booking_id: str) -> Iterator[tuple[float, str]]:
    for press in streamed.evidence.presses:
        if press.booking_id == booking_id:
            words = f"{press.who} presses {press.action}"
            yield press.at, f"{words}: {press.acked} of {press.times} acknowledged"


def _said(sandbox: Sandbox, booking_id: str) -> Iterator[tuple[float, str]]:
    """What the bot asked of Slack about it."""
    for call in sandbox.slack.calls():
        asked = json.dumps(call["arguments"], default=str)
        if booking_id in asked or booking_id.upper() in asked:
            text = str(call["arguments"].get("text") or "")
            yield float(call["at"]), f"Slack: {call['method']} {call['error'] or 'ok'}: {text}"


def _logged(root: Path, booking_id: str) -> Iterator[tuple[float, str]]:
    for log in sorted(root.glob("life-*.log")):
        for line in log.read_text(errors="replace").splitlines():
            if booking_id in line and line.startswith("{"):
                said: dict[str, Any] = json.loads(line)
                at = datetime.fromisoformat(said["timestamp"]).timestamp()
                words = " ".join(f"{name}={said[name]}" for name in _LOGGED if name in said)
                yield at, f"{log.stem}: {words}"


def _standing(streamed: Streamed, booking_id: str) -> list[str]:
    """What the systems and the thread hold at the end."""
    evidence = streamed.evidence
    made = [e for e in (*evidence.entries, *evidence.events) if e["booking_id"] == booking_id]
    told = [m.plain for m in (*evidence.cards(booking_id), *evidence.thread(booking_id))]
    return [*(f"holds  {json.dumps(each, default=str)}" for each in made), *told]


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S.%f}"[:-3]
