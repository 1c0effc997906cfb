"""Leave for each effect: whoever asked for it is looked up again, just before."""

from dataclasses import dataclass

from bot.domain.errors import NeedsPerson, Retriable
from bot.orchestration.authority import Authority


@dataclass(frozen=True)
class Wish:
    """How a person asked for an effect, and how it is asked for `again`."""

    did: str
    again: str


RUN = Wish("approved this, or pressed Retry,", "If it is still wanted, an operator presses Retry.")
FOLLOW_UP = Wish("asked for this", "If it is still wanted, an operator asks for it again.")


async def ask_leave(authority: Authority, wish: Wish, who: str | None) -> None:
    """Return if `who`, who made the wish, may still do so.

    Work may go on long after that: a bot that was away for a weekend goes on with it.

    Raises:
        NeedsPerson: they are no operator now, or nobody is known.
        Retriable: Slack could not say.
    """
    if who is None:
        raise NeedsPerson("Nobody is known to have approved this, so it was not done.", wish.again)
    verdict = await authority.verdict(who)
    if verdict.may:
        return
    if not verdict.asked:
        raise Retriable(
            f"Slack could not say whether whoever {wish.did} is still an operator, so it was not "
            "done."
        )
    raise NeedsPerson(
        f"Whoever {wish.did} is no operator any more, so it was not done.", wish.again
    )
