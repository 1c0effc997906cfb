"""A whole charter.toml: what it must say, and that every fault is named at once."""

import tomllib
from pathlib import Path

import pytest
from settings_file import EXAMPLE, ROOT, TOKENS, changed, faults, written

from bot.settings import SettingsError, load


def test_the_example_is_a_whole_and_right_configuration():
    settings = load(ROOT / "charter.example.toml", TOKENS)

    assert settings.slack.operators == ("U0CAPTAIN", "S0OPS")
    assert settings.crew_service.credential == "x-service-key"
    assert str(settings.money.crew_cost) == "250.00"
    assert settings.boats[0].capacity == 6
    assert settings.environment.charter_database_url.get_secret_value().startswith("sqlite:///var/")


def test_the_example_shows_every_key_there_is():
    document = tomllib.loads(EXAMPLE)
    settings = load(ROOT / "charter.example.toml", TOKENS).model_dump()
    for section, values in settings.items():
        shown = document[section][0] if section == "boats" else document[section]
        wanted = values[0] if section == "boats" else values
        assert wanted.keys() - shown.keys() <= {"link_secret", "secret"}


def test_what_has_a_default_may_be_left_out(tmp_path: Path):
    text = changed(
        ("show_payout = true", ""),
        ('table = "scc-events"', ""),
        ('credential = "x-service-key"', ""),
        ("photo_grace_hours = 24", ""),
        ("[money]", ""),
        ('crew_cost = "250.00"', ""),
        ('captain_fee = "150.00"', ""),
        ('port_fee_percent = "18"', ""),
    )
    settings = load(written(tmp_path, text), TOKENS)
    assert settings.crew_service.table == "scc-events"
    assert settings.money.crew_cost == 0


def test_every_fault_is_named_at_once_with_its_key(tmp_path: Path):
    found = faults(
        tmp_path,
        changed(
            ('channel = "C0CHARTERS"', 'channel = "#charters"'),
            ('"U0CAPTAIN", "S0OPS"', '"captain", "S0OPS"'),
            ("show_payout = true", 'show_payout = "yes"'),
            ('kind = "jada"', 'kind = "outlook"'),
            ('credential = "x-service-key"', 'credentail = "x-service-key"'),
            ('resend = "api"', 'resend = "ses"'),
            ("{slug}.html", "{id}.html"),
            ("https://queenofsandiego.com/g/{slug}", "https://queenofsandiego.com/g/"),
            ('sender = "charters@sailjada.com"', 'sender = "charters"'),
            ("America/Los_Angeles", "America/San_Diego"),
            ("capacity = 6", "capacity = 0"),
            ("[mail]", "[speed]\nknots = 7\n\n[mail]"),
        ),
        {},
    )
    keys = [fault.partition(":")[0] for fault in found]
    assert sorted(keys) == sorted(
        [
            "SLACK_BOT_TOKEN",
            "SLACK_APP_TOKEN",
            "slack.channel",
            "slack.operators[0]",
            "slack.show_payout",
            "calendar",
            "crew_service.credentail",
            "crew_service.link_secret",
            "guest_pages.key",
            "guest_pages.public_url",
            "mail.sender",
            "boats[0].time_zone",
            "boats[0].capacity",
            "speed",
        ]
    )
    assert "crew_service.credentail: is not a known key; did you mean credential?" in found
    assert 'calendar: kind must be "jada" or "google"' in found
    assert "guest_pages.key: must hold {slug} and no other placeholder" in found


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("calendar.token", "secretsmanager:charter/jada#dashboard_token"),
        ("crew_service.key", "secretsmanager:charter/scc#service_key"),
        ("guest_pages.distribution_id", "secretsmanager:charter/guest#distribution_id"),
    ],
)
def test_a_secret_pasted_in_place_of_its_reference_is_refused_unseen(
    tmp_path: Path, key: str, before: str
):
    found = faults(tmp_path, changed((before, "hunter2-canary")))
    assert [fault.partition(":")[0] for fault in found] == [key]
    assert "env:NAME" in found[0]
    assert "canary" not in found[0]


def test_no_fault_repeats_a_value_that_could_be_secret(tmp_path: Path):
    secretive = EXAMPLE.replace(' = "', ' = "canary').replace("canaryhttps://", "ftp://canary:x@")
    environ = {
        "SLACK_BOT_TOKEN": "canary",
        "SLACK_APP_TOKEN": "canary",
        "CHARTER_DATABASE_URL": "mysql://canary",
        "SLACK_API_URL": "http://canary.example",
    }
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, secretive), environ)
    told = str(caught.value).replace("'canaryAmerica/Los_Angeles'", "")
    assert len(caught.value.faults) > 12
    assert "canary" not in told


def test_two_boats_with_one_listing_are_refused(tmp_path: Path):
    second = (
        '[[boats]]\nname = "QUEEN"\ntime_zone = "America/Los_Angeles"\ncapacity = 12\n'
        'listings = ["sail  san diego bay ABOARD jada"]\n'
    )
    (fault,) = faults(tmp_path, f"{EXAMPLE}\n{second}")
    assert fault.startswith("boats: JADA and QUEEN share the listing")


def test_google_wants_its_own_keys(tmp_path: Path):
    google = (
        'kind = "google"\ncalendar_id = "x@group.calendar.google.com"\n'
        'credentials = "env:GOOGLE"\ncalender_id = "typo"'
    )
    text = changed(
        ('kind = "jada"', google),
        ('url = "https://abc123calendar.execute-api.us-west-2.amazonaws.com/prod"', ""),
        ('token = "secretsmanager:charter/jada#dashboard_token"', ""),
        ('table = "JadaCalendar-Prod"', ""),
    )
    assert faults(tmp_path, text) == (
        "calendar.calender_id: is not a known key; did you mean calendar_id?",
    )
    settings = load(written(tmp_path, text.replace('calender_id = "typo"', "")), TOKENS)
    assert settings.secret_references()["calendar.credentials"] == "env:GOOGLE"


def test_mail_by_http_is_off_until_its_secret_is_named(tmp_path: Path):
    assert load(written(tmp_path, EXAMPLE), TOKENS).inbound.secret is None
    named = changed(('# secret = "env:CHARTER_INBOUND_SECRET"', 'secret = "env:INBOUND"'))
    settings = load(written(tmp_path, named), TOKENS)
    assert settings.inbound.secret == "env:INBOUND"
    assert settings.secret_references()["inbound.secret"] == "env:INBOUND"


def test_a_secret_for_mail_by_http_is_never_written_here(tmp_path: Path):
    pasted = changed(('# secret = "env:CHARTER_INBOUND_SECRET"', 'secret = "0123456789abcdef"'))
    (fault,) = faults(tmp_path, pasted)
    assert fault.startswith("inbound.secret: must say where the secret is")
    assert "0123456789abcdef" not in fault
