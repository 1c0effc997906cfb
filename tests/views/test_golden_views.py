"""What a person sees, whole. Read these to judge the words; `pytest tests/views --rewrite-golden` renews."""

# ruff: noqa: RUF001 - people read en dashes

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from as_seen import seen
from slack_limits import check_message, check_view
from view_samples import (
    APPROVED,
    CARD,
    CLASH,
    GUEST_URL,
    NOW,
    busy_board,
    called_off,
    called_off_in_trouble,
    corrected,
    done,
    in_trouble,
    overview,
    proposal,
    running,
)

from bot.domain.booking import Kind
from bot.domain.charter import Proposal, State
from bot.domain.progress import Overview, StepState
from bot.views import modals, replies, status
from bot.views.card import card
from bot.views.checklist import checklist
from bot.views.closing import closing
from bot.views.home import home

GOLDEN = Path(__file__).parent / "golden"
DOUBTFUL = proposal(
    {"listing": "Mystery boat", "ends_at": None, "passengers": 9},
    boat=None,
    crew=(),
    crew_tasks=(),
    unsure={"starts_at": "03/04 may be 3 April or 4 March."},
    words={"starts_at": "03/04/2026 10:00", "ends_at": "until late"},
)
COMMANDS = [("status", "ID", "tells how a charter stands"), ("list", "", "tells all of them")]


def all_replies() -> list[Any]:
    return [
        replies.not_a_booking(["a booking id", "a marketplace's sender"]),
        replies.unreadable("the mail is damaged."),
        replies.already_known("xhqgmdh", CARD),
        replies.card_posted("xhqgmdh", CARD),
        replies.recognised(Kind.CHANGED, done()),
        replies.recognised(Kind.CANCELLED, done()),
        replies.recognised(Kind.INFORMATIONAL, done()),
        replies.recognised(Kind.CANCELLED, running()),
        replies.recognised(Kind.CHANGED, called_off()),
        replies.recognised(Kind.CANCELLED, called_off()),
        replies.recognised(Kind.CANCELLED, overview(state=State.REJECTED)),
        replies.recognised_unknown(Kind.CANCELLED, "xhqgmdh"),
        replies.drift("boatsetter"),
        replies.refusal(["U0CAPTAIN", "S0OPS"]),
        replies.stale(running()),
        replies.stale(overview()),
        replies.blocked("xhqgmdh", ["Which boat is it? The listing is not known."]),
        replies.no_such_charter("../x"),
        replies.no_such_charter("xhqgmdx", ["xhqgmdh"]),
        replies.scrubbed("xhqgmdh", ["payout", "net_rate"]),
        replies.scrubbed("xhqgmdh", []),
        replies.scrub_gave_up("xhqgmdh"),
        replies.resent("xhqgmdh", 3),
        replies.resend_too_soon("xhqgmdh", NOW, done().proposal.boat),
        replies.invalidated("xhqgmdh", url=GUEST_URL),
        replies.invalidated("xhqgmdh", trouble=f"{GUEST_URL} does not show the page: 403."),
        replies.cancelled(called_off(), live=True),
        replies.cancelled(overview(), live=False),
        replies.not_published(called_off(), "S3 answered 403.", "Allow s3:PutObject."),
        replies.is_cancelled(called_off()),
        replies.still_running(running()),
        replies.ask_to_cancel(done(), now=NOW, here=True),
        replies.ask_to_cancel(done(), now=NOW + timedelta(days=10), here=True),
        replies.ask_to_cancel(done(), now=NOW, here=False),
        replies.ask_to_cancel(called_off(), now=NOW, here=True),
        replies.retry_started("xhqgmdh", ["Crew event", "Operations mail"]),
        replies.nothing_to_retry(done()),
        replies.nothing_to_retry(called_off()),
        replies.retried_since(in_trouble()),
        replies.superseded(),
        replies.not_yet("xhqgmdh", "guest page"),
        replies.failed("xhqgmdh", "The crew service answered 401.", "Set SERVICE_KEY_HASH."),
        replies.went_wrong("This button was not made by this bot."),
    ]


def running_as(sold: Proposal) -> Overview:
    """Approved ten days late, as the record has it."""
    late = APPROVED.model_copy(update={"at": NOW + timedelta(days=20)})
    return running().model_copy(update={"proposal": sold, "decision": late})


VIEWS: dict[str, Callable[[], list[Any]]] = {
    "card_new": lambda: [
        card(
            overview(conflicts=(CLASH,)),
            now=NOW,
            show_payout=True,
            sums={"Net after crew and port": "$289.41"},
        )
    ],
    "card_with_questions": lambda: [card(overview(proposal=DOUBTFUL), now=NOW, show_payout=False)],
    "card_decided": lambda: [card(running(), now=NOW, show_payout=False)],
    "card_corrected": lambda: [
        card(overview(proposal=corrected()), now=NOW + timedelta(days=30), show_payout=True),
        card(running_as(corrected()), now=NOW + timedelta(days=30), show_payout=False),
        status.status(running_as(corrected()), now=NOW),
    ],
    "checklist": lambda: [checklist(running(), rich=True), checklist(in_trouble(), rich=True)],
    "checklist_plain": lambda: [checklist(in_trouble(), rich=False)],
    "closing": lambda: [closing(done())],
    "cancelled": lambda: [
        card(called_off(), now=NOW, show_payout=False),
        closing(called_off()),
        status.status(called_off(), now=NOW),
    ],
    "cancelled_in_trouble": lambda: [
        checklist(called_off_in_trouble(), rich=True),
        checklist(called_off_in_trouble(), rich=False),
        closing(called_off_in_trouble()),
        status.status(called_off_in_trouble(StepState.UNKNOWN), now=NOW),
    ],
    "closing_in_trouble": lambda: [closing(in_trouble())],
    "edit_modal": lambda: [
        modals.edit_modal(overview(proposal=DOUBTFUL), ["JADA", "Queen"], True),
        modals.reject_modal(overview()),
    ],
    "command": lambda: [
        status.status(in_trouble(), now=NOW),
        status.listing([done(), in_trouble(), overview()]),
        status.listing([]),
        status.help_text(COMMANDS),
    ],
    "home": lambda: [home(busy_board(), now=NOW, operator=operator) for operator in (True, False)],
    "replies": all_replies,
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_person_sees(name: str, request: pytest.FixtureRequest):
    drawn = VIEWS[name]()
    for view in drawn:
        (check_view if isinstance(view, dict) else check_message)(view)
    told = "\n\n".join(map(seen, drawn)) + "\n"
    file = GOLDEN / f"{name}.txt"
    if request.config.getoption("--rewrite-golden", default=False):
        file.parent.mkdir(exist_ok=True)
        file.write_text(told, encoding="utf-8")
    assert told == file.read_text(encoding="utf-8")


def test_the_terminal_shows_the_same():
    told = "\n\n".join(
        [
            status.status_text(in_trouble(), colour=False),
            status.list_text([done(), overview()], colour=False),
        ]
    )
    assert told.splitlines() == [
        "XHQGMDH: needs a person",
        "  Boat:        JADA",
        "  When:        Sat 30 May 2026, 10:00–13:00 PDT (3 h)",
        "  Guests:      4",
        "  Crew:        captain, crew_1, crew_2",
        "  Approved:    by U0CAPTAIN on Wed 20 May 2026, 10:05 PDT",
        "  Guest page:  https://queenofsandiego.com/g/xhqgmdh",
        "",
        "  Steps",
        "  ✓ Calendar entry: done in 0.6 s",
        "  ✗ Crew event: failed, needs a person",
        f"      {in_trouble().steps[1].what} {in_trouble().steps[1].hint}",
        "  ✓ Guest page: done in 0.6 s  https://queenofsandiego.com/g/xhqgmdh",
        "  ✓ Cache: done in 0.6 s",
        "  ✓ Live page: done in 0.6 s",
        "  – Operations mail: not begun, an earlier step is missing",
        "",
        "XHQGMDH   JADA  Sat 30 May 2026, 10:00–13:00 PDT (3 h)  done",
        "XHQGMDH   JADA  Sat 30 May 2026, 10:00–13:00 PDT (3 h)  waiting for a decision",
    ]
