"""A stream of charters that flows while the bot is killed, and what is there when it rests."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from random import Random

import sqlalchemy as sa

from bot.engine_questions import unfinished
from bot.store.database import engine_url
from sandbox.bot_process import BotProcess
from sandbox.driver import Sandbox
from tests.kills import lives, stories
from tests.kills.cradle import Cradle
from tests.kills.evidence import Evidence, gathered
from tests.kills.lives import READY_WITHIN_SECONDS, Nursery
from tests.kills.play import Play
from tests.kills.town import NeverHappenedError, Town

IN_FLIGHT = 14
HEALS_WITHIN_SECONDS = 120.0
RETRY_SCALE = 0.02
RATE_SCALE = 50.0
_LOOKS_EVERY_SECONDS = 0.3
_BEHIND = "SELECT COUNT(*) FROM charters WHERE changed > shown OR state = 'running'"


@dataclass
class Streamed:
    """What there was, and `killed`: each life, in words, and when (Unix) it ended.

    `met`: how many of the kills met a request to an outside system that was under way.
    """

    evidence: Evidence
    killed: list[tuple[str, float]]
    met: int


class Stream:
    """Kills in a sandbox.

    Args:
        sandbox: freshly started, its database an SQLite file.
        seed: of the lives, and of the stories.
        in_flight: how many charters are under way at once.
        tell: told after each life.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        seed: int,
        *,
        in_flight: int = IN_FLIGHT,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._sandbox = sandbox
        self._seed = seed
        self._in_flight = in_flight
        self._tell = tell
        self._town = Town(sandbox)
        self._url = sandbox.env["CHARTER_DATABASE_URL"]
        self._waiting = stories.drawn(seed)
        self._begun: dict[stories.Story, Future[None]] = {}
        self._rested = True

    def through(self, kills: int) -> Streamed:
        """Kill so often; the last time when everything is done, and see that it stays so.

        Raises:
            EndedByItselfError: the bot ended before it was killed.
        """
        with Cradle(self._sandbox.env, self._sandbox.root) as cradle:
            nursery = Nursery(self._sandbox, cradle)
            with ThreadPoolExecutor(self._in_flight) as people:
                try:
                    killed = [*self._killed(kills - 1, nursery, people), self._healed(nursery)]
                finally:
                    self._town.ends_at = time.monotonic()
            self._rest_once_more(nursery)
        failed, rested = self._failed(), self._rested
        evidence = gathered(self._town, failed=failed, rested=rested)
        return Streamed(evidence, killed, self._met([at for _, at in killed]))

    def _killed(
        self, times: int, nursery: Nursery, people: ThreadPoolExecutor
    ) -> Iterator[tuple[str, float]]:
        chance = Random(f"lives {self._seed}")
        for number in range(1, times + 1):
            self._go_on(people)
            life = lives.drawn(chance, number)
            yield str(life), nursery.lived(life)
            self._tell(f"{life}; {len(self._begun)} charters, {self._under_way()} under way")

    def _go_on(self, people: ThreadPoolExecutor) -> None:
        """Have as many charters under way as there are to be."""
        for story in islice(self._waiting, self._in_flight - self._under_way()):
            self._town.told.append(story)
            self._begun[story] = people.submit(Play(self._town, story).through)

    def _under_way(self) -> int:
        return sum(not future.done() for future in self._begun.values())

    def _healed(self, nursery: Nursery) -> tuple[str, float]:
        """A life in which nothing goes wrong and everybody gets what they wait for; then a kill."""
        lives.clear_weather(self._sandbox)
        self._town.ends_at = time.monotonic() + HEALS_WITHIN_SECONDS
        with nursery.born("life-heals") as bot:
            bot.wait_ready(READY_WITHIN_SECONDS)
            self._wait(lambda: not self._under_way(), bot)
            self._tell("all charters have come to their end")
            self._wait(lambda: not _behind(self._url), bot)
            lives.kill(bot, alone=True)
        return "life of rest", time.time()

    def _rest_once_more(self, nursery: Nursery) -> None:
        """Whatever a start does with nothing left to do must be nothing."""
        with nursery.born("life-rests") as bot:
            bot.wait_ready(READY_WITHIN_SECONDS)
            self._rested = self._wait(lambda: not _behind(self._url), bot)

    def _wait(self, fact: Callable[[], bool], bot: BotProcess) -> bool:
        """Look again and again, as long as anybody waits; whether it came to be so."""
        until = time.monotonic() + HEALS_WITHIN_SECONDS
        while not (is_so := fact()) and time.monotonic() < until:
            if not bot.running:
                raise lives.EndedByItselfError(bot.output()[-3000:])
            time.sleep(_LOOKS_EVERY_SECONDS)
        return is_so

    def _met(self, kills: list[float]) -> int:
        spans = [(c["started"], c["started"] + c["latency"]) for c in self._sandbox.calls()]
        return sum(any(begun < at < ended for begun, ended in spans) for at in kills)

    def _failed(self) -> dict[str, str]:
        found = {}
        for story, future in self._begun.items():
            try:
                future.result()
            except NeverHappenedError as error:
                found[story.booking_id] = str(error)
        return found


def _behind(url: str) -> bool:
    """Whether the bot has anything left to do or to show."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            behind = connection.scalar(sa.text(_BEHIND))
    finally:
        engine.dispose()
    return bool(behind) or _at_work(url)


def _at_work(url: str) -> bool:
    """Whether it has a job that has not ended."""
    engine = sa.create_engine(engine_url(sa.make_url(url)))
    try:
        with engine.connect() as connection:
            return bool(unfinished(connection))
    finally:
        engine.dispose()
