"""The approval card: all that is needed to decide, and afterwards the record of the decision."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Decision, Overview, StepState
from bot.views import blocks
from bot.views.blocks import Line
from bot.views.cancelling import cancelled_by
from bot.views.details import concerns, facts, origin
from bot.views.press import APPROVE, EDIT, REJECT
from bot.views.sight import Sight
from bot.views.text import clock, count, day, inert, local, mention, plain, shown_id, width

_LONGEST_WARNING = 80
_REJECTED_SINCE = (
    "Nothing was set up since the database was restored. What may have been before still stands: "
    "look at the calendar, the crew service and the guest page."
)
_HEADINGS: Mapping[State, str] = {
    State.PROPOSED: "New charter",
    State.REJECTED: "Rejected",
    State.RUNNING: "Approved",
    State.DONE: "Approved",
    State.NEEDS_PERSON: "Approved",
    State.CANCELLED: "Cancelled",
}


def card(
    overview: Overview,
    *,
    now: datetime,
    show_payout: bool,
    sums: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    can_edit: bool = True,
) -> Message:
    """The card as it stands now.

    Args:
        overview: the charter.
        now: tells a date in the past.
        show_payout: whether those who read the channel may see the owner's money.
        sums: the owner's own sums, label to formatted amount; shown only with the payout.
        words: the mail's words behind each booking field, shown where the reading is unsure;
            the proposal's own unless given.
        can_edit: whether the card offers Edit.
    """
    sight = Sight(overview, now, show_payout, sums or {}, words or overview.proposal.words)
    blockers = overview.proposal.blockers() if sight.open else ()
    parts: list[Block] = [blocks.header(_title(overview))]
    if not sight.open:
        parts.append(blocks.rich(_record(overview)))
    parts += [facts(sight), *concerns(sight, blockers), origin(overview)]
    if sight.open:
        parts.append(blocks.buttons(*_choices(sight, blockers, can_edit=can_edit)))
    return blocks.message(_summary(sight, blockers), parts)


def outcome(overview: Overview) -> str:
    """What became of the charter, in one line that follows the run."""
    steps, troubled = overview.steps, overview.troubled
    done = sum(step.state is StepState.DONE for step in steps)
    if overview.state is State.PROPOSED:
        return "The card waits for a decision."
    if overview.state is State.REJECTED:
        return _REJECTED_SINCE if overview.restored else "Nothing was set up."
    if overview.state is State.CANCELLED:
        return "Cancelled; the thread lists what is left to do by hand."
    if overview.state is State.DONE:
        return f"Done: all {count(len(steps), 'step')} finished and read back."
    if overview.state is State.NEEDS_PERSON:
        names = ", ".join(step.label for step in troubled) or "the run"
        return (
            f"Needs a person: {names}. {done} of {count(len(steps), 'step')} done; see the thread."
        )
    return f"Running: {done} of {count(len(steps), 'step')} done."


def _title(overview: Overview) -> str:
    boat, starts_at = overview.proposal.boat, overview.proposal.booking.starts_at
    date = day(local(starts_at, boat)) if starts_at else "date not known"
    return f"{_HEADINGS[overview.state]}: {boat.name if boat else 'boat not known'}, {date}"


def _summary(sight: Sight, blockers: tuple[str, ...]) -> str:
    overview = sight.overview
    identity = f"{shown_id(overview.booking_id)}. {inert(_title(overview))}"
    if decision := overview.decision:
        verb = "Approved" if decision.approved else "Rejected"
        return f"{identity}. {verb} by {mention(decision.user)}. {inert(outcome(overview))}"
    if not sight.open:
        return f"{identity}. {inert(outcome(overview))}"
    if blockers:
        return f"{identity}. Cannot be approved yet: {count(len(blockers), 'thing')} to settle."
    warned = len(overview.warnings(sight.now))
    despite = f", with {count(warned, 'warning')}" if warned else ""
    return f"{identity}. Waiting for a decision{despite}."


def _record(overview: Overview) -> list[Line]:
    became = (blocks.words(outcome(overview), 500),)
    decision = overview.decision
    decided = _decided(decision, overview) if decision else []
    return [*decided, *cancelled_by(overview), became]


def _decided(decision: Decision, overview: Overview) -> list[Line]:
    lines: list[Line] = [
        (
            blocks.bold("Approved by" if decision.approved else "Rejected by"),
            blocks.glue(" "),
            blocks.person(decision.user),
            blocks.glue(f" on {clock(decision.at, overview.proposal.boat)}."),
        )
    ]
    return [*lines, blocks.fact("Reason", decision.reason, 500)] if decision.reason else lines


def _choices(sight: Sight, blockers: tuple[str, ...], *, can_edit: bool) -> list[ButtonElement]:
    overview, found = sight.overview, []
    if not blockers:
        sure = _are_you_sure(sight)
        found.append(blocks.button(overview, APPROVE, "Approve", style="primary", confirm=sure))
    if can_edit:
        style = "primary" if blockers else None
        found.append(blocks.button(overview, EDIT, "Edit", style=style))
    return [*found, blocks.button(overview, REJECT, "Reject", style="danger")]


def _are_you_sure(sight: Sight) -> ConfirmObject:
    overview = sight.overview
    crew = len(overview.proposal.crew)
    mailed = f"{count(crew, 'crew member')} will be mailed at once" if crew else "No crew is called"
    text = f"{mailed}, and the calendar, the guest page and the operations mail are set up."
    warnings = overview.warnings(sight.now)
    text = "\n".join([*_fitting(warnings, blocks.CONFIRM_TEXT - width(text) - 1), text])
    return blocks.confirmation(
        f"Approve {shown_id(overview.booking_id)}?",
        text,
        yes="Approve",
        style="danger" if warnings else "primary",
    )


def _fitting(warnings: Sequence[str], room: int) -> list[str]:
    """As many of the warnings as there is room for, a line each; the rest is counted."""
    lines, more = [f"Warning: {plain(said, _LONGEST_WARNING)}" for said in warnings], ""
    while lines and sum(width(line) + 1 for line in lines) + len(more) > room:
        lines.pop()
        more = f"And {count(len(warnings) - len(lines), 'more warning')} on the card."
    return [*lines, more] if more else lines
