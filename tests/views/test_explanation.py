"""`charter parse --explain` as whoever writes the next reader sees it.

`pytest tests/views --rewrite-golden` renews the golden texts; read what changed.
"""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.views.explanation import drawn, quote, remark

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
MAILS = ROOT / "tests" / "mails" / "boatsetter"
EXPLAINED = {"new": 0, "reminder": 3, "unknown_template": 3}
"""Each mail with the exit code."""
NEW_WORDING = """\
From: Boatsetter <boatsetter@mail.boatsetter.com>
Subject: Ahoy! Aug 21, 2026 is yours to sail
Content-Type: text/plain; charset=utf-8

Great news, captain: raquel comes aboard.
Code: bpzmzvw
Aug 21, 2026 \u2022 11:00 AM for 3 hours
"""
HOSTILE = """\
From: "\x1b[2J Boatsetter" <captain@example.com>
Subject: Fwd: [bold red]You have a new booking for[/bold red] \x1b]0;owned\x07 :tada:
Content-Type: text/plain; charset=utf-8

You received a booking for Aug 21, 2026 \u2022 11:00 AM.
Booking ID: bpzmzvw
Lake\u200bside \x1b[31m[link=https://evil.example]Barge[/link]
Renter: Ann\u202egnp.exe
Start
Aug\u00a021, 2026 \u2022 11:00 AM
"""
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066-\u2069]")


def environment(**more: str) -> dict[str, str]:
    ours = ("SLACK_", "CHARTER_", "AWS_", "NO_COLOR", "FORCE_COLOR", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def parse(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "parse", *arguments],
        cwd=cwd,
        env=environment(**environ),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def on_a_terminal(*arguments: str, cwd: Path, **environ: str) -> str:
    """What the command writes where its output is a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "parse", *arguments],
        cwd=cwd,
        env=environment(COLUMNS="100", TERM="xterm", **environ),
        stdout=theirs,
    ) as running:
        os.close(theirs)
        told = b"".join(_parts(ours))
    os.close(ours)
    assert running.returncode in {0, 3}
    return told.decode()


def _parts(terminal: int) -> Iterator[bytes]:
    try:
        while part := os.read(terminal, 65_536):
            yield part
    except OSError:  # how Linux says that nobody writes there any more
        return


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.eml"
    path.write_text(HOSTILE, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_person_is_told_every_decision(name: str, tmp_path: Path, request: pytest.FixtureRequest):
    shutil.copy(MAILS / "1-xhqgmdh-instant-gmail.eml", tmp_path / "new.eml")
    shutil.copy(MAILS / "6-xhqgmdh-reminder-gmail.eml", tmp_path / "reminder.eml")
    (tmp_path / "unknown_template.eml").write_text(NEW_WORDING, encoding="utf-8")
    said = parse("--explain", f"{name}.eml", cwd=tmp_path)
    assert (said.returncode, said.stderr) == (EXPLAINED[name], "")
    golden = GOLDEN / f"explained_{name}.txt"
    if request.config.getoption("--rewrite-golden", default=False):
        golden.write_text(said.stdout, encoding="utf-8")
    assert said.stdout == golden.read_text(encoding="utf-8")


def test_mails_of_every_shape_can_be_explained_and_end_in_their_reading(tmp_path: Path):
    files = sorted(map(str, (ROOT / "tests" / "mails").rglob("*.eml")))[::5]
    said = parse("--explain", *files, cwd=tmp_path)
    known = parse("--json", *files, cwd=tmp_path)
    assert said.returncode == known.returncode
    kinds = re.findall(r"^  Reading: (\w+)$", said.stdout, re.MULTILINE)
    assert kinds == [json.loads(line)["kind"] for line in known.stdout.splitlines()]
    final = re.findall(r"^      (\w+): .*, (?:sure|not sure: .*)$", said.stdout, re.MULTILINE)
    assert len(final) >= sum(len(json.loads(one)["fields"]) for one in known.stdout.splitlines())


def test_contradictions_are_shown_place_by_place_with_the_reason(tmp_path: Path):
    shutil.copy(MAILS / "text-and-html-disagree.eml", tmp_path)
    told = parse("--explain", "text-and-html-disagree.eml", cwd=tmp_path).stdout
    [final] = re.findall(r"^ +(\w+): .*, not sure: The mail says both .*$", told, re.MULTILINE)
    under = told.split(f"\n      {final}: ", 1)[1].split("\n      ", 1)[0]
    below = told.split(f"      {final}: {under}\n", 1)[1].splitlines()
    places = {line.strip().split(",")[0] for line in below[:8] if line.startswith("        ")}
    assert {"text", "HTML"} <= places


def test_of_several_mails_it_is_told_which_was_chosen_and_why(tmp_path: Path):
    shutil.copy(MAILS / "barge-attached-message.eml", tmp_path)
    told = parse("--explain", "barge-attached-message.eml", cwd=tmp_path).stdout
    assert "  Mail 1 of 2, attached to another\n" in told
    assert "  Mail 2 of 2, the file itself\n" in told
    assert "  Chosen: mail 1, the first that a marketplace, boatsetter, took for its own\n" in told


def test_what_nobody_claims_says_who_was_asked(tmp_path: Path):
    (tmp_path / "lunch.txt").write_text("Shall we have lunch?\n")
    said = parse("--explain", "lunch.txt", cwd=tmp_path)
    assert said.returncode == 3
    assert "boatsetter: not its own" in said.stdout
    assert "no marketplace took any of it for its own" in said.stdout
    assert "Reading: unrecognised" in said.stdout


def test_what_cannot_be_read_is_said_and_the_others_are_explained(tmp_path: Path, mail: Path):
    (tmp_path / "empty.eml").write_bytes(b"")
    said = parse("--explain", "empty.eml", mail.name, cwd=tmp_path)
    assert said.returncode == 2
    assert said.stderr == "charter: empty.eml: It is empty.\n"
    assert "Reading: new" in said.stdout


def test_json_and_an_explanation_exclude_each_other(tmp_path: Path, mail: Path):
    said = parse("--explain", "--json", mail.name, cwd=tmp_path)
    assert said.returncode == 2
    assert "leave one of the two out" in said.stderr
    assert said.stdout == ""


def test_a_terminal_gets_colours_unless_they_are_unwanted(mail: Path):
    coloured = on_a_terminal("--explain", mail.name, cwd=mail.parent)
    assert "\x1b[1;36m" in coloured
    plain = on_a_terminal("--explain", mail.name, cwd=mail.parent, NO_COLOR="1")
    assert "\x1b" not in plain
    assert "Reading: new" in plain


def test_words_of_a_mail_do_nothing_to_a_terminal_and_can_be_seen(mail: Path):
    told = on_a_terminal("--explain", mail.name, cwd=mail.parent)
    without_colours = re.sub("\x1b\\[[0-9;]*m", "", told).replace("\r\n", "\n")
    assert not CONTROLS.search(without_colours)
    assert "\x1b[31m" not in told  # the mail's own red; ours is bold
    whole = " ".join(without_colours.split())
    for shown in ("<U+001B>[2J", "[bold red]You", "[link=https://evil", "Ann<U+202E>gnp.exe"):
        assert shown in whole
    assert ":tada:" in whole
    assert "Lake<U+200B>side" in whole
    assert "<U+001B>]0;owned<U+0007>" in whole


def test_long_words_are_cut_and_their_length_is_told():
    told = drawn([remark("x ", quote("a" * 100_000))], colour=False)
    assert told == f"x “{'a' * 200}…” (100,000 characters)\n"


def test_a_mail_of_thousands_of_labels_is_explained_in_a_few_lines(tmp_path: Path):
    (tmp_path / "many.eml").write_text(HOSTILE + "Passengers: 4\n" * 2000, encoding="utf-8")
    told = parse("--explain", "many.eml", cwd=tmp_path).stdout
    assert re.search(r"^ +and \d+ more$", told, re.MULTILINE)
    assert len(told.splitlines()) < 100
