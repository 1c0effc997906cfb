"""The five laws of the bot, each a sentence where it is broken.

1. Each effect happens at most once per intent, or its uncertainty is shown to a person.
2. Whatever was acknowledged ends in a visible state.
3. No effect without an authorised approval of that very version of the card.
4. What the thread says is what the systems hold.
5. No secret, contact or amount where it does not belong.
"""

from collections.abc import Iterator

from tests.torture import laws_of_answers as answers
from tests.torture import laws_of_calling as calling
from tests.torture import laws_of_cancelling as cancelling
from tests.torture import laws_of_cards as cards
from tests.torture import laws_of_claims as claims
from tests.torture import laws_of_contents as contents
from tests.torture import laws_of_effects as effects
from tests.torture import laws_of_leave as leave
from tests.torture import laws_of_looking as looking
from tests.torture import laws_of_privacy as privacy
from tests.torture import laws_of_truth as truth
from tests.torture import laws_of_words as words
from tests.torture.world import World


def at_any_time(world: World) -> list[str]:
    """What holds at every moment; where nothing has changed since the last look, it still does."""
    if world.judged == (world.left[:-1], changed := _by_hand(world)):
        return []
    world.judged = world.left[:-1], changed
    return [
        *_broke(world),
        *(f"Law 1: {said}" for said in effects.once(world)),
        *(f"Law 1: {said}" for said in calling.called(world)),
        *(f"Law 3: {said}" for said in truth.approved(world)),
        *(f"Law 3: {said}" for said in leave.given(world)),
        *(f"Law 3: {said}" for said in contents.as_approved(world)),
        *(f"Law 3: {said}" for said in cancelling.over(world)),
        *(f"Law 4: {said}" for said in truth.nothing_claimed(world)),
        *(f"Law 4: {said}" for said in words.answered_as_it_is(world)),
        *(f"Law 5: {said}" for said in privacy.no_leak(world)),
    ]


def _by_hand(world: World) -> tuple[int, ...]:
    """Grows with what people change in Slack, and with what the bot breaks."""
    workspace = world.workspace
    return len(workspace.gone), len(workspace.members), len(world.deliveries), len(world.broken)


def at_rest(world: World) -> list[str]:
    """What holds when there is nothing left to do and everything answers."""
    charters = world.charters()
    return [
        *(f"Law 1: {said}" for said in calling.asked(world, charters)),
        *(f"Law 1: {said}" for said in answers.told_once(world)),
        *(f"Law 2: {said}" for said in answers.acknowledged(world)),
        *(f"Law 2: {said}" for said in effects.visible(world, charters)),
        *(f"Law 2: {said}" for said in looking.patient(world)),
        *(f"Law 4: {said}" for said in truth.told_as_it_is(world, charters)),
        *(f"Law 4: {said}" for said in cards.carded_as_it_is(world, charters)),
        *(f"Law 4: {said}" for said in truth.held_as_written(world, charters)),
        *(f"Law 4: {said}" for said in calling.listed(world, charters)),
        *(f"Law 4: {said}" for said in words.closed_as_it_is(world, charters)),
        *(f"Law 4: {said}" for said in claims.claimed(world)),
        *(f"Law 4: {said}" for said in words.home_as_it_is(world)),
    ]


def uncertain(world: World) -> int:
    """How many questions are left to people: no success, and no violation."""
    steps = world.rows("SELECT COUNT(*) AS n FROM steps WHERE state = 'unknown'")
    follow_ups = world.rows("SELECT COUNT(*) AS n FROM follow_ups WHERE outcome = 'unknown'")
    return int(steps[0]["n"] + follow_ups[0]["n"])


def _broke(world: World) -> Iterator[str]:
    for said in world.broken:
        yield f"The bot itself broke: {said}"
