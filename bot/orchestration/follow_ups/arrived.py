import sqlalchemy as sa

from bot.domain.charter import State
from bot.domain.message import Message
from bot.domain.progress import Overview
from bot.orchestration.follow_ups.base import Answer, Task, Tools
from bot.store.queries import charters, follow_ups, overviews
from bot.store.queries.follow_ups import FollowUp
from bot.views import replies
from bot.views.press import ARRIVED

_COUNTED = "counted"


class Arrived:
    """Counts the operations mail as sent: whoever has seen it knows what nobody can look up."""

    name = ARRIVED
    not_within = None
    on_cancelled = False

    async def perform(self, task: Task, tools: Tools) -> Message | Answer:
        """See `Action.perform`."""
        if task.work.outcome != _COUNTED:
            await tools.leave(task.work.user_id)
        counted, now = await tools.store.write(_count, task.work, task.seen_run)
        overview = now or task.overview
        if counted:
            tools.touch(overview.booking_id)
            return replies.mail_counted(overview, task.work.user_id)
        since = overview.state is State.NEEDS_PERSON and task.seen_run not in {None, overview.run}
        said = replies.retried_since(overview) if since else replies.no_question(overview)
        return Answer(said, follow_ups.FAILED, ARRIVED)


def _count(
    connection: sa.Connection, work: FollowUp, seen: int | None
) -> tuple[bool, Overview | None]:
    """Whether this click has counted it, now or before a crash, and how the charter is then."""
    counted = work.outcome == _COUNTED or charters.take_word(
        connection,
        work.booking_id,
        "operations_mail",
        user=work.user_id,
        after=seen,
        at=work.started_at,
    )
    if counted:
        follow_ups.note(connection, work.key, _COUNTED)
    return counted, overviews.overview(connection, work.booking_id)
