"""A deploy in the middle of a run: the process is killed, and other code goes on with its work."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from outcomes import (
    assert_completed,
    assert_one_of_each,
    assert_whole_story,
    operations_mails,
    propose,
    replies,
    retried,
    step_state,
    until,
    until_met,
)
from scenario_world import World

from sandbox.bot_process import BotProcess
from sandbox.driver import start_sandbox
from sandbox.slack.seen import Message

ROOT = Path(__file__).parents[2]
HURRIED = (sys.executable, str(Path(__file__).with_name("hurried_bot.py")), "run")
NEW_STEP = '''
from bot.domain.artefact import Artefact


class HarbourLogStep:
    """A step that a newer version has."""

    name, label, needs = "harbour_log", "Harbour log", ("calendar",)
    repeatable, reads_back = True, True

    async def find(self, charter, services):
        return Artefact(id="logged")

    async def do(self, charter, services):
        return Artefact(id="logged")
'''


class Deployed:
    """The bot's code in a folder of its own, which a deploy replaces."""

    def __init__(self, world: World, code: Path) -> None:
        self.world = world
        self._code = code

    def released(self, *changes: tuple[str, str, str]) -> None:
        """Put the code of this tree there, with `changes` (file, words before, words after)."""
        shutil.rmtree(self._code, ignore_errors=True)
        for part in ("bot", "handlers", "templates"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, self._code / part, ignore=ignored)
        for file, before, after in changes:
            path = self._code / file
            text = path.read_text("utf-8") if path.exists() else ""
            assert before in text
            path.write_text(text.replace(before, after, 1) if before else after, "utf-8")

    def start(self) -> None:
        self.world.bot.start()
        self.world.bot.wait_ready(60)

    def held(self, booking_id: str) -> Message:
        """The card of a charter whose crew event is on its way; all else that can be is done."""
        card = propose(self.world, booking_id)
        self.world.sandbox.faults.add("crew_service", "timeout_after", operation="create_event")
        self.world.captain.clicks(card, "approve")
        until_met(self.world)
        until(lambda: step_state(self.world, booking_id, "live_check") == "done", "live check")
        return card

    def set_up(self, booking_id: str) -> Message:
        """The card of a charter that the version at work approved and ran."""
        card = propose(self.world, booking_id)
        self.world.captain.clicks(card, "approve")
        self.world.said(card, "is set up")
        return card

    def says(self, card: Message, text: str) -> None:
        """Wait until the charter's checklist says so."""
        self.world.slack.wait_until(
            lambda _: any(text in reply.plain for reply in replies(self.world, card)),
            what=f"checklist with {text!r}",
        )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    root = tmp_path_factory.mktemp("upgrades")
    code = root / "code"
    with start_sandbox(root, rate_scale=50.0, retry_scale=0.02) as sandbox:
        path = os.pathsep.join((str(code), sandbox.env["PYTHONPATH"]))
        bot = BotProcess({**sandbox.env, "PYTHONPATH": path}, root, command=HURRIED)
        yield Deployed(World(sandbox, bot), code)
        bot.stop()


@pytest.fixture
def deployed(running: Deployed) -> Deployed:
    """This very code, running."""
    running.world.bot.stop()
    running.released()
    running.start()
    return running


def test_changed_code_ends_what_the_code_before_it_began(
    deployed: Deployed, booking_id: str
) -> None:
    card = deployed.held(booking_id)
    deployed.world.bot.kill()
    deployed.released(
        ("bot/engine.py", "async def run(job", "# A word more.\n        async def run(job"),
        ("bot/orchestration/run.py", "JOB = ", "# And another.\nJOB = "),
        ("bot/steps/crew_event.py", 'label = "Crew event"', 'label = "Crew called"'),
    )
    deployed.start()
    deployed.world.said(card, "is set up")
    assert_one_of_each(deployed.world, booking_id)
    assert_whole_story(deployed.world, card)
    assert "jobs_of_another_version" not in deployed.world.bot.output()


def test_a_run_keeps_the_plan_that_was_approved_and_the_next_has_the_new_step(
    deployed: Deployed, new_id: Callable[[], str]
) -> None:
    old, new = new_id(), new_id()
    card = deployed.held(old)
    deployed.world.bot.kill()
    registry = "bot/steps/registry.py"
    line = "from bot.steps.live_check import LiveCheckStep"
    deployed.released(
        ("bot/steps/harbour_log.py", "", NEW_STEP),
        (registry, line, f"from bot.steps.harbour_log import HarbourLogStep\n{line}"),
        (
            registry,
            "    OperationsMailStep(),\n",
            "    OperationsMailStep(),\n    HarbourLogStep(),\n",
        ),
    )
    deployed.start()
    deployed.world.said(card, "is set up")
    deployed.says(card, "Done: all 6 steps")
    assert_completed(deployed.world, card)
    other = deployed.set_up(new)
    deployed.says(other, "Done: all 7 steps")
    deployed.says(other, "Harbour log: done")


def test_a_step_that_the_new_code_has_not_is_a_persons_and_the_old_code_can_still_do_it(
    deployed: Deployed, new_id: Callable[[], str]
) -> None:
    old, new = new_id(), new_id()
    card = deployed.held(old)
    deployed.world.bot.kill()
    deployed.released(("bot/steps/registry.py", "    OperationsMailStep(),\n", ""))
    deployed.start()
    closing = deployed.world.closing(card)
    assert "This version of the bot does not have this step." in closing.plain
    assert len(deployed.world.sandbox.crew_events(old)) == 1
    assert operations_mails(deployed.world, old) == []
    other = deployed.set_up(new)
    deployed.says(other, "Done: all 5 steps")
    deployed.world.bot.stop()
    deployed.released()
    deployed.start()
    retried(deployed.world, card)
    assert_completed(deployed.world, card)
