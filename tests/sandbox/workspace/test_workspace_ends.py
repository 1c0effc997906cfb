"""However `charter sandbox` and `charter demo` are ended, nothing of them is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from sandbox.ports import free_port

ROOT = Path(__file__).parents[3]
WITHIN_SECONDS = 20.0

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")


@pytest.fixture(autouse=True)
def nobody_said_nohup() -> Iterator[None]:
    """A closed terminal is heard, even where the tests themselves were told not to hear of it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def processes_of(folder: Path) -> dict[int, str]:
    """Whoever has the folder in its environment or command line, but for the command itself."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            said = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            known = said + (entry / "environ").read_bytes().decode(errors="replace")
        except (OSError, NotADirectoryError):
            continue
        if entry.name.isdigit() and f"{folder}/" in known and "bot.cli sandbox" not in said:
            found[int(entry.name)] = said
    return found


def until(wanted: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not wanted():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.02)


@contextmanager
def charter(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """The command, with its temporary folder in this one."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": f"{folder}/"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: "subprocess.Popen[str]", words: str) -> list[str]:
    """What it says up to and with the line with these words."""
    told = []
    for line in process.stdout:
        told.append(line.strip())
        if words in line:
            return told
    raise AssertionError(f"{told} {process.stderr.read()}")


@contextmanager
def workspace(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """`charter sandbox`, its bot ready."""
    with charter(folder, "sandbox", "--port", str(free_port())) as process:
        told = heard(process, "If the bot ends")
        page = next(each for each in told if each.startswith("http://127.0.0.1:"))
        seen = httpx.get(f"{page}workspace/snapshot", params={"user": "U0CAPTAIN"}).json()
        assert seen["bot"]["state"] == "ready"
        assert list(folder.glob("charter-sandbox-*/sandbox.log"))
        yield process


@pytest.mark.parametrize("ask", [signal.SIGINT, signal.SIGHUP])
def test_the_sandbox_ends_in_order_when_it_is_asked_to(tmp_path: Path, ask: signal.Signals):
    with workspace(tmp_path) as process:
        process.send_signal(ask)
        process.send_signal(ask)  # as somebody does who does not like to wait
        assert process.wait(WITHIN_SECONDS) == 0
        assert process.stderr.read() == ""
    assert list(tmp_path.iterdir()) == []
    until(lambda: not processes_of(tmp_path))


def test_nothing_runs_on_when_the_sandbox_is_killed(tmp_path: Path):
    with workspace(tmp_path) as process:
        running = processes_of(tmp_path).values()
        assert any("bot.cli run" in each for each in running)
        process.kill()
        until(lambda: not processes_of(tmp_path))


def test_a_rehearsal_that_dies_is_told_and_ends_the_command(tmp_path: Path):
    with workspace(tmp_path) as process:
        pid = next(p for p, said in processes_of(tmp_path).items() if "sandbox.serve" in said)
        os.kill(pid, signal.SIGKILL)
        assert process.wait(WITHIN_SECONDS) == 1
        said = process.stderr.read()
    assert said.startswith("charter: The rehearsal ended by itself; its page is gone.\n")
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
    until(lambda: not processes_of(tmp_path))


@pytest.mark.parametrize("process_that_starts", ["sandbox.serve", "bot.cli run"])
def test_an_interrupt_while_it_starts_is_obeyed_at_once(tmp_path: Path, process_that_starts: str):
    with charter(tmp_path, "sandbox", "--port", str(free_port())) as process:
        until(lambda: any(process_that_starts in each for each in processes_of(tmp_path).values()))
        process.send_signal(signal.SIGINT)
        assert process.wait(WITHIN_SECONDS) == 128 + signal.SIGINT
        assert "Open this" not in process.stdout.read()
        assert process.stderr.read() == ""
    assert list(tmp_path.iterdir()) == []
    until(lambda: not processes_of(tmp_path))


def test_a_demo_whose_terminal_is_closed_leaves_nothing(tmp_path: Path):
    with charter(tmp_path, "demo") as process:
        heard(process, "connected and ready")
        process.send_signal(signal.SIGHUP)
        assert process.wait(WITHIN_SECONDS) == 128 + signal.SIGHUP
    assert list(tmp_path.iterdir()) == []
    until(lambda: not processes_of(tmp_path))
