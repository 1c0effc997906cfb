import sqlalchemy as sa

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import StepState
from bot.orchestration.follow_ups.base import Task, Tools
from bot.orchestration.run import submit_run
from bot.store.queries import audit, charters
from bot.store.queries.follow_ups import FollowUp
from bot.views import replies


class Retry:
    """Begins the next run, with every step that is not done."""

    name = "retry"
    not_within = None

    async def perform(self, task: Task, tools: Tools) -> Message:
        """See `Action.perform`."""
        booking_id, run = task.overview.booking_id, task.overview.run
        if task.overview.state is State.NEEDS_PERSON:
            begun = await tools.store.write(_restart, task.work)
            if begun is None:
                return replies.nothing_to_retry(task.overview)
            run = begun
        elif not (task.again and task.overview.state is State.RUNNING):
            return replies.nothing_to_retry(task.overview)
        await submit_run(tools.jobs, booking_id, run)
        tools.touch(booking_id)
        left = [s.label for s in task.overview.steps if s.state is not StepState.DONE]
        return replies.retry_started(booking_id, left)


def _restart(connection: sa.Connection, work: FollowUp) -> int | None:
    run = charters.restart(connection, work.booking_id, at=work.started_at)
    if run is not None:
        entry = audit.Entry(
            at=work.started_at,
            who=work.user_id,
            what=f"run {run} begun",
            booking_id=work.booking_id,
            origin=work.key,
        )
        audit.add(connection, entry)
    return run
