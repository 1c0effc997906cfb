"""What a handler may reach."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.message import Message
from bot.engine import Jobs
from bot.orchestration.authority import Authority
from bot.orchestration.homes import Homes
from bot.orchestration.policy import Policy
from bot.services.ports import Chat
from bot.store.store import Store


@dataclass(frozen=True)
class Desk:
    """Everything behind the edge. `doctor` checks every outside thing and reports."""

    jobs: Jobs
    store: Store
    chat: Chat
    authority: Authority
    policy: Policy
    clock: Callable[[], datetime]
    doctor: Callable[[], Awaitable[Message]]
    homes: Homes
