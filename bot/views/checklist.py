"""The live checklist in a charter's thread: one line a step, in words."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    MarkdownTextObject,
    PlanBlock,
    RichTextBlock,
    RichTextSectionElement,
    SectionBlock,
    TaskCardBlock,
)

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview, StepProgress, StepState
from bot.views import blocks
from bot.views.card import outcome
from bot.views.text import duration, inert, plain, safe_url, shown_id

CHARTER_WORDS: Mapping[State, str] = {
    State.PROPOSED: "waiting for a decision",
    State.REJECTED: "rejected",
    State.RUNNING: "running",
    State.DONE: "done",
    State.NEEDS_PERSON: "needs a person",
    State.CANCELLED: "cancelled",
}
STATE_WORDS: Mapping[StepState, str] = {
    StepState.WAITING: "waiting",
    StepState.RUNNING: "running",
    StepState.DONE: "done",
    StepState.FAILED: "failed, needs a person",
    StepState.UNKNOWN: "not known whether it happened, needs a person",
    StepState.BLOCKED: "not begun, an earlier step is missing",
}
_AFTER_ALL: Mapping[StepState, str] = {
    StepState.WAITING: "not done",
    StepState.RUNNING: "broken off",
    StepState.FAILED: "failed",
    StepState.UNKNOWN: "not known whether it happened",
    StepState.BLOCKED: "not done",
}
"""Instead, where nobody is to do anything about it any more."""
MARKS: Mapping[StepState, str] = {
    StepState.WAITING: "○",
    StepState.RUNNING: "◐",
    StepState.DONE: "✓",
    StepState.FAILED: "✗",
    StepState.UNKNOWN: "?",
    StepState.BLOCKED: "\N{EN DASH}",
}
_STATUS: Mapping[StepState, str] = {
    StepState.WAITING: "pending",
    StepState.RUNNING: "in_progress",
    StepState.DONE: "complete",
    StepState.FAILED: "error",
    StepState.UNKNOWN: "error",
    StepState.BLOCKED: "pending",
}
_MOST_STEPS = 45
_TEXT_FOR_ALL_STEPS = 9000
"""Of the about 13,200 characters that a message may hold; shared among the steps."""


def checklist(overview: Overview, *, rich: bool) -> Message:
    """The run's steps: as a plan of task cards where Slack takes them, else as sections."""
    steps = overview.steps[:_MOST_STEPS]
    room = min(600, _TEXT_FOR_ALL_STEPS // max(1, len(steps)))
    title = f"Charter {shown_id(overview.booking_id)}: {outcome(overview)}"
    over = is_over(overview)
    tell = _plan if rich else _sections
    return blocks.message(inert(title, 500), tell(title, steps, room, over=over))


def is_over(overview: Overview) -> bool:
    """Whether its steps are history: nobody is called to them any more."""
    return overview.state is State.CANCELLED


def state_words(step: StepProgress, *, over: bool = False) -> str:
    """A step's state: "done in 0.6 s", "running, attempt 3". `over`: see `is_over`."""
    if over and step.state in _AFTER_ALL:
        return _AFTER_ALL[step.state]
    said = STATE_WORDS[step.state]
    if step.state is StepState.DONE and step.started_at and step.ended_at:
        return f"{said} in {duration((step.ended_at - step.started_at).total_seconds())}"
    if step.state is StepState.RUNNING and step.attempts > 1:
        return f"{said}, attempt {step.attempts}"
    return said


def trouble(step: StepProgress, *, over: bool = False) -> str:
    """What happened and, unless it is `over`, what to do; empty for a step that goes well."""
    if step.state in {StepState.DONE, StepState.WAITING}:
        return ""
    return " ".join(filter(None, (plain(step.what), "" if over else plain(step.hint))))


def step_url(step: StepProgress) -> str | None:
    """Where a finished step's work can be seen."""
    done = step.state is StepState.DONE and step.artefact is not None
    return safe_url(step.artefact.url) if done and step.artefact else None


def _plan(title: str, steps: tuple[StepProgress, ...], room: int, *, over: bool) -> Sequence[Block]:
    tasks = [_task(step, room, over=over) for step in steps]
    return [PlanBlock(title=plain(title, 150), tasks=tasks)]


def _task(step: StepProgress, room: int, *, over: bool) -> TaskCardBlock:
    label, said = plain(step.label, min(60, room // 3)), trouble(step, over=over)
    detail = blocks.words(said, room // 2) if said else None
    url = step_url(step)
    return TaskCardBlock(
        task_id=plain(step.name, 60) or "step",
        title=f"{label}: {state_words(step, over=over)}",
        status=_STATUS[step.state],
        details=_single(detail) if detail else None,
        output=_single(blocks.link(url, "Open")) if url else None,
    )


def _single(element: blocks.Element) -> RichTextBlock:
    return RichTextBlock(elements=[RichTextSectionElement(elements=[element])])


def _sections(
    title: str, steps: tuple[StepProgress, ...], room: int, *, over: bool
) -> Sequence[Block]:
    lines = [f"*{inert(title, 300)}*", *(_marked(step, room, over=over) for step in steps)]
    return [
        SectionBlock(text=MarkdownTextObject(text=line, verbatim=True), expand=True)
        for line in lines
    ]


def _marked(step: StepProgress, room: int, *, over: bool) -> str:
    words, said = state_words(step, over=over), trouble(step, over=over)
    line = f"{MARKS[step.state]} *{inert(step.label, 60)}*: {words}"
    url = step_url(step)
    if url and len(url) <= room // 2:
        line += f" · <{url.replace('&', '&amp;')}|Open>"
    return f"{line}\n{inert(said, room // 2)}" if said else line
