from slack_bolt.async_app import AsyncApp

from bot.orchestration.follow_ups import ACTIONS
from bot.orchestration.follow_ups.desk import JOB
from handlers.desk import Desk
from handlers.pressed import submits


def register(app: AsyncApp, desk: Desk) -> None:
    """Every follow-up of the registry has its button."""
    for action in ACTIONS:
        submits(app, desk, action.name, JOB, homes_too=True)
