"""Homes as people see them: one store, a Slack of screens, and as many bots as are started."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from follow_up_world import proposal
from orchestration_fakes import NOW

from bot.domain.progress import Decision
from bot.orchestration.authority import Authority
from bot.orchestration.homes import Homes
from bot.store.queries import charters
from bot.store.store import Store

WAITS, COMES = "Waiting for approval: ", "Next charters"


@dataclass
class Screens:
    """What each person's Home shows, and every view that was sent.

    `fail`: what sending raises; `lose`: what it raises although the view arrived.
    """

    shown: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)
    lose: list[Exception] = field(default_factory=list)
    members: frozenset[str] | Exception = frozenset({"U0MATE"})
    asked: int = 0

    async def publish_home(self, user: str, view: Any) -> None:
        if self.fail:
            raise self.fail.pop(0)
        self.shown[user] = json.dumps(view)
        self.sent.append((user, self.shown[user]))
        if self.lose:
            raise self.lose.pop(0)

    async def group_members(self, _group: str) -> frozenset[str]:
        self.asked += 1
        if isinstance(self.members, Exception):
            raise self.members
        return self.members


@dataclass
class World:
    store: Store
    screens: Screens = field(default_factory=Screens)
    now: datetime = NOW
    seconds: float = 0.0
    running: list[Homes] = field(default_factory=list)

    def start(self) -> Homes:
        """The bot, started anew."""
        authority = Authority(("U0CAPTAIN", "S0OPS"), self.screens, clock=lambda: self.seconds)
        self.running.append(Homes(self.store, self.screens, authority, lambda: self.now))
        return self.running[-1]

    async def proposes(self, booking_id: str = "xhqgmdh") -> None:
        await self.store.write(charters.propose, proposal(booking_id), mail=None, at=self.now)

    async def approves(self) -> None:
        decision = Decision(user="U0CAPTAIN", at=NOW, approved=True)
        plan = (("crew_event", "Crew event"),)
        whole = proposal().complete()
        await self.store.write(charters.approve, whole, version=1, decision=decision, plan=plan)

    async def until(self, user: str, text: str) -> str:
        async with asyncio.timeout(10):
            while text not in self.screens.shown.get(user, ""):
                await asyncio.sleep(0.01)
        return self.screens.shown[user]

    async def quiet(self) -> None:
        """Wait until nothing is being drawn."""
        async with asyncio.timeout(10):
            while any(each._followers._tasks for each in self.running):
                await asyncio.sleep(0.01)
