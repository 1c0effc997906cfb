"""The storms that are played in virtual time, and what is told of them."""

from dataclasses import dataclass, field

from tests.storms.judging import changes, violations
from tests.storms.storm_world import StormWorld, bookings

_MINUTE = 60.0


@dataclass(frozen=True)
class MailStorm:
    """So many mails within a second; `kills` of the process while they are worked on."""

    seed: int
    mails: int
    moods: float = 0.0
    kills: int = 0


@dataclass(frozen=True)
class StatusStorm:
    """So many charters approved within a minute; a charter changes some fifteen times.

    `rate` and `moods` as for `StormWorld`.
    """

    seed: int
    charters: int
    moods: float = 0.0
    rate: float = 0.0
    kills: int = 0


@dataclass
class Told:
    """What came of a storm. `seconds` of the simulated world until all was shown."""

    violations: list[str] = field(default_factory=list)
    cards: int = 0
    changes: int = 0
    asked: int = 0
    refused: int = 0
    seconds: float = 0.0


def played_mails(storm: MailStorm) -> Told:
    """Play a storm of mails to its end."""
    world, wanted = StormWorld(storm.seed, moods=storm.moods), bookings(storm.mails)
    try:
        world.start()
        world.forward_all(wanted, within=1.0)
        for _ in range(storm.kills):
            world.pass_time(7.3)
            world.kill()
        ended = world.rest()
        return _told(world, wanted, ended)
    finally:
        world.end()


def played_statuses(storm: StatusStorm) -> Told:
    """Play a storm of status changes to its end."""
    world = StormWorld(storm.seed, rate=storm.rate, moods=storm.moods)
    wanted = bookings(storm.charters)
    try:
        world.start()
        world.forward_all(wanted)
        begun = world.rest()
        world.world.weather.calm = False
        world.slack.forget()
        world.approve_all(wanted, within=_MINUTE)
        for _ in range(storm.kills):
            world.pass_time(0.4 * _MINUTE)
            world.kill()
        world.pass_time(_MINUTE)
        ended = world.rest()
        return _told(world, wanted, ended - begun)
    finally:
        world.end()


def _told(world: StormWorld, wanted: list[str], seconds: float) -> Told:
    workspace = world.world.workspace
    return Told(
        violations=violations(world, wanted),
        cards=sum(len(workspace.of_key(f"{booking}:card")) for booking in wanted),
        changes=changes(world),
        asked=world.slack.asked.total(),
        refused=len(world.slack.refused),
        seconds=seconds,
    )
