"""The same truth in a terminal and as JSON. Neither holds money or a renter's contact."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.charter import State, first_name
from bot.domain.progress import Overview, StepProgress, StepState
from bot.views.checklist import CHARTER_WORDS, MARKS, is_over, state_words, step_url, trouble
from bot.views.corrections import TITLE, correction_text, corrections
from bot.views.details import listed
from bot.views.sight import Sight
from bot.views.text import clock, plain, shown_id, when

_GREEN, _YELLOW, _RED, _BOLD = "32", "33", "31", "1"
_STATE_COLOURS = {
    State.PROPOSED: _YELLOW,
    State.RUNNING: _YELLOW,
    State.DONE: _GREEN,
    State.REJECTED: _RED,
    State.NEEDS_PERSON: _RED,
    State.CANCELLED: _RED,
}
_STEP_COLOURS = {
    StepState.RUNNING: _YELLOW,
    StepState.DONE: _GREEN,
    StepState.FAILED: _RED,
    StepState.UNKNOWN: _RED,
}


def status_text(overview: Overview, *, colour: bool = False) -> str:
    """One charter for a terminal."""
    name = _painted(shown_id(overview.booking_id), _BOLD, colour)
    state = _painted(CHARTER_WORDS[overview.state], _STATE_COLOURS[overview.state], colour)
    rows = [
        f"{name}: {state}",
        *(f"  {label + ':':<12} {value}" for label, value in _facts(overview)),
        *_by_hand(overview),
    ]
    if overview.steps:
        rows += ["", "  Steps"]
    over = is_over(overview)
    rows += [row for step in overview.steps for row in _step_rows(step, colour, over=over)]
    if overview.state is State.PROPOSED:
        rows += [f"  ! {plain(question)}" for question in overview.proposal.blockers()]
    return "\n".join(rows)


def list_text(overviews: Sequence[Overview], *, colour: bool = False) -> str:
    """Every charter for a terminal, one a line."""
    return (
        "\n".join(_row(overview, colour) for overview in overviews) or "There are no charters yet."
    )


def status_json(overview: Overview) -> dict[str, Any]:
    """One charter for programs: what is known of it but money and contacts."""
    proposal, booking, decision = overview.proposal, overview.proposal.booking, overview.decision
    gone = overview.cancelled
    return {
        "booking_id": overview.booking_id,
        "state": overview.state.value,
        "version": overview.version,
        "marketplace": proposal.marketplace,
        "boat": proposal.boat.name if proposal.boat else None,
        "time_zone": proposal.boat.time_zone if proposal.boat else None,
        "starts_at": _iso(booking.starts_at),
        "ends_at": _iso(booking.ends_at),
        "passengers": booking.passengers,
        "guest_name": first_name(booking.renter),
        "crew": list(proposal.crew),
        "by_hand": [one.as_json() for one in corrections(_seen_by_all(overview), aside=True)],
        "decision": decision.model_dump(mode="json") if decision else None,
        "cancelled": gone.model_dump(mode="json") if gone else None,
        "steps": [_step_json(step) for step in overview.steps],
        "needs_person": [step.name for step in overview.troubled],
        "questions": list(proposal.blockers()) if overview.state is State.PROPOSED else [],
        "conflicts": [conflict.booking_id for conflict in overview.conflicts],
        "guest_url": overview.guest_url,
        "crew_url": overview.crew_url,
        "card": overview.card.permalink if overview.card else None,
        "run": overview.run,
        "updated_at": _iso(overview.updated_at),
    }


def _facts(overview: Overview) -> Iterable[tuple[str, str]]:
    proposal, decision = overview.proposal, overview.decision
    yield "Boat", plain(proposal.boat.name) if proposal.boat else "not known"
    yield "When", when(overview) or "not known"
    yield "Guests", str(proposal.booking.passengers or "not known")
    yield "Crew", listed(proposal.crew) or "nobody"
    if decision:
        verb = "Approved" if decision.approved else "Rejected"
        yield verb, f"by {plain(decision.user)} on {clock(decision.at, proposal.boat)}"
    if decision and decision.reason:
        yield "Reason", plain(decision.reason)
    if gone := overview.cancelled:
        yield "Cancelled", f"by {plain(gone.user)} on {clock(gone.at, proposal.boat)}"
    for label, url in (("Guest page", overview.guest_url), ("Crew page", overview.crew_url)):
        if url:
            yield label, plain(url, 1000)
    for conflict in overview.conflicts:
        how = "at the same time as" if conflict.overlaps(proposal.booking) else "too close to"
        yield "Conflict", f"{how} {shown_id(conflict.booking_id)}"


def _by_hand(overview: Overview) -> list[str]:
    found = list(corrections(_seen_by_all(overview), aside=True))
    rows = [f"  - {one.label}: {correction_text(one)}" for one in found]
    return ["", f"  {TITLE}", *rows] if rows else []


def _seen_by_all(overview: Overview) -> Sight:
    return Sight(overview, overview.updated_at, False, {}, overview.proposal.words)


def _step_rows(step: StepProgress, colour: bool, *, over: bool) -> list[str]:
    words, said = state_words(step, over=over), trouble(step, over=over)
    state = _painted(words, _STEP_COLOURS.get(step.state, ""), colour)
    url = step_url(step)
    row = f"  {MARKS[step.state]} {plain(step.label)}: {state}{f'  {url}' if url else ''}"
    return [row, f"      {said}"] if said else [row]


def _step_json(step: StepProgress) -> dict[str, Any]:
    return step.model_dump(mode="json", exclude={"artefact"}) | {
        "id": step.artefact.id if step.artefact else None,
        "url": step_url(step),
    }


def _row(overview: Overview, colour: bool) -> str:
    boat = overview.proposal.boat
    state = _painted(CHARTER_WORDS[overview.state], _STATE_COLOURS[overview.state], colour)
    where = plain(boat.name, 60) if boat else "boat not known"
    date = when(overview) or "date not known"
    return f"{shown_id(overview.booking_id):<8}  {where}  {date}  {state}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _painted(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour and code else text
