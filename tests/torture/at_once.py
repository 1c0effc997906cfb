"""Changes of one charter by many hands at once: in threads, and in processes with threads each.

What a hand does is the bot's own function of the store, in a transaction of its own.
"""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import sqlalchemy as sa

from bot.domain.charter import State
from bot.domain.progress import Cancelled, Decision
from bot.orchestration import deeds
from bot.orchestration.follow_ups.retry import _restart
from bot.orchestration.run import _finish
from bot.store import schema
from bot.store.database import make_engine
from bot.store.queries import charters, follow_ups
from bot.store.queries.follow_ups import FollowUp
from tests.torture.decisions_machine import ID, MINUTE, NOW, PLAN, proposal

HANDS = 50
Change = Callable[[sa.Connection], bool]


def decision(number: int) -> Change:
    """By turns an approval, a rejection and an edit, of two operators."""
    who, origin = f"U0OPERATOR{number % 2}", f"click:{number}"
    decided = Decision(user=who, at=NOW, approved=number % 3 == 0)
    known = {"version": 1, "origin": origin}
    match number % 3:
        case 0:
            charter = proposal().complete()
            return partial(deeds.approve, charter=charter, decision=decided, plan=PLAN, **known)
        case 1:
            return partial(deeds.reject, booking_id=ID, decision=decided, **known)
        case _:
            edited = {"proposal": proposal(5), "user": who, "remember": False, "at": NOW}
            return partial(deeds.edit, booking_id=ID, **edited, **known)


def work(number: int, action: str) -> FollowUp:
    """What a click begins; no two in the same second."""
    who, at = f"U0OPERATOR{number % 2}", NOW + timedelta(seconds=number)
    key = f"click:{number}"
    return FollowUp(key=key, booking_id=ID, action=action, user_id=who, started_at=at)


def resend(number: int) -> Change:
    """Whether the crew may be mailed for this click."""

    def begun(connection: sa.Connection) -> bool:
        clicked = work(number, "resend_crew_links")
        kept = follow_ups.begin(connection, clicked, not_within=MINUTE, on_cancelled=False)
        return kept is None

    return begun


def retry(number: int) -> Change:
    """Whether this click began the second run."""

    def begun(connection: sa.Connection) -> bool:
        clicked = work(number, "retry")
        if follow_ups.begin(connection, clicked, on_cancelled=False) is not None:
            return False
        return _restart(connection, clicked, 1)[0] is not None

    return begun


def cancel(number: int) -> Change:
    """Whether this click ended the charter."""
    gone = Cancelled(user=f"U0OPERATOR{number % 2}", at=NOW)
    return partial(charters.cancel, booking_id=ID, cancelled=gone)


def retry_or_cancel(number: int) -> Change:
    """By turns one and the other."""
    return (cancel if number % 2 else retry)(number)


def run_or_button(number: int) -> Change:
    """The run's last words, among them whatever can be pressed meanwhile."""
    if number == HANDS // 2:

        def ended(connection: sa.Connection) -> bool:
            charters.set_step(connection, ID, PLAN[0][0], what="It failed.")
            _finish(connection, ID, state=State.NEEDS_PERSON, run=1, at=NOW)
            return False

        return ended
    return (resend, retry, cancel)[number % 3](number)


def proposed(url: str) -> sa.Engine:
    """A new database with a charter that waits for a decision."""
    engine = make_engine(url)
    schema.migrate(engine)
    with engine.begin() as connection:
        charters.propose(connection, proposal(), mail=None, at=NOW)
    return engine


def running(url: str) -> sa.Engine:
    """The same, approved."""
    engine = proposed(url)
    with engine.begin() as connection:
        assert decision(0)(connection)
    return engine


def failed(url: str) -> sa.Engine:
    """The same, and its run needs a person."""
    engine = running(url)
    with engine.begin() as connection:
        _finish(connection, ID, state=State.NEEDS_PERSON, run=1, at=NOW)
    return engine


def winners(url: str, change: Callable[[int], Change], beside: Executor | None) -> list[int]:
    """Those of fifty hands whose change came about; half of them in the process `beside`, if any."""
    if beside is None:
        return _changed(url, change, range(HANDS))
    there = beside.submit(_changed, url, change, range(1, HANDS, 2))
    here = _changed(url, change, range(0, HANDS, 2))
    return [*here, *there.result()]


def _changed(url: str, change: Callable[[int], Change], numbers: range) -> list[int]:
    """Each in a thread, all at once; those that won."""
    engine, begin = make_engine(url), Barrier(len(numbers))

    def one(number: int) -> bool:
        begin.wait()
        with engine.begin() as connection:
            return change(number)(connection)

    with ThreadPoolExecutor(len(numbers)) as threads:
        won = list(threads.map(one, numbers))
    engine.dispose()
    return [number for number, has_won in zip(numbers, won, strict=True) if has_won]
