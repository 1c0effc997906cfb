"""Calls that are made at once fail as one."""

import pytest

from bot.domain.errors import NeedsPerson, Retriable
from bot.steps.together import together


async def _fails(error: Exception) -> None:
    raise error


async def test_the_longest_pause_that_any_of_them_asked_for_is_kept() -> None:
    failures = (
        Retriable("No answer."),
        Retriable("Too many.", after=9.0),
        Retriable("Busy.", after=2.0),
    )
    with pytest.raises(Retriable, match="Too many") as raised:
        await together(map(_fails, failures))
    assert raised.value.after == 9.0


async def test_of_others_the_first_is_told() -> None:
    failures = (NeedsPerson("No key."), Retriable("Too many.", after=9.0))
    with pytest.raises(NeedsPerson, match="No key"):
        await together(map(_fails, failures))
