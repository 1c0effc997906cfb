"""Reading in a process that is bounded, and killed if need be."""

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import hostile_work
import pytest

from bot.domain.errors import Retriable
from bot.mail.unreadable import Unreadable
from bot.orchestration.quarantine import Bounds, Quarantine

HOUSE = Path(__file__).parents[2]
HURRIED = Bounds(seconds=2)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(5):
        while not gone(pid):
            await asyncio.sleep(0.01)


async def test_a_worker_is_another_process_and_is_kept():
    quarantine = Quarantine()
    first, second = [await quarantine.run(hostile_work.which) for _ in range(2)]
    assert first == second != os.getpid()


async def test_what_takes_too_long_is_killed_and_the_next_mail_is_read(tmp_path):
    note = tmp_path / "pid"
    await Quarantine().warm()
    with pytest.raises(Unreadable, match="too long to read"):
        await Quarantine(HURRIED).run(hostile_work.for_ever, str(note))
    await until_gone(int(note.read_text()))
    assert await Quarantine().run(hostile_work.which) != int(note.read_text())


async def test_waiting_for_a_place_is_not_reading():
    await Quarantine().warm()
    quarantine = Quarantine(Bounds(seconds=3, places=1))
    answers = await asyncio.gather(
        quarantine.run(time.sleep, 1.6),
        quarantine.run(time.sleep, 1.6),
        quarantine.run(hostile_work.which),
    )
    assert answers[:2] == [None, None]


DEATHS = {
    "hungry": hostile_work.hungry,
    "killed": hostile_work.killed,
    "segfault": hostile_work.segfault,
}


@pytest.mark.parametrize("work", DEATHS.values(), ids=DEATHS)
async def test_a_worker_that_dies_makes_the_mail_unreadable_and_nothing_else(work, capfd):
    quarantine = Quarantine()
    with pytest.raises(Unreadable, match="than a mail may take, or this machine had none left"):
        await quarantine.run(work)
    assert await quarantine.run(hostile_work.which) != os.getpid()
    assert "Traceback" not in "".join(capfd.readouterr())


async def test_a_worker_that_was_killed_for_another_reason_costs_no_mail(tmp_path):
    assert await Quarantine().run(hostile_work.killed_once, str(tmp_path / "note")) == "read"


def slow_to_start(folder: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Every Python that starts from now on does this first."""
    (folder / "sitecustomize.py").write_text(how, encoding="utf-8")
    path = os.pathsep.join((str(folder), os.environ.get("PYTHONPATH", "")))
    monkeypatch.setenv("PYTHONPATH", path)


async def test_a_machine_that_starts_processes_slowly_costs_no_mail(tmp_path, monkeypatch):
    slow_to_start(tmp_path, monkeypatch, "import time; time.sleep(2.5)")
    assert await Quarantine(HURRIED).run(hostile_work.which) != os.getpid()


async def test_a_process_that_cannot_start_is_no_fault_of_the_mail(tmp_path, monkeypatch):
    slow_to_start(tmp_path, monkeypatch, "import os; os._exit(1)")
    with pytest.raises(Retriable, match="cannot start a process"):
        await Quarantine().run(hostile_work.which)
    monkeypatch.undo()
    assert await Quarantine().run(hostile_work.which) != os.getpid()


async def test_a_machine_without_means_is_no_fault_of_the_mail():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, most[1]))
    try:
        await Quarantine().warm()  # which the bot survives
        with pytest.raises(Retriable, match="cannot start a process"):
            await Quarantine().run(hostile_work.which)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
    assert await Quarantine().run(hostile_work.which) != os.getpid()


async def test_a_worker_that_died_at_rest_is_replaced():
    quarantine = Quarantine()
    resting = await quarantine.run(hostile_work.which)
    os.kill(resting, signal.SIGKILL)
    assert await quarantine.run(hostile_work.which) != resting


async def test_processor_time_is_bounded_for_a_worker_that_nobody_waits_for():
    """Its own bound ends a worker whose bot was killed in the middle of a mail."""
    started = time.monotonic()
    script = (
        "from bot.orchestration.quarantine import Bounds, _bounded\n"
        "import hostile_work\n"
        "_bounded(Bounds(seconds=0), hostile_work.busy, ())\n"
    )
    path = os.pathsep.join((str(HOUSE), str(Path(__file__).parent)))
    alone = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, env={**os.environ, "PYTHONPATH": path}
    )
    assert await asyncio.wait_for(alone.wait(), 30) == -signal.SIGXCPU
    assert time.monotonic() - started < 30


RAISED = {
    "an error": (hostile_work.raising, AssertionError("$840.75")),
    "recursion": (hostile_work.deep,),
    "an exit": (hostile_work.raising, SystemExit(3)),
    "an interrupt": (hostile_work.raising, KeyboardInterrupt()),
    "an answer that cannot be sent": (hostile_work.unspeakable,),
}


@pytest.mark.parametrize("work", RAISED.values(), ids=RAISED)
async def test_whatever_is_raised_is_a_sentence(work):
    with pytest.raises(Unreadable) as refused:
        await Quarantine().run(*work)
    assert refused.value.reason == "It is damaged, or made in a way that the bot cannot read."


async def test_a_reader_that_refuses_gives_its_own_reason():
    with pytest.raises(Unreadable, match="It is empty"):
        await Quarantine().run(hostile_work.refusing)


async def test_signals_that_are_meant_for_the_bot_do_not_cost_a_mail():
    assert await Quarantine().run(hostile_work.interrupted) == "went on"


async def test_a_reading_that_is_cut_off_leaves_no_process(tmp_path):
    note = tmp_path / "pid"
    reading = asyncio.create_task(Quarantine().run(hostile_work.for_ever, str(note)))
    async with asyncio.timeout(20):
        while not (note.exists() and note.read_text()):
            await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await until_gone(int(note.read_text()))


BOT = """
import asyncio, os, signal, sys
import hostile_work
from bot.orchestration.quarantine import Quarantine

async def main():
    quarantine = Quarantine()
    print(await quarantine.run(hostile_work.which), flush=True)
    if "reading" in sys.argv:
        asyncio.create_task(quarantine.run(hostile_work.for_ever, sys.argv[2]))
        while not os.path.exists(sys.argv[2]):
            await asyncio.sleep(0.01)
    if "killed" in sys.argv:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.parametrize("how", ["ends", "reading", "killed"])
async def test_a_bot_that_ends_leaves_no_worker_and_says_nothing(how, tmp_path):
    bot = tmp_path / "alone.py"
    bot.write_text(BOT, encoding="utf-8")
    path = os.pathsep.join((str(HOUSE), str(Path(__file__).parent)))
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, str(bot), how, str(tmp_path / "note")],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == (-signal.SIGKILL if how == "killed" else 0)
    assert ended.stderr == ""
    await until_gone(int(ended.stdout))
