"""Jobs that are under way on PostgreSQL in a place where nobody works on them: begun anew."""

from collections.abc import Collection

import sqlalchemy as sa
from dbos import DBOS
from dbos._dbos import _get_dbos_instance
from dbos._utils import INTERNAL_QUEUE_NAME

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


def recover(place: str) -> int:
    """Have every replica's engine compete for the jobs of a place; one gets each. Their number.

    Nobody may hold the place: a job that runs would be begun a second time.
    """
    # The engine does this itself at its launch, for its own place; it is pinned to one version.
    return len(DBOS._recover_pending_workflows([place]))  # noqa: SLF001


def begun_directly(engine: sa.Engine, version: str, place: str) -> set[str]:
    """Keys of the jobs under way there that were begun where they were submitted."""
    with engine.connect() as connection:
        found = sa.select(_JOBS.c.workflow_uuid).where(_directly(version, place))
        return set(connection.scalars(found))


def here() -> set[str]:
    """Keys of the jobs that this process works on, until their end is written down.

    DBOS adds one in the loop's next turn after it was written down, before `submit` returns.
    """
    return set(_get_dbos_instance()._active_workflows_set.activeList())  # noqa: SLF001


def recover_each(engine: sa.Engine, version: str, place: str, keys: Collection[str]) -> int:
    """As `recover`, for those of `begun_directly` that nobody works on. Their number.

    Of two who ask at once one changes nothing, and neither does who asks when the job runs again.
    """
    change = (
        sa.update(_JOBS)
        .where(_JOBS.c.workflow_uuid.in_(keys), _directly(version, place))
        .values(
            status="ENQUEUED",
            queue_name=INTERNAL_QUEUE_NAME,
            owner_xid=None,
            started_at_epoch_ms=None,
        )
    )
    with engine.begin() as connection:
        return connection.execute(change).rowcount


def _directly(version: str, place: str) -> sa.ColumnElement[bool]:
    # Such a job has no queue until it is recovered; from then on it has one for ever.
    return sa.and_(
        _JOBS.c.status == "PENDING",
        _JOBS.c.queue_name.is_(None),
        _JOBS.c.executor_id == place,
        _JOBS.c.application_version == version,
    )
