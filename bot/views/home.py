"""The app's Home: for an operator what waits, what is stuck, what comes and what was done.

For everybody else: what comes. Nobody's Home holds money, a renter's name or a contact.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from bot.domain.board import Board, Resent, Shelf
from bot.domain.charter import Proposal, State
from bot.domain.message import Message
from bot.domain.progress import Overview, StepState
from bot.views import blocks
from bot.views.blocks import Line
from bot.views.checklist import CHARTER_WORDS, state_words, trouble
from bot.views.deeds import deed
from bot.views.press import OPEN_CARD
from bot.views.settling import settling_buttons, what_to_press
from bot.views.text import clock, count, plain, safe_url, shown_id, when

_NONE_TO_COME = "No charter is to come."
_NOTHING_DONE = "Nothing was done yet."
_MOST_BLOCKS = 100
_MOST_CONCERNS = 3
_MOST_STEPS = 6
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_CALLED = {
    StepState.WAITING: "crew not called yet",
    StepState.RUNNING: "crew is being called",
    StepState.DONE: "crew called",
    StepState.FAILED: "calling the crew failed",
    StepState.UNKNOWN: "not known whether the crew was called",
    StepState.BLOCKED: "crew not called",
}
_RESENT = {
    "done": "fresh links mailed",
    "failed": "fresh links could not be mailed",
    "unknown": "not known whether fresh links were mailed",
}


def home(
    board: Board, *, now: datetime, operator: bool, notice: Message | None = None
) -> dict[str, Any]:
    """A person's Home. `notice`: what their last click there is answered with."""
    body = _for_operators(board, now) if operator else _for_others(board)
    told: list[Mapping[str, Any]] = [block.to_dict() for block in body]
    if notice:
        title = blocks.rich([], title="About your last click here")
        told = [title.to_dict(), *notice.blocks, *told]
    return {"type": "home", "blocks": told[:_MOST_BLOCKS]}


def _for_operators(board: Board, now: datetime) -> list[Block]:
    return [
        *_section(
            "Waiting for approval",
            board.waiting,
            (part for each in board.waiting.charters for part in _waiting(each, board, now)),
            "Nothing waits for approval.",
        ),
        *_section(
            "Needs a person",
            board.troubled,
            (part for each in board.troubled.charters for part in _troubled(each)),
            "Nothing needs a person.",
        ),
        *_section("Next charters", board.to_come, _by_boat(board, operator=True), _NONE_TO_COME),
        *_done_lately(board),
    ]


def _for_others(board: Board) -> list[Block]:
    return _section("Next charters", board.to_come, _by_boat(board, operator=False), _NONE_TO_COME)


def _section(title: str, shelf: Shelf, parts: Iterable[Block], empty: str) -> list[Block]:
    if not shelf.charters:
        return [blocks.header(title), blocks.rich([(blocks.glue(empty),)])]
    more = shelf.total - len(shelf.charters)
    rest = [blocks.small(f"and {more} more")] if more > 0 else []
    return [blocks.header(f"{title}: {shelf.total}"), *parts, *rest]


def _waiting(overview: Overview, board: Board, now: datetime) -> list[Block]:
    lines = [_what(overview)]
    if since := board.since.get(overview.booking_id):
        at = clock(since, overview.proposal.boat)
        lines.append((blocks.glue(f"Waiting for {_length(now - since)}, since {at}."),))
    bullets = [
        *_few("To settle", _unquoted(overview.proposal).blockers()),
        *_few("Warning", overview.warnings(now)),
    ]
    return [
        blocks.rich(lines, bullets=bullets),
        *_row(_link_button(overview, "Open the card")),
    ]


def _unquoted(proposal: Proposal) -> Proposal:
    """Without the reasons of its doubts: they quote the mail, with its names and sums."""
    return proposal.model_copy(update={"unsure": dict.fromkeys(proposal.unsure, "see the card.")})


def _few(label: str, sentences: Sequence[str]) -> list[Line]:
    shown = [blocks.fact(label, said, 200) for said in sentences[:_MOST_CONCERNS]]
    more = len(sentences) - len(shown)
    return [*shown, (blocks.glue(f"and {more} more"),)] if more else shown


def _troubled(overview: Overview) -> list[Block]:
    bullets = [
        blocks.fact(step.label, f"{state_words(step)}. {trouble(step)}", 400)
        for step in overview.troubled[:_MOST_STEPS]
    ]
    lines, pressed = [_what(overview)], _link_button(overview, "Open the thread")
    if overview.state is not State.NEEDS_PERSON:
        still = "It is still running; Retry comes here once that has ended."
        return [blocks.rich([*lines, (blocks.glue(still),)], bullets=bullets), *_row(pressed)]
    told = [blocks.rich(lines, bullets=bullets), blocks.rich([what_to_press(overview)])]
    return [*told, *_row([*settling_buttons(overview, among_others=True), *pressed])]


def _link_button(overview: Overview, text: str) -> list[ButtonElement]:
    """A button that leads to the card, on which the thread hangs; none before it is posted."""
    url = safe_url(overview.card.permalink if overview.card else None)
    return [blocks.button(overview, OPEN_CARD, text, url=url, among_others=True)] if url else []


def _row(elements: Sequence[ButtonElement]) -> list[Block]:
    return [blocks.buttons(*elements)] if elements else []


def _by_boat(board: Board, *, operator: bool) -> Iterable[Block]:
    boats: dict[str, list[Line]] = {}
    for overview in board.to_come.charters:
        boat = overview.proposal.boat
        row = _row_to_come(overview, board.resent.get(overview.booking_id), operator=operator)
        boats.setdefault(plain(boat.name, 60) if boat else "Boat not known", []).append(row)
    return (blocks.rich([], title=name, bullets=rows) for name, rows in boats.items())


def _row_to_come(overview: Overview, resent: Resent | None, *, operator: bool) -> Line:
    identity = _card_link(overview) if operator else blocks.words(shown_id(overview.booking_id))
    said = [_guests(overview), _crew(overview, resent)]
    if operator and overview.state is not State.DONE:
        said.append(CHARTER_WORDS[overview.state])
    line = [blocks.words(when(overview) or "date not known"), blocks.glue(" · "), identity]
    line.append(blocks.glue("".join(f" · {each}" for each in said)))
    if overview.guest_url:
        line += [blocks.glue(" · "), blocks.link(overview.guest_url, "Guest page")]
    return line


def _crew(overview: Overview, resent: Resent | None) -> str:
    """How far the crew was called, from what the bot itself did."""
    step = overview.step("crew_event")
    if not overview.proposal.crew:
        return "no crew to call"
    called = _CALLED[step.state] if step else "crew not called"
    if resent is None:
        return called
    return f"{called}, {_RESENT[resent.outcome]} {clock(resent.at, overview.proposal.boat)}"


def _done_lately(board: Board) -> list[Block]:
    rows = [deed(each) for each in board.deeds]
    told = blocks.rich([], bullets=rows) if rows else blocks.rich([(blocks.glue(_NOTHING_DONE),)])
    return [blocks.header("Done lately"), told]


def _what(overview: Overview) -> Line:
    boat = overview.proposal.boat
    name = plain(boat.name, 60) if boat else "boat not known"
    said = f": {name}, {when(overview) or 'date not known'}, {_guests(overview)}"
    return (_card_link(overview), blocks.glue(said))


def _card_link(overview: Overview) -> blocks.Element:
    card = overview.card.permalink if overview.card else None
    return blocks.link(card, shown_id(overview.booking_id))


def _guests(overview: Overview) -> str:
    passengers = overview.proposal.booking.passengers
    return "guests not known" if passengers is None else count(passengers, "guest")


def _length(waited: timedelta) -> str:
    """So coarse that it stays true for a while: nobody's Home is drawn each minute."""
    if waited < _HOUR:
        return "less than an hour"
    if waited < 2 * _DAY:
        return count(waited // _HOUR, "hour")
    return count(waited // _DAY, "day")
