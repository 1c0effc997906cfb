import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.settings import load
from sandbox.bot_process import BotError, BotProcess
from sandbox.driver import SandboxError, start_sandbox
from sandbox.world import World

HOUSE = Path(__file__).parents[3]


def processes_of(root: Path) -> list[int]:
    """Whoever has the folder in its environment or command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                said = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(root).encode() in said:
                found.append(int(entry.name))
    return found


def wait_until_gone(root: Path) -> None:
    until = time.monotonic() + 10
    while processes_of(root):
        assert time.monotonic() < until, processes_of(root)
        time.sleep(0.02)


async def test_a_second_sandbox_beside_the_first_shares_nothing_and_leaves_nothing(
    sandbox, tmp_path, dashboard, entry
):
    second = await World.start(
        tmp_path, latencies={"crew": 0.1}, settings={"mail": {"crew_summary": True}}
    )
    try:
        dashboard.post("/events", json=entry)
        assert await second.calendar.table.all() == []
        assert second.env["AWS_SECRET_ACCESS_KEY"] != sandbox.env["AWS_SECRET_ACCESS_KEY"]
        assert second.env["AWS_ENDPOINT_URL"] != sandbox.env["AWS_ENDPOINT_URL"]
        assert "crew_summary = true" in (tmp_path / "charter.toml").read_text()
        assert len(processes_of(tmp_path)) == 1
    finally:
        await second.stop()
    assert processes_of(tmp_path) == []


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_a_sandbox_ends_when_whoever_started_it_is_killed(tmp_path):
    code = (
        "import subprocess, sys\n"
        "command = [sys.executable, '-m', 'sandbox.serve', '--until-stdin-closes', '--root']\n"
        "p = subprocess.Popen([*command, sys.argv[1]], stdin=subprocess.PIPE)\n"
        "p.wait()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=HOUSE, stdout=subprocess.PIPE
    )
    with parent:
        assert b"control_url" in parent.stdout.readline()
        assert len(processes_of(tmp_path)) == 3
        parent.kill()
    wait_until_gone(tmp_path)


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_the_emulator_ends_when_its_sandbox_is_killed(tmp_path):
    code = (
        "import asyncio, sys; from pathlib import Path; from sandbox.aws.process import Emulator\n"
        "async def main():\n"
        "    emulator = await Emulator.start(Path(sys.argv[1]))\n"
        "    await emulator.ready()\n"
        "    print('up', flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=HOUSE, stdout=subprocess.PIPE
    )
    with parent:
        assert parent.stdout.readline() == b"up\n"
        assert len(processes_of(tmp_path)) == 2
        parent.kill()
    wait_until_gone(tmp_path)


def test_its_configuration_is_one_that_the_bot_accepts(sandbox):
    settings = load(Path(sandbox.env["CHARTER_CONFIG"]), sandbox.env)
    assert settings.slack.operators == ("U0CAPTAIN", "S0OPS")
    assert settings.crew_service.role_arn.endswith("role/charter-bot-crew")


def test_the_bots_environment_holds_nothing_of_this_machines(sandbox):
    unexpected = {
        name
        for name in sandbox.env
        if not name.startswith(("AWS_", "SLACK_", "CHARTER_"))
        and name not in {"PATH", "LANG", "LC_ALL", "TZ", "TERM", "NO_COLOR", "HOME", "PYTHONPATH"}
    }
    assert unexpected - {"COVERAGE_PROCESS_START"} == set()
    assert sandbox.env["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_its_slack_is_there(sandbox):
    assert sandbox.slack.state()["team"]["id"] == "T0CHARTERS"


def test_a_sandbox_that_cannot_start_says_why(tmp_path):
    with (
        pytest.raises(SandboxError, match="sandbox did not start"),
        start_sandbox(tmp_path, latency={"crew": "soon"}),
    ):
        pass


STAND_IN = (
    "import json, os, sys, time\n"
    "print(json.dumps({'event': 'starting', 'home': os.environ.get('HOME')}), file=sys.stderr)\n"
    "print('not json', file=sys.stderr)\n"
    "print(json.dumps({'event': 'ready'}), file=sys.stderr, flush=True)\n"
    "time.sleep(60)\n"
)


def test_a_bot_is_started_killed_and_started_again(tmp_path):
    bot = BotProcess({"HOME": "/nowhere"}, tmp_path, command=(sys.executable, "-c", STAND_IN))
    with bot:
        bot.wait_ready()
        first = bot.pid
        assert bot.restart(kill=True) < 20
        assert bot.pid != first
        assert [line["event"] for line in bot.logs()] == ["starting", "ready"] * 2
        assert bot.logs()[0]["home"] == "/nowhere"
    assert not bot.running


def test_a_bot_that_ends_says_what_it_said(tmp_path):
    command = (sys.executable, "-c", "import sys; sys.exit('no such file')")
    bot = BotProcess({}, tmp_path, command=command)
    bot.start()
    with pytest.raises(BotError, match="no such file"):
        bot.wait_ready()
    assert bot.stop() == 1


def test_legacy_events_hold_revenue_in_three_shapes(sandbox):
    text = sandbox.put_legacy_event("aaaaaaa", shape="json")["notes"]
    assert json.loads(text)["owner_payout"] == "840.75"
    sandbox.put_legacy_event("bbbbbbb", shape="map")
    assert sandbox.crew_events("bbbbbbb")[0]["notes"]["captain_fee"] == "150.00"
    assert "$840.75" in sandbox.put_legacy_event("ccccccc", shape="prose")["notes"]
