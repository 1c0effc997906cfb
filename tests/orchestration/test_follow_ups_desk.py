"""One click on a follow-up button: one effect and one true answer, whatever is interrupted."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from follow_up_world import CARD, ID, FollowUpWorld, ListeningChat, approved

from bot.domain.errors import NeedsPerson, Refused, Retriable, Unknown
from bot.domain.message import Message
from bot.services.ports import LostRace, MessageGone
from bot.store.queries import follow_ups, overviews, posts
from bot.store.store import Store

AWAY = Retriable("Slack cannot be reached.")
BUSY = Retriable("The crew service is too busy.")


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[FollowUpWorld]:
    store = Store.open(f"sqlite:///{tmp_path / 'charter.db'}")
    await store.migrate()
    yield await approved(store)
    store.close()


async def test_an_answer_that_slack_could_not_take_at_once_is_the_same_later(
    world: FollowUpWorld,
) -> None:
    world.chat.lose = [AWAY]
    with pytest.raises(Retriable):
        await world.press("resend_crew_links")
    await world.press("resend_crew_links")
    assert "3 fresh crew links mailed" in world.answer()
    assert world.links.mailed == 1
    assert await world.audited() == ["resend_crew_links done"]


async def test_a_busy_crew_service_is_asked_again_without_a_doubt(world: FollowUpWorld) -> None:
    world.links.fail = [BUSY, BUSY]
    for _ in range(2):
        with pytest.raises(Retriable):
            await world.press("resend_crew_links")
    await world.press("resend_crew_links")
    assert "3 fresh crew links mailed" in world.answer()
    assert world.links.mailed == 1


async def test_who_waits_a_minute_for_a_busy_service_is_told_and_may_press_again(
    world: FollowUpWorld,
) -> None:
    world.links.fail = [BUSY, BUSY]
    with pytest.raises(Retriable):
        await world.press("resend_crew_links")
    world.now += timedelta(minutes=1)
    await world.press("resend_crew_links")
    assert "The crew service is too busy." in world.answer()
    world.now += timedelta(seconds=1)
    await world.press("resend_crew_links", key="click:2")
    assert "3 fresh crew links mailed" in world.answer("click:2")


async def test_a_refused_resend_does_not_keep_the_next_one_waiting(world: FollowUpWorld) -> None:
    world.links.fail = [NeedsPerson("The key was refused.", "Set it.")]
    await world.press("resend_crew_links")
    await world.press("resend_crew_links", key="click:2")
    assert "3 fresh crew links mailed" in world.answer("click:2")


async def test_only_a_real_interruption_is_answered_with_the_doubt(world: FollowUpWorld) -> None:
    world.links.fail = [KilledError()]
    with pytest.raises(KilledError):
        await world.press("resend_crew_links")
    await world.press("resend_crew_links")
    assert "may or may not have gone out" in world.answer()
    assert world.links.mailed == 0


async def test_a_kill_after_the_answer_leaves_it_as_it_was(
    world: FollowUpWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    _kill_at(monkeypatch, "end")
    with pytest.raises(KilledError):
        await world.press("resend_crew_links")
    monkeypatch.undo()
    await world.press("resend_crew_links")
    assert "3 fresh crew links mailed" in world.answer()
    assert world.chat.updates == []


async def test_a_resend_that_came_too_soon_is_said_even_if_slack_was_away(
    world: FollowUpWorld,
) -> None:
    await world.press("resend_crew_links")
    world.chat.deaf = [AWAY]
    with pytest.raises(Retriable):
        await world.press("resend_crew_links", key="click:2")
    await world.press("resend_crew_links", key="click:2")
    [(_, said)] = world.chat.whispers
    assert "less than a minute ago" in said
    assert world.links.mailed == 1


async def test_one_retry_is_one_run_although_that_fails_again_before_it_is_said(
    world: FollowUpWorld,
) -> None:
    await world.fails()
    world.chat.lose = [AWAY, AWAY, AWAY]
    for _ in range(3):
        with pytest.raises(Retriable):
            await world.press("retry")
        if await _running(world):
            await world.fails()
    await world.press("retry")
    assert world.jobs.keys == [f"charter:{ID}:v2"]
    assert "trying again what is not done: Operations mail" in world.answer()


async def test_a_retry_that_was_cut_off_goes_on_with_the_run_it_began(
    world: FollowUpWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.fails()
    _kill_at(monkeypatch, "answered")
    with pytest.raises(KilledError):
        await world.press("retry")
    monkeypatch.undo()
    await world.fails()
    await world.press("retry")
    assert world.jobs.keys == [f"charter:{ID}:v2"]
    assert "trying again" in world.answer()


@pytest.mark.parametrize(
    ("late", "said"), [(True, "removed from the stored crew event"), (False, "nothing to scrub")]
)
async def test_a_scrub_that_was_cut_off_claims_what_it_removed_and_nothing_else(
    world: FollowUpWorld, late: bool, said: str
) -> None:
    world.table.notes = {"guest": "Marisol", "owner_payout": "840.75"}
    world.table.fail, world.table.late = [KilledError()], late
    with pytest.raises(KilledError):
        await world.press("scrub_revenue")
    if not late:
        world.table.notes = {"guest": "Marisol", "by": "the crew"}  # someone else took it out
    await world.press("scrub_revenue")
    assert said in world.answer()
    assert ("owner_payout" in world.answer()) is late


async def test_a_resumed_scrub_keeps_the_names_of_the_earlier_pass(world: FollowUpWorld) -> None:
    world.table.notes, world.table.then = {"owner_payout": "840.75"}, [{"captain_fee": "150.00"}]
    world.table.fail, world.table.late = [None, KilledError()], True
    with pytest.raises(KilledError):
        await world.press("scrub_revenue")
    await world.press("scrub_revenue")
    assert "owner_payout, captain_fee" in world.answer()


async def test_a_scrub_that_is_outpaced_says_what_it_did_remove(world: FollowUpWorld) -> None:
    world.table.notes = {"owner_payout": "840.75"}
    world.table.then = [{"owner_payout": "840.75"}] * 5
    await world.press("scrub_revenue")
    assert "removed owner_payout, but someone else keeps changing" in world.answer()


async def test_a_scrub_that_loses_its_race_does_not_claim_what_it_did_not_remove(
    world: FollowUpWorld,
) -> None:
    world.table.notes = {"owner_payout": "840.75"}
    world.table.fail = [LostRace()] * 5
    await world.press("scrub_revenue")
    assert "nothing was scrubbed" in world.answer()


async def test_a_refusal_is_written_down_once_however_often_it_must_be_said(
    world: FollowUpWorld,
) -> None:
    world.chat.deaf = [AWAY, AWAY]
    for _ in range(2):
        with pytest.raises(Retriable):
            await world.press("scrub_revenue", user="U0STRANGER")
    await world.press("scrub_revenue", user="U0STRANGER")
    assert await world.audited() == ["refused scrub_revenue"]
    [(user, said)] = world.chat.whispers
    assert user == "U0STRANGER"
    assert "Nothing was done." in said
    assert "could not say" not in said


async def test_whose_group_could_not_be_asked_is_told_so(world: FollowUpWorld) -> None:
    world.chat.groups = [AWAY]
    await world.press("resend_crew_links", user="U0MATE")
    [(_, said)] = world.chat.whispers
    assert "Slack could not say just now who belongs to the user group." in said
    assert world.links.mailed == 0
    await world.press("resend_crew_links", user="U0MATE", key="click:2")
    assert world.links.mailed == 1


async def test_what_was_begun_is_not_refused_when_the_group_cannot_be_asked_any_more(
    world: FollowUpWorld,
) -> None:
    world.chat.lose = [AWAY]
    with pytest.raises(Retriable):
        await world.press("resend_crew_links", user="U0MATE")
    world.chat.groups = [AWAY]
    await world.press("resend_crew_links", user="U0MATE")
    assert world.chat.whispers == []
    assert "3 fresh crew links mailed" in world.answer()


@pytest.mark.parametrize("error", [NeedsPerson("No."), Refused("Not here."), Unknown("Perhaps.")])
async def test_a_whisper_that_slack_will_not_show_fails_no_job(
    world: FollowUpWorld, error: Exception
) -> None:
    world.chat.deaf = [error]
    await world.press("scrub_revenue", user="U0STRANGER")
    assert await world.audited() == ["refused scrub_revenue"]


def _kill_at(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def killed(*_: object, **__: object) -> Callable[[], None]:
        raise KilledError

    monkeypatch.setattr(follow_ups, name, killed)


async def _running(world: FollowUpWorld) -> bool:
    overview = await world.store.read(overviews.overview, ID)
    return overview is not None and overview.state == "running"


async def test_a_card_that_was_posted_anew_meanwhile_is_not_forgotten(
    world: FollowUpWorld,
) -> None:
    store = world.store

    class Slack(ListeningChat):
        async def post(self, channel: str, message: Message, *, key: str, **how: Any) -> str:
            if how.get("thread") != "1.2":
                return await super().post(channel, message, key=key, **how)
            # The card was deleted; by the time this is told, it stands again.
            await store.write(posts.sent, CARD, ts="9.9", digest="", permalink=None)
            raise MessageGone("gone")

    world.chat = Slack()
    await world.press("scrub_revenue")
    assert "nothing to scrub" in world.answer()
    card = await store.read(posts.get, CARD)
    assert card is not None
    assert card.ts == "9.9"
