"""How a rehearsal is to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Changes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Options:
    """How a rehearsal is to be.

    Attributes:
        latencies: seconds, as `sandbox.latencies` names them.
        rate_scale: how many times Slack's rates the stand-in allows.
        retry_scale: how many times Slack's waits before it sends an event again.
        settings: changes to charter.toml by section.
        database_url: the bot's; by default an SQLite file under the root.
        control_port: where the control server listens; 0 is any.
    """

    latencies: Mapping[str, float] = field(default_factory=dict)
    rate_scale: float = 1.0
    retry_scale: float = 1.0
    settings: Changes = field(default_factory=dict)
    database_url: str | None = None
    control_port: int = 0
