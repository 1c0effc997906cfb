"""What a deployment decides: charter.toml and the environment, checked whole before anything runs.

Secrets are held as references and resolved when they are needed, so that a rotated one is found.
"""

from bot.settings.faults import SettingsError
from bot.settings.file import load, load_boats, load_environment
from bot.settings.guest_pages import GuestPagesSettings, ThemeSettings
from bot.settings.models import (
    CrewServiceSettings,
    Environment,
    GoogleCalendarSettings,
    JadaCalendarSettings,
    MailSettings,
    MoneySettings,
    Settings,
    SlackSettings,
)

__all__ = [
    "CrewServiceSettings",
    "Environment",
    "GoogleCalendarSettings",
    "GuestPagesSettings",
    "JadaCalendarSettings",
    "MailSettings",
    "MoneySettings",
    "Settings",
    "SettingsError",
    "SlackSettings",
    "ThemeSettings",
    "load",
    "load_boats",
    "load_environment",
]
