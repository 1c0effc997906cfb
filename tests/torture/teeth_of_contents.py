"""Bugs of what a card says and of what is sent: a thing done once, in time, and yet not that thing."""

from tests.torture.drawing import Step
from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import BOOKING, presses, waits, way
from tests.torture.weather import Fault

_CARD = "bot.views.card:"

CONTENTS: tuple[Tooth, ...] = (
    tooth(
        "a deleted card is never posted again",
        (
            "bot.orchestration.posts:Posts._update",
            "await self._store.write(posts.forget, post.key)\n",
            "return\n",
        ),
        history=way(presses("edit"), Step("delete", 1.0, booking=BOOKING), approved=False),
        law="Law 4: xhqgmdh is proposed, and its card has buttons of version",
    ),
    tooth(
        "the card of a failed run says that all is done",
        (
            _CARD + "_record",
            "blocks.words(outcome(overview), 500),",
            "blocks.words('Done: all 6 steps finished and read back.', 500),",
        ),
        history=way(waits(30.0), faults={"crew_service.create #1": Fault.REFUSED}),
        law="Law 4: xhqgmdh is needs_person, and its card says",
    ),
    tooth(
        "the card of an approved charter says that it was rejected",
        (
            _CARD + "_decided",
            '"Approved by" if decision.approved else "Rejected by"',
            '"Rejected by" if decision.approved else "Approved by"',
        ),
        history=way(),
        law="Law 4: xhqgmdh is done, and its card does not say in its record who decided",
    ),
    tooth(
        "the notification of a rejected charter's card says that it was approved",
        (
            _CARD + "_summary",
            'verb = "Approved" if decision.approved else "Rejected"',
            'verb = "Approved"',
        ),
        history=way(presses("reject"), approved=False),
        law="Law 4: xhqgmdh is rejected, and its card does not say in its notification",
    ),
)
