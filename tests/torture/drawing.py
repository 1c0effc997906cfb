"""What happens in a history: what people and misfortune do, drawn from a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bot.orchestration.follow_ups import ACTIONS
from bot.views.press import APPROVE, EDIT, REJECT, RETRY
from tests.torture.outside import BOOKINGS
from tests.torture.slack import CAPTAIN, MATE, OWNER, STRANGER
from tests.torture.weather import Fault

_RATES = (0, 0, 2, 5, 10, 20, 35)
_FOLLOW_UPS = tuple(action.name for action in ACTIONS)
_SOME = 100_000
_CRASHED_AT_ONCE = 0.4
_SORE = (
    *("", "", "calendar.create", "calendar", "crew_service.create", "crew_service.create"),
    *("crew_service", "ses", "ses", "s3", "cloudfront", "site", "dynamodb", "secrets"),
    *("chat", "chat.post", "chat.find", "chat.group"),
)


@dataclass(frozen=True)
class Step:
    """One thing that happens, `after` so many seconds. `number`: what chance it takes."""

    kind: str
    after: float
    who: str = ""
    booking: str = ""
    what: str = ""
    number: int = 0

    def __str__(self) -> str:
        told = [self.kind, self.what, self.booking.upper(), f"by {self.who}" if self.who else ""]
        return f"{self.after:7.2f} s later: {' '.join(filter(None, told))}"


@dataclass(frozen=True)
class History:
    """Of a seed. `rate`, `sore` and `faults` are the weather's."""

    seed: int
    rate: float
    sore: str
    steps: tuple[Step, ...]
    faults: Mapping[str, Fault] | None = None


def drawn(seed: int) -> History:
    """The history of a seed."""
    chance = Random(seed)
    rate, sore = chance.choice(_RATES), chance.choice(_SORE)
    bookings = list(BOOKINGS)[: chance.choice((1, 1, 1, 1, 2, 3))]
    steps = []
    for booking in bookings:
        steps.append(Step("forward", 0.5, who=CAPTAIN, booking=booking))
        steps += _opening(chance, booking)
        if chance.random() < _CRASHED_AT_ONCE:
            steps.append(Step("crash", 0.0, number=chance.randrange(_SOME)))
    for _ in range(chance.randint(1, 8)):
        steps.append(_step(chance, bookings))
    return History(seed, rate, sore, tuple(steps))


def _opening(chance: Random, booking: str) -> list[Step]:
    """How people most often begin, so that much follows."""

    def press(after: float, who: str, what: str, kind: str = "press") -> Step:
        return Step(kind, after, who, booking, what, chance.randrange(_SOME))

    soon, who = chance.uniform(0.5, 4.0), chance.choice((CAPTAIN, CAPTAIN, MATE))
    openings = {
        (): 2,
        (press(soon, who, APPROVE),): 10,
        (press(soon, CAPTAIN, APPROVE, "race"),): 3,
        (press(soon, who, EDIT), press(4.0, MATE, APPROVE, "stale press")): 2,
        (press(soon, who, EDIT), press(2.0, MATE, APPROVE, "race")): 1,
        (press(soon, who, APPROVE), press(12.0, who, RETRY), press(6.0, MATE, RETRY)): 2,
        (
            press(soon, MATE, EDIT),
            Step("group", 0.0, MATE),
            press(chance.choice((2.0, 45.0)), MATE, APPROVE),
        ): 1,
    }
    return list(chance.choices(list(openings), list(openings.values()))[0])


def _step(chance: Random, bookings: list[str]) -> Step:
    kinds = {
        "forward": 1,
        "redeliver": 2,
        "press": 9,
        "press any": 7,
        "race": 3,
        "stale press": 2,
        "type": 2,
        "crash": 4,
        "stop": 2,
        "hand": 2,
        "wait": 5,
        "rotate": 1,
        "delete": 1,
        "group": 1,
        "home": 1,
        "weather": 1,
    }
    kind = chance.choices(list(kinds), list(kinds.values()))[0]
    after = chance.choice((0.0, 0.05, 0.5, 2.0, 5.0, 20.0)) * chance.uniform(0.5, 1.5)
    if kind == "press any":  # most of what can be pressed stands there once a run is over
        after += chance.choice((0.0, 20.0, 60.0))
    who = chance.choices((CAPTAIN, MATE, OWNER, STRANGER), (5, 3, 2, 1))[0]
    number, booking = chance.randrange(_SOME), chance.choice(bookings)
    if kind in {"press", "race", "stale press"}:
        what = chance.choices(
            (APPROVE, EDIT, REJECT, RETRY, *_FOLLOW_UPS),
            (12, 3, 1, 6, *[2] * len(_FOLLOW_UPS)),
        )[0]
        return Step(kind, after, who, booking, what, number)
    if kind == "type":
        words = ("status", "scrub", "scrub", "resend", "invalidate", "retry", "cancel", "list")
        return Step(kind, after, who, booking, chance.choice(words), number)
    if kind == "wait":
        return Step(kind, chance.choice((1.0, 10.0, 45.0, 200.0)), number=number)
    if kind in {"delete", "forward", "press any", "hand"}:
        return Step(kind, after, who, booking, number=number)
    if kind in {"home", "group"}:
        return Step(kind, after, who, number=number)
    return Step(kind, after, number=number)
