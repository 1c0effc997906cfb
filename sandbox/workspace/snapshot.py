"""All that one person sees at one moment, for a page that opens."""

import asyncio
from typing import Any

from sandbox.slack.server import SlackStandIn
from sandbox.slack.state import Channel, User
from sandbox.workspace import manifest
from sandbox.workspace.bot import Bot
from sandbox.workspace.roles import ROLES
from sandbox.workspace.sight import Sight

Json = dict[str, Any]
_FIRST = "C0CHARTERS"


async def snapshot(slack: SlackStandIn, bot: Bot, me: str) -> Json:
    """What `me` sees, with the number of the latest change that it holds."""
    app = await asyncio.to_thread(manifest.app)
    # Nothing is awaited from here on, so that all of it is of one moment.
    who, sight = slack.workspace.identity, Sight(slack, me)
    return {
        "seq": slack.journal.seq,
        "me": me,
        "team": {"id": who.team_id, "name": who.team_name},
        "app": {**app, "user": who.bot_user},
        "people": [_person(each, who.bot_user) for each in slack.workspace.users.values()],
        "groups": [
            {"id": each.id, "handle": each.handle, "name": each.name, "users": each.users}
            for each in slack.workspace.groups.values()
        ],
        "channels": [
            _channel(each, who.bot_user)
            for each in sorted(sight.channels(), key=lambda channel: channel.id != _FIRST)
        ],
        "ephemerals": sight.ephemerals(),
        "home": sight.home(),
        "modal": sight.modal(),
        "bot": bot.described(),
    }


def _person(user: User, bot_user: str) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "is_bot": user.is_bot or user.id == bot_user,
        "role": ROLES.get(user.id, ""),
    }


def _channel(channel: Channel, bot_user: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "has_bot": bot_user in channel.members,
        "messages": channel.messages,
    }
