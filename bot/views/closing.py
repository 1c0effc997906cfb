"""The reply at the end of a run: links, what went wrong and what to press; or how it ended."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview, StepProgress, StepState
from bot.views import blocks
from bot.views.blocks import Line
from bot.views.cancelling import cancel_button, how_it_stands, publish_button
from bot.views.card import outcome
from bot.views.checklist import state_words, step_url, trouble
from bot.views.press import INVALIDATE, RESEND, SCRUB
from bot.views.settling import settling_buttons, what_to_press
from bot.views.text import count, inert, shown_id

_MOST = 12


def closing(overview: Overview) -> Message:
    """The closing reply. It holds no money: crew may read the thread."""
    failed = overview.state is State.NEEDS_PERSON
    cancelled = overview.state is State.CANCELLED
    name = shown_id(overview.booking_id)
    title = f"{name} needs a person" if failed else f"{name} is set up"
    if cancelled:
        title = f"{name} is cancelled"
    parts: list[Block] = [blocks.header(title)]
    if lines := _links(overview):
        parts.append(blocks.rich(lines))
    if failed:
        parts += _account(overview)
    if cancelled:
        parts += how_it_stands(overview)
    if row := _choices(overview):
        parts.append(blocks.buttons(*row))
    return blocks.message(f"{name}. {inert(outcome(overview), 300)}", parts)


def _links(overview: Overview) -> list[Line]:
    found = (("Guest page", overview.guest_url), ("Crew page", overview.crew_url))
    return [
        (blocks.bold(label), blocks.glue(": "), blocks.link(url, url or ""))
        for label, url in found
        if url
    ]


def _account(overview: Overview) -> list[Block]:
    done = [s for s in overview.steps if s.state is StepState.DONE]
    left = [s for s in overview.steps if s not in (*done, *overview.troubled)]
    sections = (
        ("What happened", [_happened(step) for step in overview.troubled[:_MOST]]),
        ("Done, and read back", [_done(step) for step in done[:_MOST]]),
        ("Not done", [(blocks.words(f"{s.label}: {state_words(s)}"),) for s in left[:_MOST]]),
    )
    told = [blocks.rich([], title=title, bullets=lines) for title, lines in sections if lines]
    return [*told, blocks.rich([what_to_press(overview)])]


def _happened(step: StepProgress) -> Line:
    return blocks.fact(step.label, f"{state_words(step)}. {trouble(step)}", 500)


def _done(step: StepProgress) -> Line:
    url = step_url(step)
    opened = (blocks.glue(" · "), blocks.link(url, "Open")) if url else ()
    return (blocks.words(f"{step.label}: {state_words(step)}"), *opened)


def _choices(overview: Overview) -> list[ButtonElement]:
    if overview.state is State.CANCELLED:
        scrub = [_scrub(overview)] if _is_done(overview, "crew_event") else []
        return [*publish_button(overview), *scrub]
    found = []
    if _is_done(overview, "crew_event"):
        found += [_scrub(overview), _resend(overview)]
    if _is_done(overview, "guest_page"):
        found.append(blocks.button(overview, INVALIDATE, "Invalidate cache"))
    found.append(cancel_button(overview))
    return [*found, *settling_buttons(overview)]


def _scrub(overview: Overview) -> ButtonElement:
    sure = blocks.confirmation(
        f"Scrub revenue from {shown_id(overview.booking_id)}?",
        "Amounts are removed from the notes of the stored crew event. This cannot be undone.",
        yes="Scrub",
        style="danger",
    )
    return blocks.button(overview, SCRUB, "Scrub revenue", confirm=sure)


def _resend(overview: Overview) -> ButtonElement:
    crew = count(len(overview.proposal.crew), "crew member")
    sure = blocks.confirmation(
        "Resend crew links?", f"{crew} will be mailed a fresh link at once.", yes="Resend"
    )
    return blocks.button(overview, RESEND, "Resend crew links", confirm=sure)


def _is_done(overview: Overview, name: str) -> bool:
    step = overview.step(name)
    return step is not None and step.state is StepState.DONE
