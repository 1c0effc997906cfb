"""Two processes on one SQLite database: one works; the other is refused in words, and may follow."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
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
    """Charters that are to be set up, each time others."""
    return (each for each in stories.drawn(1) if each.ending == "set up")


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


def process(town: Town, name: str) -> BotProcess:
    return BotProcess(town.sandbox.env, town.sandbox.root, name=name, command=COMMAND)


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
    town: Town, lived: Lived
) -> None:
    with ExitStack() as ending:
        first = ending.enter_context(process(town, "first"))
        with lived():
            crew_is_called(town, first)
            refused(town, ending.enter_context(process(town, "refused")))
            assert first.running
            kill(first, alone=True)
            ending.enter_context(process(town, "follows")).wait_ready(60)


def test_a_first_that_is_killed_while_the_second_starts_leaves_it_place_and_work(
    town: Town, lived: Lived
) -> None:
    with ExitStack() as ending:
        first = ending.enter_context(process(town, "leaves"))
        with lived():
            crew_is_called(town, first)
            second = ending.enter_context(process(town, "takes-over"))
            kill(first, alone=False)
            second.wait_ready(60)


def test_of_two_successors_at_once_one_works_and_the_other_is_refused(
    town: Town, lived: Lived
) -> None:
    with ExitStack() as ending:
        cradles = [ending.enter_context(Cradle(town.sandbox.env, town.sandbox.root)) for _ in "ab"]
        with lived():
            for number in range(ROUNDS):
                works = one_of_two(town, ending, cradles, number)
                if number < ROUNDS - 1:
                    kill(works, alone=number % 2 == 0)


def one_of_two(town: Town, ending: ExitStack, cradles: list[Cradle], number: int) -> BotProcess:
    """Start two at once, see one refused, and give the other as soon as it is at work."""
    name, env, root = f"heir-{number}", town.sandbox.env, town.sandbox.root
    heirs = [BornBot(c, env, root, name=f"{name}-{n}") for n, c in enumerate(cradles)]
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(BornBot.start, heirs))
    for heir in heirs:
        ending.callback(heir.stop)
    town.until(lambda: not all(heir.running for heir in heirs), "a refusal")
    [works] = [heir for heir in heirs if heir.running]
    [other] = [heir for heir in heirs if heir is not works]
    refused(town, other)
    works.wait_ready(60)
    return works
