"""The golden mails are what their grammar writes, whenever and wherever it writes them."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import grammar
import write_golden

ODD = {
    "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
    "PYTHONHASHSEED": "7",
}  # fmt: skip
PROGRAM = """
import codecs, json, locale, sys, time
from pathlib import Path
from bot.mail.reader import read_bytes
from bot.settings import load_boats

locale.setlocale(locale.LC_ALL, "")
boats = load_boats(Path(sys.argv[1]))
mails = {path: Path(path).read_bytes() for path in sys.argv[2:]}
readings = {path: read_bytes(raw, name=path, boats=boats).as_json() for path, raw in mails.items()}
encoding = codecs.lookup(locale.getencoding()).name
print(json.dumps({"zone": time.tzname[0], "encoding": encoding, "readings": readings}))
"""


def test_writing_the_golden_mails_again_changes_no_byte():
    written = write_golden.files()

    kept = {path.name: path.read_bytes() for path in write_golden.FOLDER.glob("made-*")}
    assert kept.keys() == written.keys()
    assert [name for name in written if kept[name] != written[name]] == []


def test_there_are_many_and_no_two_are_the_same():
    mails = [raw for name, raw in write_golden.files().items() if name.endswith(".eml")]

    assert len(mails) >= 150
    assert len(set(mails)) == len(mails)


def test_the_grammar_knows_nothing_of_the_reader():
    for path in Path(grammar.__file__).parent.glob("*.py"):
        tree = ast.walk(ast.parse(path.read_text("utf-8")))
        names = [
            name
            for node in tree
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        ]
        assert not [name for name in names if name and name.split(".")[0] == "bot"], path.name


def test_mails_read_the_same_in_another_zone_and_another_locale():
    """Each in an interpreter of its own, since both are set when it starts."""
    here, far = said_in(TZ="UTC"), said_in(**ODD)

    assert (here["zone"], far["zone"]) == ("UTC", "+0545")
    assert far["encoding"] == "ascii"
    assert far["readings"] == here["readings"]
    assert len(far["readings"]) > 5


def said_in(**surroundings: str) -> dict[str, Any]:
    """What the mails about odd hours say where the machine is set up so."""
    root = Path(__file__).parents[2]
    mails = [str(path) for path in sorted(write_golden.FOLDER.glob("made-moment-*.eml"))]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(root / "charter.example.toml"), *mails],
        env={**os.environ, "PYTHONPATH": str(root), **surroundings},
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)
