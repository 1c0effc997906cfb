"""Jobs that are under way on PostgreSQL in a place where nobody works on them: begun anew."""

from collections.abc import Callable, Collection
from typing import NamedTuple

import sqlalchemy as sa
from dbos import DBOS
from dbos._dbos import _get_dbos_instance
from dbos._utils import INTERNAL_QUEUE_NAME

# By when whoever took a job out of the queue works on it: it is two questions to the database.
_TAKEN_SECONDS = 5.0
_JOBS = sa.table(
    "workflow_status",
    *(
        sa.column(name)
        for name in (
            "workflow_uuid",
            "status",
            "queue_name",
            "executor_id",
            "application_version",
            "owner_xid",
            "started_at_epoch_ms",
        )
    ),
    schema="dbos",
)
# Another one each time that a job is begun.
_TOKEN = sa.func.coalesce(_JOBS.c.owner_xid, "")
_NOW_MS = sa.extract("epoch", sa.func.clock_timestamp()) * 1000


class Begun(NamedTuple):
    """A job under way, as it was begun one time. `queued`: out of the queue, not by `submit`."""

    key: str
    token: str
    queued: bool


def recover(place: str) -> int:
    """Have every replica's engine compete for the jobs of a place; one gets each. Their number.

    Nobody may hold the place: a job that runs would be begun a second time.
    """
    # The engine's own way, which is pinned to one version.
    return len(DBOS._recover_pending_workflows([place]))  # noqa: SLF001


def recover_all(
    engine: sa.Engine, version: str, place: str, fence: Callable[[sa.Connection], None]
) -> int:
    """As `recover`, for our own place before the launch of the engine, which finds nothing then.

    It would go through a list for as long as that takes, and begin a second time what was found,
    begun anew and at work meanwhile.
    """
    if not sa.inspect(engine).has_table(_JOBS.name, schema=_JOBS.schema):
        return 0  # the first launch of all makes it
    return _recover(engine, _under_way(version, place), fence)


def begun(engine: sa.Engine, version: str, place: str) -> set[Begun]:
    """The jobs under way there, but for those that are on their way from the queue to their work.

    A job has no queue until it is recovered; from then on it has one for ever.
    """
    queued = _JOBS.c.queue_name.is_not(None)
    taken = _JOBS.c.started_at_epoch_ms < _NOW_MS - _TAKEN_SECONDS * 1000
    found = sa.select(_JOBS.c.workflow_uuid, _TOKEN, queued).where(
        _under_way(version, place), sa.or_(~queued, taken)
    )
    with engine.connect() as connection:
        return {Begun(*row) for row in connection.execute(found)}


def here() -> set[str]:
    """Keys of the jobs that this process works on, until their end is written down.

    DBOS adds one in the loop's next turn after it was written down, before `submit` returns; and
    one out of the queue a little after it was taken from there.
    """
    return set(_get_dbos_instance()._active_workflows_set.activeList())  # noqa: SLF001


def recover_each(
    engine: sa.Engine,
    version: str,
    place: str,
    jobs: Collection[Begun],
    fence: Callable[[sa.Connection], None],
) -> int:
    """As `recover`, for those of `begun` that nobody works on. Their number.

    Of two who ask at once one changes nothing, and neither does who asks when the job runs again,
    nor, by `fence`, whose place is another's by now.
    """
    each = sa.tuple_(_JOBS.c.workflow_uuid, _TOKEN).in_([(job.key, job.token) for job in jobs])
    return _recover(engine, sa.and_(each, _under_way(version, place)), fence)


def _recover(
    engine: sa.Engine, which: sa.ColumnElement[bool], fence: Callable[[sa.Connection], None]
) -> int:
    change = (
        sa.update(_JOBS)
        .where(which)
        .values(
            status="ENQUEUED",
            queue_name=sa.func.coalesce(_JOBS.c.queue_name, INTERNAL_QUEUE_NAME),
            owner_xid=None,
            started_at_epoch_ms=None,
        )
    )
    with engine.begin() as connection:
        changed = connection.execute(change).rowcount
        fence(connection)
        return changed


def _under_way(version: str, place: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        _JOBS.c.status == "PENDING",
        _JOBS.c.executor_id == place,
        _JOBS.c.application_version == version,
    )
