"""What a planted bug is, and how it is caught."""

from dataclasses import dataclass

from tests.torture.drawing import History
from tests.torture.plant import Edit


@dataclass(frozen=True)
class Tooth:
    """A bug in words. What catches it is a `history` written by hand, that of a `seed`, the `race` of
    that seed, or a `test`.

    `law`: how the sentence begins that must be broken; without one it is that of any law, but not
    that the bot itself broke.
    """

    bug: str
    edits: tuple[Edit, ...]
    history: History | None = None
    seed: int = 0
    race: int = 0
    test: str = ""
    law: str = "Law "


def tooth(
    bug: str,
    *edits: tuple[str, str, str],
    history: History | None = None,
    seed: int = 0,
    race: int = 0,
    test: str = "",
    law: str = "Law ",
) -> Tooth:
    """Each of `edits` is an `Edit`'s where, old and new."""
    return Tooth(bug, tuple(Edit(*edit) for edit in edits), history, seed, race, test, law)
