"""The bot in the rehearsal: shown, killed, and started again by its keeper."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox import cli
from sandbox.bot_process import BotError
from sandbox.driver import SandboxError, start_sandbox
from sandbox.keeper import Keeper

ROOT = Path(__file__).parents[3]


def states(stream, until: str) -> list[dict]:
    heard = stream.among(lambda c: c["kind"] == "bot" and c["bot"]["state"] == until)
    return [change["bot"] for change in heard if change["kind"] == "bot"]


@pytest.mark.parametrize("act", ["kill", "restart"])
def test_an_ended_bot_is_started_again_and_connects(
    page: httpx.Client, rehearsal: Keeper, snapshot, listen, slack, a_card, act: str
):
    before = snapshot("U0CAPTAIN")["bot"]
    assert before == {"state": "ready", "connections": 1, "pid": rehearsal.bot.pid}
    with listen("U0CREW") as stream:
        assert page.post(f"/workspace/bot/{act}").is_success
        heard = states(stream, "starting") + states(stream, "ready")
    assert [bot["state"] for bot in heard if bot["pid"] == before["pid"]] == ["away"]
    assert heard[-1] == {"state": "ready", "connections": 1, "pid": rehearsal.bot.pid}
    assert heard[-1]["pid"] != before["pid"]
    assert a_card()


def test_a_bot_killed_while_it_starts_is_started_once_more(page, listen, snapshot):
    with listen("U0CREW") as stream:
        page.post("/workspace/bot/kill")
        first = states(stream, "starting")[-1]["pid"]
        page.post("/workspace/bot/kill")
        second = states(stream, "ready")[-1]["pid"]
    assert first != second
    assert snapshot("U0CREW")["bot"]["pid"] == second


def test_a_keeper_whose_bot_cannot_start_says_so_and_leaves_nothing(tmp_path):
    broken = (sys.executable, "-c", "raise SystemExit('no bot today')")
    with pytest.raises(BotError, match="no bot today"), Keeper(tmp_path, command=broken) as keeper:
        pytest.fail(f"{keeper.bot} runs")
    leftovers = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert str(tmp_path) not in leftovers.stdout


def test_without_a_keeper_there_is_no_bot_to_end(tmp_path):
    with start_sandbox(tmp_path) as sandbox:
        told = sandbox.ask("GET", "/workspace/snapshot", params={"user": "U0CREW"})
        assert told.json()["bot"] == {"state": "away", "connections": 0, "pid": None}
        with pytest.raises(SandboxError, match="Nobody keeps a bot here"):
            sandbox.ask("POST", "/workspace/bot/kill")


@pytest.fixture
def victim() -> Iterator[subprocess.Popen]:
    """A process that is none of the rehearsal's, in a group of its own."""
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    with subprocess.Popen(command, start_new_session=True) as process:
        yield process
        process.kill()


def test_the_server_signals_nobody_and_passes_the_wish_on(tmp_path, victim: subprocess.Popen):
    with start_sandbox(tmp_path) as sandbox:
        for number in (-1, 0, 1, "7"):
            with pytest.raises(SandboxError, match="pid is the number of a process"):
                sandbox.ask("PUT", "/workspace/bot", json={"state": "ready", "pid": number})
        sandbox.ask("PUT", "/workspace/bot", json={"state": "ready", "pid": victim.pid})
        wishes = sandbox.process.wishes()
        for act in ("kill", "restart"):
            sandbox.ask("POST", f"/workspace/bot/{act}")
            assert next(wishes) == act
        assert victim.poll() is None
        sandbox.ask("PUT", "/workspace/bot", json={"state": "away", "pid": None})
        with pytest.raises(SandboxError, match=r"The bot is away; it is being started\."):
            sandbox.ask("POST", "/workspace/bot/kill")


def test_a_kill_ends_the_process_and_another_begins(page: httpx.Client, rehearsal: Keeper):
    process = rehearsal.bot._process
    page.post("/workspace/bot/kill")
    assert process.wait(10) == -signal.SIGKILL
    rehearsal.sandbox.slack.wait_until(lambda _: ready(page, process.pid), 60, "new bot")


def ready(page: httpx.Client, but: int) -> bool:
    bot = page.get("/workspace/snapshot", params={"user": "U0CREW"}).json()["bot"]
    return bot["state"] == "ready" and bot["pid"] != but


def charter(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_is_told_at_once():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = charter("sandbox", "--port", str(port))
    assert said.returncode == 1
    assert said.stderr == f"charter: port {port} is taken; name another with --port.\n"


def test_the_next_free_port_is_taken_and_said(monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(cli, "_PORT", port)
        monkeypatch.setattr(cli, "_PORTS", range(port, port + 20))
        found = cli._free(None)
    assert port < found < port + 20
    assert capsys.readouterr().out == f"Port {port} is taken; the page is at {found}.\n"
