"""Two processes on one SQLite database: one works; the other is refused in words, and may follow."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from itertools import islice

import pytest

from sandbox.bot_process import BotProcess
from sandbox.driver import start_sandbox
from tests.kills import stories
from tests.kills.cradle import BornBot, Cradle
from tests.kills.evidence import gathered
from tests.kills.judge import Broken, broken
from tests.kills.lives import COMMAND, kill
from tests.kills.play import Play
from tests.kills.stories import Story
from tests.kills.stream import RATE_SCALE, RETRY_SCALE
from tests.kills.town import Town

Lived = Callable[[], AbstractContextManager[None]]
Born = Callable[..., list[BotProcess]]
ROUNDS, CHARTERS = 4, 3
PATIENCE_SECONDS = 90.0
AT_WORK = {"calendar": 0.3, "crew_service": 1.5, "s3": 0.2, "ses": 0.3}
REFUSED = "another charter bot (process "


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    root = tmp_path_factory.mktemp("two")
    with start_sandbox(root, rate_scale=RATE_SCALE, retry_scale=RETRY_SCALE) as sandbox:
        sandbox.set_latencies(AT_WORK)
        yield Town(sandbox)


@pytest.fixture(scope="module")
def charters() -> Iterator[Story]:
    """Charters that are to be set up, each time others, and nothing else."""
    set_up = (each for each in stories.drawn(1) if each.ending == "set up")
    return (replace(each, follow_ups=()) for each in set_up)


@pytest.fixture
def lived(town: Town, charters: Iterator[Story]) -> Lived:
    """People live the stories of three charters during the block, to their end: once, by every law.

    What was judged in an earlier test is judged again: nothing new may come of it.
    """

    @contextmanager
    def live() -> Iterator[None]:
        town.ends_at = time.monotonic() + PATIENCE_SECONDS
        with ThreadPoolExecutor(CHARTERS) as people:
            begun = list(islice(charters, CHARTERS))
            town.told += begun
            plays = [people.submit(Play(town, story).through) for story in begun]
            yield
            for play in plays:
                play.result()
        town.until(lambda: not judged(town), "peace")
        assert judged(town) == []

    return live


def judged(town: Town) -> list[Broken]:
    return broken(gathered(town, failed={}, rested=True))


@pytest.fixture(scope="module")
def cradles(town: Town) -> Iterator[list[Cradle]]:
    """Two, so that two processes can begin in the same moment."""
    with ExitStack() as ending:
        env, root = town.sandbox.env, town.sandbox.root
        yield [ending.enter_context(Cradle(env, root)) for _ in range(2)]


@pytest.fixture
def born(town: Town, cradles: list[Cradle], request: pytest.FixtureRequest) -> Iterator[Born]:
    """Begins a process from each of so many cradles, at once; all end with the test."""
    found: list[BotProcess] = []

    def bear(*places: int) -> list[BotProcess]:
        env, root = town.sandbox.env, town.sandbox.root
        name = f"{request.node.name}-{len(found)}"
        heirs = [BornBot(cradles[n], env, root, name=f"{name}-{n}") for n in places]
        found.extend(heirs)
        with ThreadPoolExecutor(len(heirs)) as hands:
            list(hands.map(BornBot.start, heirs))
        return [*heirs]

    yield bear
    for each in found:
        each.stop()


def crew_is_called(town: Town, bot: BotProcess) -> None:
    """Wait until it has made a calendar entry, so that a crew event is on its way."""
    town.until(lambda: '"operation": "create_entry"' in bot.output(), "a calendar entry")


def refused(town: Town, bot: BotProcess) -> None:
    """See a process end, and say why, while another has the database."""
    town.until(lambda: not bot.running, "its refusal")
    assert bot.stop() == 1
    assert REFUSED in bot.output()
    assert "Traceback" not in bot.output()


def test_a_second_is_refused_in_words_and_has_the_work_once_the_first_is_killed(
    town: Town, lived: Lived, born: Born
) -> None:
    [first] = born(0)
    with lived():
        crew_is_called(town, first)
        [second] = born(1)
        refused(town, second)
        assert f"{REFUSED}{first.pid})" in second.output()
        assert first.running
        kill(first, alone=True)
        born(1)


def test_a_first_that_is_killed_while_the_second_starts_leaves_it_place_and_work(
    town: Town, lived: Lived, born: Born
) -> None:
    [first] = born(0)
    second = BotProcess(town.sandbox.env, town.sandbox.root, name="starts", command=COMMAND)
    with ExitStack() as ending, lived():
        crew_is_called(town, first)
        ending.enter_context(second)
        kill(first, alone=False)
        second.wait_ready(60)


def test_of_two_successors_at_once_one_works_and_the_other_is_refused(
    town: Town, lived: Lived, born: Born
) -> None:
    with lived():
        for number in range(ROUNDS):
            heirs = born(0, 1)
            town.until(lambda both=heirs: not all(each.running for each in both), "a refusal")
            [works] = [each for each in heirs if each.running]
            [other] = [each for each in heirs if each is not works]
            refused(town, other)
            works.wait_ready(60)
            if number < ROUNDS - 1:
                kill(works, alone=number % 2 == 0)
