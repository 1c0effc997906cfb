import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.database import make_engine

ROOT = Path(__file__).parent.parent
SECRET = "xoxb-canary-1"
LUNCH = """\
From: Friend <friend@example.com>
To: owner@example.com
Subject: Lunch on Friday?
Message-ID: <lunch@example.com>
Date: Fri, 29 May 2026 10:00:00 -0700
Content-Type: text/plain; charset=utf-8

Shall we have lunch on Friday?
"""


def charter(
    *arguments: str, cwd: Path, stdin: bytes = b"", environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    finished = subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env=environment(**(environ or {})),
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(
        finished.args, finished.returncode, finished.stdout.decode(), finished.stderr.decode()
    )


def environment(**more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "CHARTER_", "AWS_"))
    }
    before = more.pop("PYTHONPATH", "")
    return {**kept, "PYTHONPATH": f"{before}{os.pathsep}{ROOT}", **more}


def mails(pattern: str) -> list[Path]:
    return sorted((ROOT / "tests" / "mails").rglob(pattern))


@pytest.fixture
def booking() -> Path:
    return next(path for path in mails("*.eml") if "instant" in path.name)


@pytest.fixture
def lunch(tmp_path: Path) -> Path:
    path = tmp_path / "lunch.eml"
    path.write_text(LUNCH)
    return path


def test_help_lists_every_command(tmp_path: Path):
    said = charter("--help", cwd=tmp_path)
    assert said.returncode == 0
    for name in ("run", "parse", "status", "list", "doctor"):
        assert f"\n  {name} " in said.stdout


def test_an_unknown_command_gets_the_usage(tmp_path: Path):
    said = charter("sail", cwd=tmp_path)
    assert said.returncode == 2
    assert "No such command 'sail'" in said.stderr


def test_parse_prints_one_object_a_line_in_order(tmp_path: Path, booking: Path):
    changed = next(path for path in mails("*.eml") if "changed" in path.name)
    said = charter("parse", "--json", str(changed), str(booking), cwd=tmp_path)
    assert said.returncode == 0
    first, second = map(json.loads, said.stdout.splitlines())
    assert (first["kind"], second["kind"]) == ("changed", "new")
    assert list(second) == ["kind", "marketplace", "booking", "fields", "missing", "unsure"]
    assert second["fields"]["booking_id"].keys() == {"value", "words", "sure"}


def test_parse_prints_nothing_that_steers_a_terminal_or_cannot_be_printed(tmp_path: Path):
    text = (
        "You received an Instant Booking for May 30, 2026 • 10:00 AM.\n\nBooking ID: xhqgmdh\n\n"
        "Sail San Diego Bay aboard JADA\n\nRenter: Marisol\n\nStart\nMay 30, 2026 • 10:00 AM\n"
    )
    (tmp_path / "a.txt").write_text(text.replace("Marisol", "Mar\x9b2Jis\u202eo\x7fl"), "utf-8")
    slack = {"mode": "email", "plain_text": text.replace("Marisol", "M\ud800x")}
    (tmp_path / "b.json").write_text(json.dumps(slack), "utf-8")

    said = charter("parse", "--json", "a.txt", "b.json", cwd=tmp_path)

    assert (said.returncode, said.stderr) == (0, "")
    assert not set("\x9b\u202e\x7f") & set(said.stdout)
    first, second = (json.loads(line) for line in said.stdout.splitlines())
    assert first["fields"]["renter"]["words"] == "Mar\x9b2Jis\u202eo\x7fl"
    assert second["fields"]["renter"]["words"] == "M\ufffdx"


def test_parse_reads_standard_input(tmp_path: Path, booking: Path):
    said = charter("parse", "-", "--json", cwd=tmp_path, stdin=booking.read_bytes())
    assert said.returncode == 0
    assert json.loads(said.stdout)["kind"] == "new"


def test_parse_tells_a_person_in_plain_words_when_piped(tmp_path: Path, booking: Path):
    said = charter("parse", str(booking), cwd=tmp_path)
    assert "a new booking (boatsetter)" in said.stdout
    assert "passengers" in said.stdout
    assert "\x1b" not in said.stdout


def test_parse_exits_3_for_anything_that_is_no_booking(tmp_path: Path, booking: Path, lunch: Path):
    said = charter("parse", "--json", str(lunch), str(booking), cwd=tmp_path)
    assert said.returncode == 3
    assert [json.loads(line)["kind"] for line in said.stdout.splitlines()] == [
        "unrecognised",
        "new",
    ]


def test_parse_exits_2_for_a_file_that_cannot_be_read_and_reads_the_others(
    tmp_path: Path, lunch: Path
):
    (tmp_path / "empty.eml").write_bytes(b"")
    said = charter("parse", "--json", "none.eml", str(lunch), "empty.eml", ".", cwd=tmp_path)
    assert said.returncode == 2
    assert len(said.stdout.splitlines()) == 1
    assert [line.split(": ")[1] for line in said.stderr.splitlines()] == [
        "none.eml",
        "empty.eml",
        ".",
    ]


def test_parse_takes_the_boats_of_the_configuration(tmp_path: Path, booking: Path):
    (tmp_path / "charter.toml").write_text('[[boats]]\nname = "Q"\n')
    said = charter("parse", str(booking), cwd=tmp_path)
    assert said.returncode == 78
    assert "boats[0].time_zone: is missing" in said.stderr


def test_parse_loads_nothing_heavy(tmp_path: Path, booking: Path):
    code = (
        "import sys; from bot.cli import app; app(standalone_mode=False); "
        "heavy = {'aiohttp', 'boto3', 'botocore', 'dbos', 'httpx', 'slack_bolt', 'sqlalchemy', "
        "'structlog', 'rich', 'asyncio'}; print(sorted(heavy & sys.modules.keys()))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, "parse", str(booking)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.splitlines()[-1] == "[]"


def test_run_names_every_fault_of_the_settings_and_no_secret(tmp_path: Path):
    example = (ROOT / "charter.example.toml").read_text()
    (tmp_path / "charter.toml").write_text(
        example.replace('"U0CAPTAIN"', '"captain"').replace("{slug}.html", "page.html")
    )
    said = charter("run", cwd=tmp_path, environ={"SLACK_APP_TOKEN": SECRET})
    assert said.returncode == 78
    assert said.stderr.splitlines() == [
        "charter: the settings cannot be used:",
        "  SLACK_APP_TOKEN: must start with xapp- (Slack app, Basic Information, App-Level Tokens)",
        "  SLACK_BOT_TOKEN: is not set (Slack app, OAuth & Permissions)",
        "  slack.operators[0]: must be the id of a user (U… or W…) or a user group (S…), not a name",
        "  guest_pages.key: must hold {slug} and no other placeholder",
    ]


@pytest.fixture
def database(tmp_path: Path) -> None:
    """Where a bot has run, and nothing has come yet."""
    engine = make_engine(f"sqlite:///{tmp_path}/var/charter.db")
    schema.migrate(engine)
    engine.dispose()


@pytest.mark.parametrize("asked", [("list",), ("status", "XHQGMDH")])
def test_looking_where_no_bot_has_run_says_so_and_makes_nothing(tmp_path: Path, asked):
    said = charter(*asked, cwd=tmp_path)
    assert (said.returncode, said.stdout) == (1, "")
    assert f"there is no database at {tmp_path}/var/charter.db: set CHARTER_DATABASE_URL" in (
        said.stderr
    )
    assert list(tmp_path.glob("**/*.db")) == []


@pytest.mark.usefixtures("database")
def test_an_empty_database_is_said_in_words_and_as_json(tmp_path: Path):
    said = charter("list", cwd=tmp_path)
    assert (said.returncode, said.stdout) == (0, "There are no charters yet.\n")
    assert json.loads(charter("list", "--json", cwd=tmp_path).stdout) == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("wanted", ["XHQGMDH", "../*\n"])
def test_an_unknown_id_is_no_charter_and_nothing_of_it_is_repeated(tmp_path: Path, wanted: str):
    said = charter("status", wanted, cwd=tmp_path)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "charter: no such charter. charter list shows those that there are.\n"


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(tmp_path: Path):
    url = "postgresql://bot:canary@127.0.0.1:1/charter"
    said = charter("list", cwd=tmp_path, environ={"CHARTER_DATABASE_URL": url})
    assert said.returncode == 1
    assert said.stderr == (
        "charter: The server cannot be reached at 127.0.0.1:1 (Connection refused). Start it, have "
        "it listen for this machine, or correct CHARTER_DATABASE_URL.\n"
    )
    assert "Traceback" not in said.stderr
    assert "canary" not in said.stderr + (tmp_path / "var/errors.log").read_text()


RUNS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "AWS_DEFAULT_REGION": "us-west-2"}
AWAY = RUNS | {"CHARTER_DATABASE_URL": "postgresql://bot:canary@127.0.0.1:1/charter"}


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    """A folder in which the bot can be run."""
    (tmp_path / "charter.toml").write_text((ROOT / "charter.example.toml").read_text())
    return tmp_path


def test_why_a_run_ends_is_the_last_line_of_its_log_which_is_all_json(configured: Path):
    said = charter("run", cwd=configured, environ=AWAY)
    assert (said.returncode, said.stdout) == (1, "")
    *_, last = [json.loads(line) for line in said.stderr.splitlines()]
    assert (last["level"], last["event"]) == ("critical", "ended")
    assert last["reason"].startswith("The server cannot be reached at 127.0.0.1:1 (Connection ref")
    assert "canary" not in said.stderr


def test_on_a_terminal_it_is_said_in_words_as_well(configured: Path):
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "run"],
        cwd=configured,
        env=environment(**AWAY),
        stderr=theirs,
    ) as process:
        os.close(theirs)
        said = b""
        try:
            while read := os.read(ours, 4096):
                said += read
        except OSError:  # how a terminal ends whose program has
            pass
    os.close(ours)
    *_, logged, plain = said.decode().splitlines()
    assert process.returncode == 1
    assert plain == f"charter: {json.loads(logged)['reason']}"


def test_a_port_that_is_taken_is_said_with_what_to_do(configured: Path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        signed = RUNS | {"SLACK_SIGNING_SECRET": "shh"}
        said = charter("run", "--http", str(port), cwd=configured, environ=signed)
    assert said.returncode == 1
    assert json.loads(said.stderr.splitlines()[-1])["reason"] == (
        f"port {port} cannot be listened on (Address already in use); end what uses it, or name "
        "another with --http"
    )


def test_a_folder_that_cannot_be_made_is_no_fault_of_the_bots(configured: Path):
    (configured / "file").write_text("")
    url = {"CHARTER_DATABASE_URL": "sqlite:///file/charter.db"}
    said = charter("run", cwd=configured, environ=RUNS | url)
    assert said.returncode == 1
    last = json.loads(said.stderr.splitlines()[-1])
    assert f"The folder of {configured}/file/charter.db is not there" in last["reason"]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("mysql://db/x", "must start with sqlite:/// or postgresql://"),
        ("sqlite:x.db", "must have slashes: sqlite:///FILE or postgresql://HOST/NAME"),
        ("postgresql:x", "must have slashes: sqlite:///FILE or postgresql://HOST/NAME"),
        ("sqlite://", "must name a file: sqlite:///FILE, with a fourth slash if its path begins"),
        ("sqlite:///", "must name a file: sqlite:///FILE, with a fourth slash if its path begins"),
        ("sqlite://var/x.db", "must name a file: sqlite:///FILE, with a fourth slash if its path"),
        ("postgresql://bot:ca@nary@db:x/y", "has a host or a port that cannot be read; in a"),
        ("postgresql://bot:ca@nary@127.0.0.1:1/y", "has more than one @; in a password, @ is"),
        ("postgresql://bot:ca@n/nary@db/y", "has more than one @; in a password, @ is"),
    ],
)
def test_an_url_that_names_no_database_is_a_wrong_setting(tmp_path: Path, url: str, fault: str):
    said = charter("list", cwd=tmp_path, environ={"CHARTER_DATABASE_URL": url})
    assert said.returncode == 78
    assert f"  CHARTER_DATABASE_URL: {fault}" in said.stderr
    assert "nary" not in said.stderr


def test_a_known_cause_is_told_alone_where_no_report_can_be_written(tmp_path: Path):
    (tmp_path / "var").write_text("in the report's way")
    url = {"CHARTER_DATABASE_URL": "postgresql://bot:canary@127.0.0.1:1/charter"}
    said = charter("list", cwd=tmp_path, environ=url)
    assert len(said.stderr.splitlines()) == 1
    assert said.stderr.startswith("charter: The server cannot be reached at 127.0.0.1:1")


def test_doctor_shows_wrong_settings_as_failed_checks(tmp_path: Path):
    said = charter("doctor", "--json", cwd=tmp_path)
    found = json.loads(said.stdout)
    assert said.returncode == 1
    assert not found["ok"]
    assert {check["level"] for check in found["checks"]} == {"fail"}
    assert all(check["hint"] for check in found["checks"])
    told = charter("doctor", cwd=tmp_path)
    assert told.returncode == 1
    assert "✗ Setting SLACK_BOT_TOKEN: is not set" in told.stdout
    assert told.stdout.splitlines()[-1] == "3 checks: 3 failed, 0 to look at."


@pytest.fixture
def contributed(tmp_path: Path) -> Path:
    """A folder with two distributions: one that contributes commands, one with a missing extra."""
    site = tmp_path / "site"
    for name, files in {
        "guest-1.0": {
            "METADATA": "Metadata-Version: 2.1\nName: guest\nVersion: 1.0\n",
            "entry_points.txt": "[charter.commands]\nhello = guest:hello\nbroken = guest:broken\n"
            "wait = guest:wait\nlost = nowhere:lost\n",
        },
        "charter_bot-0.1.0": {
            "METADATA": "Metadata-Version: 2.1\nName: charter-bot\nVersion: 0.1.0\n"
            "Provides-Extra: rigging\nRequires-Dist: not-there>=1; extra == 'rigging'\n",
            "entry_points.txt": "[charter.commands]\nneedy = guest:hello [rigging]\n",
        },
    }.items():
        info = site / f"{name}.dist-info"
        info.mkdir(parents=True)
        for file, text in files.items():
            (info / file).write_text(text)
    (site / "guest.py").write_text(
        "import time\n"
        "def hello(name: str = 'sailor'):\n    'Say hello.'\n    print('hello', name)\n"
        "def broken():\n    'Fail.'\n    raise KeyError('canary')\n"
        "def wait():\n    'Wait.'\n    print('waiting', flush=True)\n    time.sleep(60)\n"
    )
    return site


def test_commands_are_contributed_by_entry_points(tmp_path: Path, contributed: Path):
    there = {"PYTHONPATH": str(contributed)}
    shown = charter("--help", cwd=tmp_path, environ=there).stdout
    assert ["hello", "Say", "hello."] in [line.split() for line in shown.splitlines()]
    said = charter("hello", "--name", "captain", cwd=tmp_path, environ=there)
    assert said.stdout == "hello captain\n"


def test_a_command_whose_extra_is_missing_says_which_to_install(tmp_path: Path, contributed: Path):
    there = {"PYTHONPATH": str(contributed)}
    said = charter("needy", cwd=tmp_path, environ=there)
    assert said.returncode == 1
    assert said.stderr == "charter: needy needs an extra: pip install 'charter-bot[rigging]'\n"
    lost = charter("lost", cwd=tmp_path, environ=there)
    assert lost.returncode == 1
    assert lost.stderr == "charter: lost cannot be loaded: nowhere is not installed\n"


def test_a_fault_of_its_own_is_one_line_and_a_report_without_its_message(
    tmp_path: Path, contributed: Path
):
    said = charter("broken", cwd=tmp_path, environ={"PYTHONPATH": str(contributed)})
    assert said.returncode == 70
    (line,) = said.stderr.splitlines()
    assert "KeyError at site/guest.py:7 in broken" in line
    report = json.loads((tmp_path / "var" / "errors.log").read_text())
    assert report["exception"]["type"] == "KeyError"
    assert "canary" not in line + json.dumps(report)


def test_an_interrupt_exits_130_in_silence(tmp_path: Path, contributed: Path):
    # A shell's background job inherits a SIGINT that is ignored, and so would the process.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "wait"],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(contributed)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        signal.signal(signal.SIGINT, before)
        assert process.stdout
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in errors


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path, booking: Path):
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "parse", *[str(booking)] * 50],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    errors = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=30)
    assert b"Traceback" not in errors
