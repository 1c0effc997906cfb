"""Leave for each effect: whoever asked for it is looked up again, just before."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.errors import NeedsPerson, Retriable
from bot.orchestration.authority import Authority


@dataclass(frozen=True)
class Wish:
    """What a person did to have an effect; what becomes of it without leave, and how it is asked
    for `again`.
    """

    did: str
    left: str
    again: str


RUN = Wish(
    "approved this, or pressed Retry,",
    "it was not done",
    "If it is still wanted, an operator presses Retry.",
)
FOLLOW_UP = Wish(
    "asked for this", "it was not done", "If it is still wanted, an operator asks for it again."
)


class Leave(Protocol):
    """`ask_leave` of one authority."""

    async def __call__(self, who: str | None, wish: Wish = FOLLOW_UP) -> None:
        """See `ask_leave`."""


async def ask_leave(authority: Authority, who: str | None, wish: Wish = FOLLOW_UP) -> None:
    """Return if `who`, who made the wish, may still do so.

    Work may go on long after that: a bot that was away for a weekend goes on with it.

    Raises:
        NeedsPerson: they are no operator now, or nobody is known.
        Retriable: Slack could not say.
    """
    if who is None:
        raise NeedsPerson(f"Nobody is known to have approved this, so {wish.left}.", wish.again)
    verdict = await authority.verdict(who)
    if verdict.may:
        return
    if not verdict.asked:
        raise Retriable(
            f"Slack could not say whether whoever {wish.did} is still an operator, so {wish.left}."
        )
    raise NeedsPerson(f"Whoever {wish.did} is no operator any more, so {wish.left}.", wish.again)
