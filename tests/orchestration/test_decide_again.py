"""The job of one click on a card that has to run again: one decision, one line, nothing false."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from follow_up_world import ID, ListeningChat, Submitted, proposal
from orchestration_fakes import NOW

from bot.domain.charter import State
from bot.domain.errors import NeedsPerson, Retriable
from bot.orchestration.authority import Authority
from bot.orchestration.decide import Decisions
from bot.store.queries import audit, charters, overviews
from bot.store.store import Store
from bot.views.press import APPROVE, REJECT

AWAY = Retriable("Slack cannot be reached.")
NEIGHBOUR = "kxwgpzt"


class KilledError(BaseException):
    """The process ends here."""


@dataclass
class Narration:
    """Which charters were to be drawn again. `fail`: what the next touch raises."""

    store: Store
    touched: list[str] = field(default_factory=list)
    fail: list[BaseException] = field(default_factory=list)

    def touch(self, booking_id: str) -> None:
        if self.fail:
            raise self.fail.pop(0)
        self.touched.append(booking_id)

    async def catch_up(self) -> None:
        for booking_id in await self.store.read(overviews.unshown):
            self.touch(booking_id)

    async def refresh_card(self, booking_id: str) -> None:
        self.touch(booking_id)


@dataclass
class Office:
    """Two proposed charters that are too close, and the job that decides about the first."""

    store: Store
    narration: Narration
    chat: ListeningChat = field(default_factory=ListeningChat)
    jobs: Submitted = field(default_factory=Submitted)

    async def decide(self, action: str, *, user: str = "U0MATE") -> None:
        plan = (SimpleNamespace(name="calendar", label="Calendar entry"),)
        authority = Authority(("S0OPS",), self.chat, clock=lambda: 0.0)
        job = Decisions(
            self.store, self.jobs, self.chat, authority, self.narration, plan, lambda: NOW
        )
        payload = {"key": "click:1", "action": action, "booking_id": ID, "version": 1}
        await job.work({**payload, "user": user, "channel": "C0"})

    async def audited(self) -> list[str]:
        return [entry.what for entry in await self.store.read(audit.of_booking, ID)]

    async def state(self) -> State | None:
        overview = await self.store.read(overviews.overview, ID)
        return overview.state if overview else None


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    store = Store.open(f"sqlite:///{tmp_path / 'charter.db'}")
    await store.migrate()
    for booking_id in (ID, NEIGHBOUR):
        await store.write(charters.propose, proposal(booking_id), mail=None, at=NOW)
        changed = await store.read(overviews.changed, booking_id)
        await store.write(charters.shown, booking_id, changed)
    yield Office(store, Narration(store))
    store.close()


async def test_a_refusal_is_one_line_and_is_said_once_slack_can_take_it(office: Office) -> None:
    office.chat.deaf = [AWAY, AWAY]
    for _ in range(2):
        with pytest.raises(Retriable):
            await office.decide(APPROVE, user="U0STRANGER")
    await office.decide(APPROVE, user="U0STRANGER")
    assert await office.audited() == [f"refused {APPROVE}"]
    assert len(office.chat.whispers) == 1


async def test_who_was_refused_because_the_group_could_not_be_asked_is_told_so(
    office: Office,
) -> None:
    office.chat.groups, office.chat.deaf = [AWAY], [AWAY]
    with pytest.raises(Retriable):
        await office.decide(APPROVE)
    await office.decide(APPROVE)
    [(user, said)] = office.chat.whispers
    assert user == "U0MATE"
    assert "Nothing was done. Slack could not say just now" in said
    assert await office.state() is State.PROPOSED
    assert await office.audited() == [f"refused {APPROVE}"]


async def test_a_click_that_has_approved_is_not_refused_when_it_goes_on(office: Office) -> None:
    office.narration.fail = [KilledError()]
    with pytest.raises(KilledError):
        await office.decide(APPROVE)
    office.chat.groups = [AWAY]
    await office.decide(APPROVE)
    assert office.chat.whispers == []
    assert office.jobs.keys == [f"charter:{ID}:v1"]
    assert await office.audited() == ["approved"]


@pytest.mark.parametrize("killed", [False, True])
async def test_the_neighbours_card_follows_whether_or_not_the_bot_was_killed(
    office: Office, killed: bool
) -> None:
    office.narration.fail = [KilledError()] if killed else []
    if killed:
        with pytest.raises(KilledError):
            await office.decide(REJECT)
        assert NEIGHBOUR in await office.store.read(overviews.unshown)
    await office.decide(REJECT)
    assert await office.state() is State.REJECTED
    assert {ID, NEIGHBOUR} <= set(office.narration.touched)


async def test_a_person_who_left_the_channel_fails_no_job(office: Office) -> None:
    office.chat.deaf = [NeedsPerson("Slack refused chat.postEphemeral: not_in_channel.")]
    await office.decide(APPROVE, user="U0STRANGER")
    assert await office.audited() == [f"refused {APPROVE}"]
