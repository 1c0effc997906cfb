"""The clock: Slack refuses old signatures and AWS refuses old requests."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.doctor.check import Check
from bot.doctor.world import World
from bot.domain.errors import ServiceError

_WARN_SECONDS = 60
_FAIL_SECONDS = 300


async def clock(world: World) -> list[Check]:
    """How far it is from Slack's and AWS's."""
    return [
        check
        for check in (await _against_slack(world), await _against_aws(world))
        if check is not None
    ] or [Check.warning("Clock", "Nobody told the time.", "Run the doctor again.")]


async def _against_slack(world: World) -> Check | None:
    try:
        answer = await world.slack("api.test")
    except ServiceError:
        return None  # said by the other checks
    return _compared("Slack", answer.headers.get("date", ""), world.now())


async def _against_aws(world: World) -> Check | None:
    try:
        answer = await world.aws("sts", "get_caller_identity")
    except ServiceError:
        return None
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return _compared("AWS", headers.get("date", ""), world.now())


def _compared(whose: str, date: str, now: datetime) -> Check | None:
    try:
        told = parsedate_to_datetime(date)
    except ValueError:
        return None
    aware = told if told.tzinfo else told.replace(tzinfo=UTC)
    off = round(abs((now - aware).total_seconds()))
    name, what = f"Clock against {whose}", f"It is {off} s off."
    if off > _FAIL_SECONDS:
        return Check.failure(name, what, "Turn on time synchronisation: timedatectl set-ntp true")
    if off > _WARN_SECONDS:
        return Check.warning(name, what, "Turn on time synchronisation: timedatectl set-ntp true")
    return Check.well(name, what)
