"""Slack's edge: decode, write down, acknowledge. All work is the engine's."""

from slack_bolt.async_app import AsyncApp

from handlers import commands, door, errors, home, mail, modals
from handlers.actions import decisions, follow_ups
from handlers.desk import Desk

LISTENERS = (door, mail, decisions, follow_ups, modals, commands, home, errors)


def register(app: AsyncApp, desk: Desk) -> None:
    """Have every kind of listener listen."""
    for listeners in LISTENERS:
        listeners.register(app, desk)
