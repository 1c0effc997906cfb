import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.settings import SettingsError, load, load_boats, load_environment

ROOT = Path(__file__).parent.parent
EXAMPLE = (ROOT / "charter.example.toml").read_text(encoding="utf-8")
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-canary", "SLACK_APP_TOKEN": "xapp-1-canary"}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "charter.toml"
    path.write_text(text, encoding="utf-8")
    return path


def changed(*changes: tuple[str, str]) -> str:
    text = EXAMPLE
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def faults(tmp_path: Path, text: str, environ: dict[str, str] = TOKENS) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, text), environ)
    return caught.value.faults


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
        assert wanted.keys() - shown.keys() <= {"link_secret"}


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


@pytest.mark.parametrize(
    "url",
    [
        "https://d111111abcdef8.cloudfront.net",
        "https://D111111ABCDEF8.CloudFront.net/prod",
    ],
)
def test_a_cloudfront_host_for_the_crew_service_is_refused_with_the_reason(
    tmp_path: Path, url: str
):
    text = changed(("https://abc123crew.execute-api.us-west-2.amazonaws.com/prod", url))
    (fault,) = faults(tmp_path, text)
    assert fault.startswith("crew_service.url: is a CloudFront host")
    assert "X-Service-Key" in fault
    assert "403" in fault
    assert "execute-api" in fault


def test_the_guest_sites_own_host_is_no_way_to_the_crew_service(tmp_path: Path):
    crew = "https://abc123crew.execute-api.us-west-2.amazonaws.com/prod"
    (fault,) = faults(tmp_path, changed((crew, "https://QueenOfSanDiego.com/api")))
    assert fault.startswith("crew_service.url: is the guest site's host")


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("http://127.0.0.1:8080/prod", True),
        ("http://localhost:1", True),
        ("http://[::1]:1", True),
        ("http://calendar.example", False),
        ("http://127.0.0.1.example", False),
        ("ftp://calendar.example", False),
        ("https://user:pass@calendar.example", False),
        ("https://calendar.example/?key=1", False),
        ("https://calendar.example:port/", False),
        ("calendar.example", False),
        ("https://", False),
    ],
)
def test_urls_are_https_and_http_is_for_this_machine_alone(tmp_path: Path, url: str, right: bool):
    text = changed(("https://abc123calendar.execute-api.us-west-2.amazonaws.com/prod", url))
    if right:
        assert load(written(tmp_path, text), TOKENS).calendar.url == url
    else:
        assert [f.partition(":")[0] for f in faults(tmp_path, text)] == ["calendar.url"]


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


PNG = b"\x89PNG\r\n\x1a\n"


def test_a_picture_is_found_beside_the_file_that_names_it(tmp_path: Path):
    (tmp_path / "jada.png").write_bytes(PNG)
    text = changed(('picture = ""', 'picture = "jada.png"'), ("# JADA", "JADA")).replace(
        'JADA = "jada.jpg"', 'JADA = "jada.png"'
    )
    pages = load(written(tmp_path, text), TOKENS).guest_pages
    assert pages.theme.picture is not None
    assert pages.theme.picture.media_type == "image/png"
    assert pages.pictures["JADA"] == pages.theme.picture


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "is no file that can be read"),
        (b"GIF89a", "is no JPEG"),
        (PNG * 50_000, "is a picture of 391 KB"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, content: bytes | None, why: str
):
    if content is not None:
        (tmp_path / "jada.png").write_bytes(content)
    (fault,) = faults(tmp_path, changed(('picture = ""', 'picture = "jada.png"')))
    assert fault.startswith(f"guest_pages.theme.picture: {why}")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("#0d5468", "navy", 'guest_pages.theme.accent: must be a colour of six hex digits, such as "#0d5468"'),
        ("accent_dark", "acent_dark", "guest_pages.theme.acent_dark: is not a known key; did you mean accent_dark?"),
        ("checklist = false", "checklist = 3", "guest_pages.checklist: must be true, false, or a list of lines for guests to read"),
        ("photo_limit_mb = 15", "photo_limit_mb = 0", "guest_pages.photo_limit_mb: must be greater than or equal to 1"),
        ("# JADA =", "JADDA =", "guest_pages.pictures.JADDA: no boat has this name"),
    ],
)  # fmt: skip
def test_the_guests_pages_faults_say_what_to_do(
    tmp_path: Path, before: str, after: str, fault: str
):
    (tmp_path / "jada.jpg").write_bytes(b"\xff\xd8\xff")
    assert faults(tmp_path, changed((before, after))) == (fault,)


def test_what_guests_are_told_may_be_the_houses_own_or_the_bots(tmp_path: Path):
    own = changed(("checklist = false", 'checklist = ["We fly your flag"]'))
    pages = load(written(tmp_path, own), TOKENS).guest_pages
    assert pages.checklist == ("We fly your flag",)
    assert pages.house_rules is not None
    start, end = EXAMPLE.index("bring = ["), EXAMPLE.index("checklist = false")
    pages = load(written(tmp_path, EXAMPLE[:start] + EXAMPLE[end:]), TOKENS).guest_pages
    assert (pages.bring, pages.house_rules, pages.checklist) == (None, None, False)
