"""Charters to look at: the one of the operator's notes, in each state of its life."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.domain.artefact import Artefact
from bot.domain.board import Board, Deed, Resent, Shelf
from bot.domain.boat import Boat
from bot.domain.booking import Booking
from bot.domain.charter import Proposal, State
from bot.domain.progress import (
    Cancelled,
    Conflict,
    Decision,
    Overview,
    Posted,
    StepProgress,
    StepState,
)

NOW = datetime(2026, 5, 20, 17, 5, tzinfo=UTC)
GUEST_URL = "https://queenofsandiego.com/g/xhqgmdh"
CREW_URL = "https://sailjada.com/crew/event/evt-1"
CARD = Posted(channel="C0CHARTERS", ts="1.2", permalink="https://x.slack.com/archives/C0/p12")
MAIL = Posted(channel="C0CHARTERS", ts="1.1", permalink="https://x.slack.com/archives/C0/p11")
JADA = Boat(
    name="JADA",
    listings=("Sail San Diego Bay aboard JADA",),
    time_zone="America/Los_Angeles",
    capacity=6,
    crew=("captain", "crew_1", "crew_2"),
    crew_tasks=("Check fuel", "Stock cooler"),
)
QUEEN = Boat(name="Queen", time_zone="America/New_York", capacity=12, crew=("skipper",))
BOOKING = Booking(
    booking_id="xhqgmdh",
    listing="Sail San Diego Bay aboard JADA",
    renter="Marisol",
    starts_at=datetime.fromisoformat("2026-05-30T10:00:00-07:00"),
    ends_at=datetime.fromisoformat("2026-05-30T13:00:00-07:00"),
    duration_minutes=180,
    passengers=4,
    location="San Diego, CA",
    captain="captained",
    owner_payout=Decimal("840.75"),
    currency="USD",
    cancellation_policy="strict",
)
PROPOSAL = Proposal(
    marketplace="boatsetter",
    booking=BOOKING,
    boat=JADA,
    crew=JADA.crew,
    crew_tasks=JADA.crew_tasks,
)
READ = {
    "booking_id": ("xhqgmdh", "text, line 9"),
    "listing": ("Sail San Diego Bay aboard JADA", "text, line 10"),
    "renter": ("Marisol", "text, line 11"),
    "starts_at": ("May 30, 2026 • 10:00 AM", "text, line 14"),
    "ends_at": ("May 30, 2026 • 1:00 PM", "text, line 16"),
    "passengers": ("4 or so", "HTML, line 20"),
    "captain": ("perhaps", "text, line 22"),
    "owner_payout": ("$840.75", "text, line 27"),
    "currency": ("$840.75", "text, line 27"),
}
"""What the sample's mail says of each field, and where."""
APPROVED = Decision(user="U0CAPTAIN", at=NOW, approved=True)
LABELS = {
    "calendar": "Calendar entry",
    "crew_event": "Crew event",
    "guest_page": "Guest page",
    "cache": "Cache",
    "live_check": "Live page",
    "operations_mail": "Operations mail",
}
CLASH = Conflict(
    booking_id="bpzmzvw",
    starts_at=datetime.fromisoformat("2026-05-30T13:30:00-07:00"),
    ends_at=datetime.fromisoformat("2026-05-30T16:00:00-07:00"),
    permalink="https://x.slack.com/archives/C0/p13",
)


def overview(**changes: object) -> Overview:
    """The sample charter, waiting for a decision unless told otherwise."""
    fields = {
        "booking_id": "xhqgmdh",
        "state": State.PROPOSED,
        "version": 3,
        "proposal": PROPOSAL,
        "updated_at": NOW,
        "card": CARD,
        "mail": MAIL,
    }
    return Overview.model_validate(fields | changes)


def proposal(booking: dict | None = None, **changes: object) -> Proposal:
    """The sample proposal with some of it changed."""
    sold = BOOKING.model_copy(update=booking or {})
    return PROPOSAL.model_copy(update={"booking": sold, **changes})


def corrected() -> Proposal:
    """One that two operators put right: more guests than fit, and one doubt left as it was."""
    mate = dict.fromkeys(("passengers", "renter_email", "owner_payout", "crew"), "U0MATE")
    return proposal(
        {
            "starts_at": BOOKING.starts_at + timedelta(hours=1),
            "duration_minutes": 120,
            "passengers": 9,
            "captain": None,
            "renter_email": "m@example.org",
            "owner_payout": Decimal("912.40"),
        },
        crew=("captain", "stranger"),
        unsure={"captain": "'perhaps' says neither captained nor bareboat."},
        words={name: words for name, (words, _) in READ.items()},
        places={name: place for name, (_, place) in READ.items()},
        edited={"starts_at": "U0CAPTAIN", "duration_minutes": "U0CAPTAIN", "boat": "", **mate},
    )


def step(name: str, state: StepState, /, **changes: object) -> StepProgress:
    urls = {"guest_page": GUEST_URL, "crew_event": CREW_URL}
    fields = {"name": name, "label": LABELS[name], "state": state}
    if state is StepState.DONE:
        fields |= {
            "artefact": Artefact(id=f"{name}-1", url=urls.get(name)),
            "attempts": 1,
            "started_at": NOW,
            "ended_at": NOW + timedelta(seconds=0.6),
        }
    return StepProgress.model_validate(fields | changes)


def running() -> Overview:
    """Half way: one lane is ahead of the other."""
    states = {
        "calendar": StepState.DONE,
        "crew_event": StepState.RUNNING,
        "guest_page": StepState.DONE,
        "cache": StepState.RUNNING,
    }
    steps = tuple(
        step(
            name,
            states.get(name, StepState.WAITING),
            **({"attempts": 2} if name == "cache" else {}),
        )
        for name in LABELS
    )
    return overview(state=State.RUNNING, decision=APPROVED, steps=steps, run=1)


def done() -> Overview:
    steps = tuple(step(name, StepState.DONE) for name in LABELS)
    return overview(state=State.DONE, decision=APPROVED, steps=steps, run=1)


def called_off() -> Overview:
    gone = {"user": "U0MATE", "at": NOW}
    return done().model_copy(update={"state": State.CANCELLED, "cancelled": Cancelled(**gone)})


def called_off_in_trouble(state: StepState = StepState.FAILED) -> Overview:
    """Cancelled although the crew event never came about, as far as anybody knows."""
    gone = Cancelled(user="U0MATE", at=NOW)
    return in_trouble(state).model_copy(update={"state": State.CANCELLED, "cancelled": gone})


def in_trouble(state: StepState = StepState.FAILED) -> Overview:
    """The crew service refused; the guest's lane went on."""
    what = {
        "what": "The crew service answered 401: it did not accept the key.",
        "hint": "Set SERVICE_KEY_HASH on the crew Lambda, then press Retry.",
    }
    steps = tuple(
        step("crew_event", state, attempts=1, **what)
        if name == "crew_event"
        else step(name, StepState.BLOCKED if name == "operations_mail" else StepState.DONE)
        for name in LABELS
    )
    return overview(state=State.NEEDS_PERSON, decision=APPROVED, steps=steps, run=1)


def shelf(*charters, total: int | None = None) -> Shelf:
    return Shelf(charters=charters, total=len(charters) if total is None else total)


def busy_board() -> Board:
    """A Home with one of everything."""
    return Board(
        waiting=shelf(overview(conflicts=(CLASH,))),
        troubled=shelf(in_trouble()),
        to_come=shelf(done(), running(), in_trouble()),
        since={"xhqgmdh": NOW - timedelta(hours=3, minutes=10)},
        resent={"xhqgmdh": Resent(at=NOW, outcome="done")},
        deeds=(
            Deed(at=NOW, who="U0MATE", what="edited", booking_id="xhqgmdh", card=CARD.permalink),
        ),
    )
