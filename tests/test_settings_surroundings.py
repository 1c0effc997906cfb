"""What is around charter.toml: the file itself, the environment, an installation."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from settings_file import EXAMPLE, ROOT, TOKENS, faults, written

from bot.settings import SettingsError, load, load_boats, load_environment


def test_a_missing_file_says_what_to_do(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"no such file; copy charter\.example\.toml") as caught:
        load(tmp_path / "none.toml", {})
    assert len(caught.value.faults) == 3  # the tokens as well


def test_a_syntax_error_is_given_with_its_line(tmp_path: Path):
    (fault,) = faults(tmp_path, '[slack]\nchannel = "C0CHARTERS\n')
    assert "is not TOML" in fault
    assert "line 2" in fault


def test_a_file_that_is_not_text_is_refused(tmp_path: Path):
    path = tmp_path / "charter.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(path, TOKENS)


def test_the_environment_names_the_file_and_the_signing_secret_replaces_the_app_token(
    tmp_path: Path,
):
    environ = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "shhh",
        "CHARTER_CONFIG": str(written(tmp_path, EXAMPLE)),
        "CHARTER_DATABASE_URL": "postgresql://bot:pw@db/charter",
    }
    settings = load(None, environ, http=True)
    assert settings.environment.slack_signing_secret.get_secret_value() == "shhh"
    assert "pw@db" not in repr(settings.environment)
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN: is not set"):
        load(None, environ)


def test_swapped_tokens_are_recognised():
    with pytest.raises(SettingsError) as caught:
        load_environment({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"})
    assert [fault.partition(" (")[0] for fault in caught.value.faults] == [
        "SLACK_BOT_TOKEN: must start with xoxb-",
        "SLACK_APP_TOKEN: must start with xapp-",
    ]


def test_a_section_named_environment_is_as_unknown_as_any_other(tmp_path: Path):
    (fault,) = faults(tmp_path, f'{EXAMPLE}\n[environment]\nslack_bot_token = "xoxb-2"\n')
    assert fault == "environment: is not a known key"


def test_parse_needs_nothing_of_the_file_but_its_boats(tmp_path: Path):
    path = written(
        tmp_path,
        '[slack]\nchannel = 7\n[[boats]]\nname = "Q"\ntime_zone = "UTC"\ncapacity = 2\n',
    )
    assert [boat.name for boat in load_boats(path)] == ["Q"]
    assert [boat.name for boat in load_boats(tmp_path / "none.toml")] == ["JADA"]
    with pytest.raises(SettingsError, match="boats: is missing"):
        load_boats(written(tmp_path, "[slack]\n"))


def test_the_example_is_found_after_an_installation(tmp_path: Path):
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    # A wheel can be imported from as it is; only the example must lie in a real folder.
    subprocess.run([sys.executable, "-m", "zipfile", "-e", wheel, tmp_path / "site"], check=True)
    names = subprocess.run(
        [
            sys.executable,
            "-c",
            "from bot.settings import load_boats; print(*[b.name for b in load_boats(None)])",
        ],
        cwd=tmp_path / "site",
        capture_output=True,
        text=True,
        check=True,
    )
    assert names.stdout.strip() == "JADA"


def test_several_replicas_need_a_server_and_the_environment_is_stronger_than_the_file(
    tmp_path: Path,
):
    on_server = TOKENS | {"CHARTER_DATABASE_URL": "postgresql://bot:pw@db/charter"}
    three = EXAMPLE.replace("slots = 1", "slots = 3", 1)
    assert load(written(tmp_path, three), on_server).slots == 3
    assert load(written(tmp_path, three), on_server | {"CHARTER_SLOTS": "5"}).slots == 5
    (fault,) = faults(tmp_path, three)
    assert fault.startswith("engine.slots: more than one needs PostgreSQL")
    (fault,) = faults(tmp_path, EXAMPLE, TOKENS | {"CHARTER_SLOTS": "2"})
    assert fault.startswith("CHARTER_SLOTS: more than one needs PostgreSQL")
    assert load(written(tmp_path, three), TOKENS | {"CHARTER_SLOTS": "1"}).slots == 1
    (fault,) = faults(tmp_path, EXAMPLE, on_server | {"CHARTER_SLOTS": "11"})
    assert fault.startswith("CHARTER_SLOTS: ")


@pytest.mark.parametrize("slots", ["two", "1.5", "2 x"])
def test_slots_that_are_no_number_are_refused_in_english(tmp_path: Path, slots: str):
    (fault,) = faults(tmp_path, EXAMPLE, TOKENS | {"CHARTER_SLOTS": slots})
    assert fault == "CHARTER_SLOTS: must be a whole number"


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("slots = 1", 'slots = "two"', "engine.slots: must be a whole number"),
        ("slots = 1", "slots = 1.5", "engine.slots: must be a whole number"),
        ("slots = 1", "slots = []", "engine.slots: must be a whole number"),
        ("show_payout = true", 'show_payout = "yes"', "slack.show_payout: must be true or false"),
        ('channel = "C0CHARTERS"', "channel = 7", "slack.channel: must be text in quotes"),
        ('crew_cost = "250.00"', "crew_cost = []", "money.crew_cost: must be a number in quotes"),
        ('crew_cost = "250.00"', 'crew_cost = "nan"', "money.crew_cost: must be a number in quo"),
        ("[slack]", "inbound = 7\n[slack]", "inbound: must be a section of its own"),
        ("[slack]", "calendar = 7\n[slack]\n[x]", "calendar: must be a section of its own"),
    ],
)
def test_every_kind_of_value_is_asked_for_in_plain_words(
    tmp_path: Path, before: str, after: str, fault: str
):
    text = EXAMPLE.replace("[calendar]", "[other]") if "calendar" in after else EXAMPLE
    text = text.replace("[inbound]", "[other]") if "inbound" in after else text
    assert before in text
    found = faults(tmp_path, text.replace(before, after, 1))
    assert any(each.startswith(fault) for each in found), found


def test_a_folder_in_place_of_the_file_is_said_with_what_to_do(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"Is a directory\); CHARTER_CONFIG says which file"):
        load(tmp_path, TOKENS)


def test_a_file_may_have_an_at_sign_in_its_path():
    url = "sqlite:////data/a@b/charter.db"
    found = load_environment(TOKENS | {"CHARTER_DATABASE_URL": url})
    assert found.charter_database_url.get_secret_value() == url
