import sqlalchemy as sa

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview, StepState
from bot.orchestration.follow_ups.base import Task, Tools
from bot.orchestration.run import submit_run
from bot.store.queries import audit, charters, follow_ups, overviews
from bot.store.queries.follow_ups import FollowUp
from bot.views import replies


class Retry:
    """Begins the next run, with every step that is not done; one run a click."""

    name = "retry"
    not_within = None
    on_cancelled = False

    async def perform(self, task: Task, tools: Tools) -> Message:
        """See `Action.perform`."""
        booking_id = task.overview.booking_id
        if not task.work.outcome:  # else its run has begun, and asks for itself
            await tools.leave(task.work.user_id)
        run, now = await tools.store.write(_restart, task.work, task.seen_run)
        if run is None:
            return _why_not(now or task.overview)
        await submit_run(tools.jobs, booking_id, run)
        tools.touch(booking_id)
        left = [s.label for s in task.overview.steps if s.state is not StepState.DONE]
        return replies.retry_started(booking_id, left)


def _why_not(overview: Overview) -> Message:
    if overview.state is State.NEEDS_PERSON:
        # Pressing Retry is a person's decision, and nobody decides about what they never saw.
        return replies.retried_since(overview)
    return replies.nothing_to_retry(overview)


def _restart(
    connection: sa.Connection, work: FollowUp, seen: int | None
) -> tuple[int | None, Overview | None]:
    """The run that this click has begun, now or before a crash, or how the charter is instead."""
    if work.outcome:
        return int(work.outcome), None
    run = charters.restart(connection, work.booking_id, after=seen, at=work.started_at)
    if run is None:
        return None, overviews.overview(connection, work.booking_id)
    follow_ups.note(connection, work.key, str(run))
    entry = audit.Entry(
        at=work.started_at,
        who=work.user_id,
        what=audit.run_begun(run),
        booking_id=work.booking_id,
        origin=work.key,
    )
    audit.add(connection, entry)
    return run, None
