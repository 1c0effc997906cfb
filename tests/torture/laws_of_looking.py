"""What may have happened is settled by looking, and what may pass is waited for: what bothers a
person, or asks too early, has a cause in the calls of that very run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.progress import Overview, StepProgress, StepState
from tests.torture.laws_of_leave import is_lost
from tests.torture.weather import Fault
from tests.torture.wire import Call
from tests.torture.world import World

_FOR_GOOD = {Fault.FORBIDDEN, Fault.REFUSED, Fault.MALFORMED}
_TRIES = 5
"""How often at least what passes by itself has to come before a person is bothered with it."""
_CREDENTIALS = 2
"""How many have to be refused before: a secret may have been rotated, and is fetched once more."""


@dataclass(frozen=True)
class _Calls:
    """The calls of a step: with which it looks, and with which it does."""

    looking: frozenset[str]
    doing: frozenset[str]


def _calls(looking: str = "", doing: str = "", keys: str = "") -> _Calls:
    return _Calls(frozenset((looking + keys).split()), frozenset((doing + keys).split()))


_OF: Mapping[str, _Calls] = {
    "calendar": _calls("calendar.find", "calendar.create", " secrets.get"),
    "crew_event": _calls("crew_service.find", "crew_service.create", " secrets.get"),
    "guest_page": _calls("s3.get", "s3.put"),
    "cache": _calls("", "cloudfront.invalidate cloudfront.status"),
    "live_check": _calls("", "site.fetch"),
    "operations_mail": _calls("", "ses.send"),
}


def settled(world: World, charters: list[Overview]) -> Iterator[str]:
    """At rest: whatever a person is bothered with has a cause."""
    for charter in charters:
        for step in charter.steps:
            calls, refused = (
                [each for each in some if _is_of(each, charter)]
                for some in (world.wire.calls, world.wire.refused)
            )
            if is_lost(world, charter, step):
                continue
            if not _has_cause(world, charter.booking_id, step, calls, refused):
                yield f"{charter.booking_id}: {step.label} is {step.state} without a cause."


def _is_of(call: Call, charter: Overview) -> bool:
    """Whether it was asked by the charter's latest run."""
    work = call.job, call.booking_id, call.run
    return work == ("run", charter.booking_id, str(charter.run))


def _has_cause(
    world: World, booking_id: str, step: StepProgress, calls: list[Call], refused: list[Call]
) -> bool:
    of = _OF[step.name]
    if sum(call.name in of.looking | of.doing for call in refused) >= _CREDENTIALS:
        return True
    looked = [call.fault for call in calls if call.name in of.looking]
    did = [call.fault for call in calls if call.name in of.doing]
    if step.state is StepState.FAILED:
        groups = [call.fault for call in calls if call.name == "chat.group"]
        return _worn_out([*looked, *did, *groups])
    if step.state is not StepState.UNKNOWN:
        return True
    if not of.looking:
        lost = any(fault and fault is not Fault.SLOW for fault in did)
        return step.name == "operations_mail" and (lost or bool(world.deaths))
    doing = [call for call in calls if call.name in of.doing]
    # An answer that was lost may have been a no, such as that of a key which had just been changed.
    heard = {None, Fault.SLOW}
    vain = any(c.fault is Fault.NEVER or (c.fault not in heard and c in refused) for c in doing)
    return _worn_out(looked) or (vain and not _is_there(world, booking_id, step.name))


def _worn_out(met: list[Fault | None]) -> bool:
    """Whether it met what does not pass, or so often what does that patience may end."""
    passing = [fault for fault in met if fault and fault not in {*_FOR_GOOD, Fault.SLOW}]
    return any(fault in _FOR_GOOD for fault in met) or len(passing) >= _TRIES


def _is_there(world: World, booking_id: str, name: str) -> bool:
    systems = world.systems
    made = {"calendar": systems.entries, "crew_event": systems.events}.get(name, systems.uploads)
    return any(each.booking_id == booking_id for each in made)


def patient(world: World) -> Iterator[str]:
    """A system that said when it can be asked again is not asked earlier by the life that asked."""
    # Slack is waited for by its client, of which the storms make sure.
    calls = [c for c in world.wire.calls if c.job == "run" and not c.name.startswith("chat.")]
    for busy in calls:
        if busy.closed is None:
            continue
        since, until = busy.closed
        for call in calls:
            same = (call.name, call.booking_id, call.run) == (busy.name, busy.booking_id, busy.run)
            died = any(busy.at <= death <= call.at for death in world.deaths)
            if same and since < call.at < until - 1e-6 and not died:
                yield (
                    f"{call.name} of {call.booking_id} was asked at {call.at:.2f} s, and had said at "
                    f"{since:.2f} s to wait until {until:.2f} s."
                )
