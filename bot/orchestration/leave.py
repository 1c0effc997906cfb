"""Leave for each effect of a run: whoever began it is looked up again, just before."""

from bot.domain.errors import NeedsPerson, Retriable
from bot.orchestration.authority import Authority

_AGAIN = "If it is still wanted, an operator presses Retry."


async def ask_leave(authority: Authority, who: str | None) -> None:
    """Return if `who`, who approved a charter or pressed Retry, may still do so.

    A run may go on long after that: a bot that was away for a weekend goes on with it.

    Raises:
        NeedsPerson: they are no operator now, or nobody is known.
        Retriable: Slack could not say.
    """
    if who is None:
        raise NeedsPerson("Nobody is known to have approved this, so it was not done.", _AGAIN)
    verdict = await authority.verdict(who)
    if verdict.may:
        return
    if not verdict.asked:
        raise Retriable(
            "Slack could not say whether whoever approved this, or pressed Retry, is still an "
            "operator, so it was not done."
        )
    raise NeedsPerson(
        "Whoever approved this, or pressed Retry, is no operator any more, so it was not done.",
        _AGAIN,
    )
