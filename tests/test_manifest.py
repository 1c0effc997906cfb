"""manifest.yml against what Slack documents of a manifest, as far as this app uses it.

Slack publishes a JSON schema in slackapi/manifest-schema; `check-jsonschema --schemafile` takes it.
Here the used part stands as strict models, so that a misspelt or unknown key is an error offline.
"""

from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.views import press

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
SCOPES = {
    "channels:history",
    "groups:history",
    "channels:read",
    "groups:read",
    "files:read",
    "files:write",
    "chat:write",
    "commands",
    "users:read",
    "usergroups:read",
}
EVENTS = {"message.channels", "message.groups", "app_home_opened"}


def text(longest: int) -> type[str]:
    return Annotated[str, StringConstraints(min_length=1, max_length=longest)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Display(Strict):
    name: text(35)
    description: text(140)
    background_color: Annotated[str, StringConstraints(pattern=r"^#([0-9a-f]{3}){1,2}$")]


class AppHome(Strict):
    home_tab_enabled: bool
    messages_tab_enabled: bool
    messages_tab_read_only_enabled: bool


class BotUser(Strict):
    display_name: text(80)
    always_online: bool


class Shortcut(Strict):
    name: text(24)
    type: Literal["message", "global"]
    callback_id: text(255)
    description: text(150)


class Command(Strict):
    command: Annotated[str, StringConstraints(pattern=r"^/.", max_length=32)]
    description: text(2000)
    usage_hint: text(1000)
    should_escape: bool


class Features(Strict):
    app_home: AppHome
    bot_user: BotUser
    shortcuts: list[Shortcut]
    slash_commands: list[Command]


class Scopes(Strict):
    bot: list[text(50)]


class OAuth(Strict):
    scopes: Scopes


class Events(Strict):
    bot_events: list[text(50)]


class Interactivity(Strict):
    is_enabled: bool


class Settings(Strict):
    event_subscriptions: Events
    interactivity: Interactivity
    org_deploy_enabled: bool
    socket_mode_enabled: bool
    token_rotation_enabled: bool


class Manifest(Strict):
    display_information: Display
    features: Features
    oauth_config: OAuth
    settings: Settings


@pytest.fixture(scope="module")
def written() -> dict:
    return yaml.safe_load(MANIFEST.read_text())


@pytest.fixture(scope="module")
def manifest(written: dict) -> Manifest:
    return Manifest.model_validate(written)


def test_a_misspelt_key_is_not_overlooked(written: dict):
    settings = written["settings"] | {"socket_mode": True}
    with pytest.raises(ValidationError, match="socket_mode"):
        Manifest.model_validate(written | {"settings": settings})


def test_it_asks_for_the_least_scopes_and_no_more(manifest: Manifest):
    assert sorted(manifest.oauth_config.scopes.bot) == sorted(SCOPES)


def test_it_listens_to_mail_in_channels_and_to_the_home_tab_alone(manifest: Manifest):
    assert sorted(manifest.settings.event_subscriptions.bot_events) == sorted(EVENTS)


def test_it_needs_no_public_address(manifest: Manifest):
    assert manifest.settings.socket_mode_enabled
    assert "http" not in MANIFEST.read_text()


def test_buttons_and_modals_work(manifest: Manifest):
    assert manifest.settings.interactivity.is_enabled


def test_nobody_is_invited_to_write_to_the_bot_directly(manifest: Manifest):
    home = manifest.features.app_home
    assert home.home_tab_enabled
    assert not home.messages_tab_enabled


def test_the_command_and_the_shortcut_are_the_ones_that_the_bot_answers(manifest: Manifest):
    [command], [shortcut] = manifest.features.slash_commands, manifest.features.shortcuts
    assert command.command == press.COMMAND
    assert (shortcut.callback_id, shortcut.type) == (press.SHORTCUT, "message")
    assert shortcut.name == "Read as booking"


@pytest.mark.parametrize(
    "word", ["status", "list", "help", "scrub", "resend", "invalidate", "retry", "cancel", "doctor"]
)
def test_the_usage_hint_names_every_subcommand(manifest: Manifest, word: str):
    assert word in manifest.features.slash_commands[0].usage_hint.split()
