"""What was cancelled is over: nothing is set up, and nobody is mailed, that was not on its way."""

from collections.abc import Iterator
from math import inf

from tests.torture.wire import Call
from tests.torture.world import World

_RESEND = "crew_service.resend"
_CHANGING = frozenset(
    {
        *("calendar.create", "crew_service.create", "s3.put", "cloudfront.invalidate", "ses.send"),
        _RESEND,
    }
)
_AT_ONCE_SECONDS = 0.05
_KEY_SECONDS = 45.0
_HIS_OWN = frozenset({"s3.put", "cloudfront.invalidate"})


def over(world: World) -> Iterator[str]:
    """Law 3: no approval outlasts a cancellation that was written down before the effect began."""
    for call in world.wire.calls:
        cancelled = world.cancelled.get(call.booking_id, inf)
        own = call.job == "follow_up" and call.name in _HIS_OWN
        if call.name not in _CHANGING or own or call.at <= cancelled:
            continue
        if _begun(world, call) > cancelled + _AT_ONCE_SECONDS:
            yield (
                f"{call.booking_id} was cancelled at {cancelled:.2f} s; {call.name} was asked at "
                f"{call.at:.2f} s."
            )


def _begun(world: World, call: Call) -> float:
    """When the last look at its charter was over: then a secret may have been fetched."""
    before = (
        each.at
        for each in world.wire.calls
        if (each.job, each.booking_id) == (call.job, call.booking_id)
        and each.name in {"secrets.get", call.name}
        and call.at - _KEY_SECONDS <= each.at <= call.at
    )
    return min(before)
