"""The card in words, held against what people decided and what came of it, not against its view.

One that a person deleted is judged by what it said last: nothing tells the bot that it is gone until
there is something new to say, and then it has to stand there again.
"""

import re
from collections.abc import Iterator

from bot.domain.charter import State
from bot.domain.progress import Overview
from bot.views.press import Press
from tests.torture.slack import Shown, buttons, words
from tests.torture.world import World

_SAID_OF = {
    State.PROPOSED: "Waiting for a decision",
    State.REJECTED: "Nothing was set up.",
    State.RUNNING: "Running: ",
    State.DONE: "finished and read back",
    State.NEEDS_PERSON: "Needs a person: ",
    State.CANCELLED: "Cancelled by",
}
_DECIDED = re.compile(r'"(Approved|Rejected) by".*?"user_id": "(\w+)"')
_VERBS = {"approved": "Approved", "rejected": "Rejected"}


def carded_as_it_is(world: World, charters: list[Overview]) -> Iterator[str]:
    """Law 4: a card says how its charter stands, and who decided."""
    for charter in charters:
        if shown := world.workspace.last(f"{charter.booking_id}:card"):
            name = f"{charter.booking_id} is {charter.state}, and its card"
            yield from (f"{name} {wrong}" for wrong in _standing(charter, shown))
            yield from (f"{name} {wrong}" for wrong in _decision(world, charter, shown))


def _standing(charter: Overview, shown: Shown) -> Iterator[str]:
    said = words(shown.message)
    for state, claim in _SAID_OF.items():
        if (claim in said) != (state is charter.state):
            yield f"{'says' if claim in said else 'does not say'}: {claim!r}."
    missed = [step.label for step in charter.troubled if step.label not in said]
    if charter.state is State.NEEDS_PERSON and missed:
        yield f"does not tell of {missed}."
    if f"\n{charter.proposal.booking.passengers} (the boat holds" not in said:
        yield "is of other guests."
    pressed = {Press.decode(value).version for value in buttons(shown.message).values()}
    if pressed - {charter.version}:
        yield f"has buttons of version {pressed}, not {charter.version}."


def _decision(world: World, charter: Overview, shown: Shown) -> Iterator[str]:
    """By whom it was approved or rejected, in the card and in its notification."""
    decided = [
        (_VERBS[row["what"]], row["who"])
        for row in world.rows("SELECT booking_id, what, who FROM audit ORDER BY id")
        if row["booking_id"] == charter.booking_id and row["what"] in _VERBS
    ]
    if _DECIDED.findall(shown.written) != decided:
        yield f"does not say in its record who decided: {decided}."
    if any(f"{verb} by <@{who}>" not in shown.message.text for verb, who in decided):
        yield f"does not say in its notification who decided: {decided}."
