"""What `/charter` answers: the same truth as the thread, from the same overview."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from slack_sdk.models.blocks import Block

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview, StepProgress
from bot.views import blocks, corrections
from bot.views.blocks import Line
from bot.views.cancelling import cancelled_by
from bot.views.card import outcome
from bot.views.checklist import CHARTER_WORDS, MARKS, is_over, state_words, step_url, trouble
from bot.views.details import listed
from bot.views.press import COMMAND
from bot.views.sight import Sight
from bot.views.terminal import list_text, status_json, status_text
from bot.views.text import clock, count, inert, money, plain, shown_id, when

__all__ = [
    "Check",
    "doctor",
    "help_text",
    "list_text",
    "listing",
    "status",
    "status_json",
    "status_text",
]

_MOST_STEPS = 20
_MOST_CHARTERS = 40


class Check(Protocol):
    """One thing that the doctor looked at."""

    @property
    def name(self) -> str:
        """What was looked at."""

    @property
    def ok(self) -> bool:
        """Whether it is as it should be."""

    @property
    def what(self) -> str:
        """What was found."""

    @property
    def hint(self) -> str:
        """What to do about it; empty where nothing is wrong."""


def status(overview: Overview, *, now: datetime, audience_sees_money: bool = False) -> Message:
    """One charter: what, when, each step, links, who decided, what needs a person."""
    name, boat = shown_id(overview.booking_id), overview.proposal.boat
    title = f"{name}: {CHARTER_WORDS[overview.state]}"
    parts: list[Block] = [blocks.header(title), blocks.rich(_what(overview, audience_sees_money))]
    over = is_over(overview)
    steps = [_step(step, over=over) for step in overview.steps[:_MOST_STEPS]]
    if steps:
        parts.append(blocks.rich([], title="Steps", bullets=steps))
    sight = Sight(overview, now, audience_sees_money, {}, overview.proposal.words)
    if entered := corrections.correction_lines(sight, aside=True):
        parts.append(blocks.rich([], title=corrections.TITLE, bullets=entered))
    warnings = overview.warnings(now) if overview.state is State.PROPOSED else ()
    if needs := [*_open_questions(overview), *warnings]:
        bullets = [(blocks.words(said),) for said in needs[:_MOST_STEPS]]
        parts.append(blocks.rich([], title="Needs a person", bullets=bullets))
    parts.append(blocks.small(f"As of {clock(overview.updated_at, boat)}."))
    return blocks.message(f"{name}. {inert(outcome(overview), 300)}", parts)


def listing(overviews: Sequence[Overview]) -> Message:
    """Every charter that there is something to say about, in the order given."""
    if not overviews:
        text = "There are no charters yet. Forward a booking mail to this channel to begin."
        return blocks.message(text, [blocks.rich([(blocks.glue(text),)])])
    title = count(len(overviews), "charter")
    return blocks.message(f"{title}.", [blocks.header(title), *_rows(overviews)])


def help_text(commands: Sequence[tuple[str, str, str]], problem: str = "") -> Message:
    """What can be typed.

    Args:
        commands: name, arguments and what it does.
        problem: what was wrong with what was typed; may quote it.
    """
    bullets = [
        (
            blocks.bold(f"{COMMAND} {name} {arguments}".rstrip()),
            blocks.glue(": "),
            blocks.words(what),
        )
        for name, arguments, what in commands
    ]
    text = f"{plain(problem, 200)} This is what can be typed.".lstrip()
    names = ", ".join(f"{COMMAND} {name}" for name, _, _ in commands)
    return blocks.message(
        f"{inert(text, 300)} {inert(names, 500)}", [blocks.rich([], title=text, bullets=bullets)]
    )


def doctor(checks: Sequence[Check]) -> Message:
    """What the doctor found: failures first, each with its remedy."""
    wrong = [check for check in checks if not check.ok]
    doubtful = [check for check in checks if check.ok and check.hint]
    right = [check for check in checks if check.ok and not check.hint]
    title = (
        f"{len(wrong)} of {count(len(checks), 'check')} failed"
        if wrong
        else f"All {count(len(checks), 'check')} passed"
    )
    parts: list[Block] = [blocks.header(title)]
    groups = (("Failed", wrong, 20), ("Worth a look", doubtful, 10), ("Passed", right, 30))
    for label, found, most in groups:
        bullets = [_checked(check) for check in found[:most]]
        if len(found) > most:
            bullets.append((blocks.glue(f"and {len(found) - most} more"),))
        if bullets:
            parts.append(blocks.rich([], title=label, bullets=bullets))
    return blocks.message(f"{title}.", parts)


def _checked(check: Check) -> Line:
    said = " ".join(filter(None, (check.what, check.hint)))
    return blocks.fact(check.name, said, 220 if check.hint or not check.ok else 60)


def _what(overview: Overview, audience_sees_money: bool) -> list[Line]:
    proposal, booking = overview.proposal, overview.proposal.booking
    rows: list[tuple[str, str | None]] = [
        ("Boat", proposal.boat.name if proposal.boat else "not known"),
        ("When", when(overview) or "not known"),
        ("Guests", str(booking.passengers) if booking.passengers is not None else "not known"),
        ("Crew", listed(proposal.crew) or "nobody"),
    ]
    if audience_sees_money and booking.owner_payout is not None:
        rows.append(("Payout", money(booking.owner_payout, booking.currency)))
    lines: list[Line] = [blocks.fact(label, value) for label, value in rows if value]
    return [*lines, *_decision(overview), *cancelled_by(overview), *_links(overview)]


def _decision(overview: Overview) -> list[Line]:
    decision = overview.decision
    if decision is None:
        return []
    label = "Approved by" if decision.approved else "Rejected by"
    at = f" on {clock(decision.at, overview.proposal.boat)}"
    because = f": {plain(decision.reason)}" if decision.reason else ""
    return [
        (
            blocks.bold(label),
            blocks.glue(" "),
            blocks.person(decision.user),
            blocks.glue(at + because),
        )
    ]


def _links(overview: Overview) -> list[Line]:
    card = overview.card.permalink if overview.card else None
    found = (("Card", card), ("Guest page", overview.guest_url), ("Crew page", overview.crew_url))
    return [
        (blocks.bold(name), blocks.glue(": "), blocks.link(url, url)) for name, url in found if url
    ]


def _step(step: StepProgress, *, over: bool) -> Line:
    words, more = state_words(step, over=over), trouble(step, over=over)
    said = " ".join(filter(None, (f"{words}.", more)))
    line = (blocks.glue(f"{MARKS[step.state]} "), *blocks.fact(step.label, said, 400))
    url = step_url(step)
    return (*line, blocks.glue(" "), blocks.link(url, "Open")) if url else line


def _open_questions(overview: Overview) -> tuple[str, ...]:
    if overview.state is State.PROPOSED:
        return overview.proposal.blockers()
    return tuple(f"{step.label}: {trouble(step)}" for step in overview.troubled)


def _rows(overviews: Sequence[Overview]) -> list[Block]:
    bullets = [_row(overview) for overview in overviews[:_MOST_CHARTERS]]
    more = len(overviews) - len(bullets)
    rest = [blocks.small(f"And {more} more.")] if more else []
    return [blocks.rich([], bullets=bullets), *rest]


def _row(overview: Overview) -> Line:
    boat = overview.proposal.boat
    card = overview.card.permalink if overview.card else None
    said = (
        f": {plain(boat.name if boat else 'boat not known', 60)}, "
        f"{when(overview) or 'date not known'}, {CHARTER_WORDS[overview.state]}"
    )
    return (blocks.link(card, shown_id(overview.booking_id)), blocks.glue(said))
