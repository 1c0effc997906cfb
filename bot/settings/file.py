"""Reading the settings: one pass that finds every fault before anything runs."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.boat import Boat
from bot.settings.faults import SettingsError, across, faults_of, known_names
from bot.settings.guest_pages import GuestPagesSettings, ThemeSettings
from bot.settings.models import (
    TOKENS,
    Boats,
    CrewServiceSettings,
    EngineSettings,
    Environment,
    GoogleCalendarSettings,
    InboundSettings,
    JadaCalendarSettings,
    MailSettings,
    MoneySettings,
    Settings,
    SlackSettings,
)

EXAMPLE = "charter.example.toml"
_ONE_SLOT = "more than one needs PostgreSQL; set CHARTER_DATABASE_URL to postgresql://..."
_NAMES = known_names(
    {
        "slack": (SlackSettings,),
        "calendar": (JadaCalendarSettings, GoogleCalendarSettings),
        "crew_service": (CrewServiceSettings,),
        "guest_pages": (GuestPagesSettings,),
        "guest_pages.theme": (ThemeSettings,),
        "mail": (MailSettings,),
        "inbound": (InboundSettings,),
        "money": (MoneySettings,),
        "engine": (EngineSettings,),
        "boats": (Boat,),
    }
)


class _BoatsOnly(BaseModel):
    """What `charter parse` needs of a file; the rest of it may be missing or wrong."""

    model_config = ConfigDict(hide_input_in_errors=True)
    boats: Boats


def load(path: Path | None, environ: Mapping[str, str], *, http: bool = False) -> Settings:
    """Read everything that `charter run` needs. Without a path, CHARTER_CONFIG names the file.

    `http`: the bot serves HTTP, so Slack's signing secret is needed instead of the app token.

    Raises:
        SettingsError: naming every fault of the file and the environment at once.
    """
    environment, faults = _environment(environ)
    faults += [
        f"{name}: is not set ({TOKENS[name]})"
        for name in _tokens(http=http)
        if not environ.get(name)
    ]
    try:
        settings = _settings(path or environment.charter_config)
    except SettingsError as error:
        raise SettingsError([*faults, *error.faults]) from None
    if faults:
        raise SettingsError(faults)
    settings._environment = environment  # noqa: SLF001 - not a key of the file, so not a field
    if settings.slots > 1 and environment.on_one_machine:
        said_by = "CHARTER_SLOTS" if environment.charter_slots else "engine.slots"
        raise SettingsError([f"{said_by}: {_ONE_SLOT}"])
    return settings


def load_environment(environ: Mapping[str, str]) -> Environment:
    """The environment alone, for commands that only look into the database.

    Raises:
        SettingsError: a variable is wrong.
    """
    environment, faults = _environment(environ)
    if faults:
        raise SettingsError(faults)
    return environment


def load_boats(path: Path | None) -> tuple[Boat, ...]:
    """The boats of a file, whatever else it holds; of the example where the file does not exist.

    Raises:
        SettingsError: the file is there, but it or its boats cannot be read.
    """
    found = path if path is not None and path.exists() else example()
    try:
        return _BoatsOnly.model_validate(_read(found)).boats
    except ValidationError as error:
        raise SettingsError(faults_of(error, _NAMES)) from None


def example() -> Path:
    """The example that comes with the bot: inside the installed package, or the source tree."""
    here = Path(__file__).parent
    return next(p for p in (here.parent / EXAMPLE, here.parents[1] / EXAMPLE) if p.exists())


def _settings(path: Path) -> Settings:
    document = _read(path)
    faults = across(document)
    try:
        # Pictures are named beside the file that names them.
        settings = Settings.model_validate(document, context={"folder": path.parent})
    except ValidationError as error:
        raise SettingsError([*faults_of(error, _NAMES), *faults]) from None
    if faults:
        raise SettingsError(faults)
    return settings


def _environment(environ: Mapping[str, str]) -> tuple[Environment, list[str]]:
    try:
        return Environment.read(environ), []
    except ValidationError as error:
        wrong = {str(detail["loc"][0]) for detail in error.errors(include_input=False)}
        usable = {k: v for k, v in environ.items() if k.lower() not in wrong}
        return Environment.read(usable), [
            f"{name.upper()}:{said}"
            for name, _, said in (fault.partition(":") for fault in faults_of(error, {}))
        ]


def _tokens(*, http: bool) -> tuple[str, str]:
    return "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET" if http else "SLACK_APP_TOKEN"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            [f"{path}: no such file; copy {EXAMPLE} to it, or set CHARTER_CONFIG"]
        ) from None
    except OSError as error:
        raise SettingsError(
            [f"{path}: cannot be read ({error.strerror}); CHARTER_CONFIG says which file it is"]
        ) from None
    except UnicodeDecodeError:
        raise SettingsError([f"{path}: is not UTF-8 text"]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path}: is not TOML: {error}"]) from None
