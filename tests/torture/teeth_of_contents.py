"""Bugs of what a card says and of what is sent: a thing done once, in time, and yet not that thing."""

from tests.torture.drawing import Step
from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import BOOKING, presses, waits, way
from tests.torture.weather import Fault

_CARD, _OUTGOING = "bot.views.card:", "bot.domain.outgoing:"
_EVENT = f"{_OUTGOING}CrewEvent.of"
_NOTES, _SAID = f"{_OUTGOING}_notes", 'return ", ".join(said)'
_LINKS, _LINK = "bot.views.closing:_links", '(("Guest page", overview.guest_url)'
_PAYOUT = "overview.proposal.booking.owner_payout"
_CLOSING = "Law 5: the message xhqgmdh:closing:1 holds "

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
    tooth(
        "a contact goes to the crew and the calendar",
        (_NOTES, _SAID, 'return ", ".join([*said, "mail captain@example.com"])'),
        history=way(),
        law="Law 5: entry-0 of xhqgmdh holds a contact",
    ),
    tooth(
        "a secret goes to the crew and the calendar",
        (_NOTES, _SAID, 'return ", ".join([*said, "x-service-key: key-canary-1"])'),
        history=way(),
        law="Law 5: entry-0 of xhqgmdh holds a secret",
    ),
    tooth(
        "the card tells how to reach the renter",
        (
            _CARD + "_title",
            "date = day(local(starts_at, boat))",
            "date = overview.proposal.booking.renter_email",
        ),
        history=way(approved=False),
        law="Law 5: the message xhqgmdh:card holds a contact",
    ),
    tooth(
        "the thread holds Slack's token",
        (_LINKS, _LINK, '(("Token xoxb-1-canary", overview.guest_url)'),
        history=way(),
        law=f"{_CLOSING}a secret",
    ),
    tooth(
        "the thread tells the payout in whole dollars",
        (_LINKS, _LINK, f'((f"Payout ${{{_PAYOUT}:,.0f}}", overview.guest_url)'),
        history=way(),
        law=f"{_CLOSING}the payout",
    ),
    tooth(
        "the thread tells the payout with a comma for its cents",
        (_LINKS, _LINK, f'((str({_PAYOUT}).replace(".", ","), overview.guest_url)'),
        history=way(),
        law=f"{_CLOSING}the payout",
    ),
    tooth(
        "the thread hides the payout in base64",
        (
            _LINKS,
            _LINK,
            f"((__import__('base64').b64encode(b' %.2f' % {_PAYOUT}).decode(), overview.guest_url)",
        ),
        history=way(),
        law=f"{_CLOSING}the payout",
    ),
    tooth(
        "the crew is called at another hour",
        (_EVENT, "start_time=charter.starts_at,", "start_time=charter.starts_at.replace(hour=7),"),
        history=way(),
        law="Law 3: event-0 of xhqgmdh: When: ",
    ),
    tooth(
        "no crew is called",
        (_EVENT, "crew_needed=charter.crew,", "crew_needed=(),"),
        history=way(),
        law="Law 3: event-0 of xhqgmdh: Crew to be called: ",
    ),
    tooth(
        "the crew's event names another calendar entry",
        (_EVENT, 'charter.artefacts["calendar"].id', '"entry-of-another"'),
        history=way(),
        law="Law 3: event-0 of xhqgmdh: its calendar entry",
    ),
    tooth(
        "the calendar has another boat",
        (f"{_OUTGOING}CalendarEntry.of", 'f"{charter.boat.name} charter', 'f"ALTAIR charter'),
        history=way(),
        law="Law 3: entry-0 of xhqgmdh: Boat: ",
    ),
    tooth(
        "the guest page tells of other guests",
        (f"{_OUTGOING}GuestPage.of", "charter.passengers", "charter.passengers + 3"),
        history=way(),
        law="Law 3: g/xhqgmdh.html of xhqgmdh: Guests: ",
    ),
    tooth(
        "the guest page tells of a cancellation at once",
        (f"{_OUTGOING}GuestPage.of", "cancelled=cancelled", "cancelled=True"),
        history=way(),
        law="Law 3: g/xhqgmdh.html of xhqgmdh: it tells of a cancellation",
    ),
    tooth(
        "nobody looks at the live page",
        (
            "bot.steps.live_check:_faults",
            'wanted = charter.artefacts["guest_page"].facts["sha256"]\n',
            "return []\n",
        ),
        history=way(),
        law="Law 4: the thread of xhqgmdh calls it done, and it is not there: Live check",
    ),
)
