"""auth, apps, users, user groups, files and reactions."""

from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.rates import TIER_1, TIER_2, TIER_3, TIER_4, UNLIMITED
from sandbox.slack.web_api.call import Call
from sandbox.slack.web_api.method import Method
from sandbox.slack.web_api.paging import page

Json = dict[str, Any]


async def auth_test(call: Call) -> Json:
    who = call.workspace.identity
    return {
        "url": f"https://{who.team_domain}.slack.com/",
        "team": who.team_name,
        "user": who.bot_name,
        "team_id": who.team_id,
        "user_id": who.bot_user,
        "bot_id": who.bot_id,
        "is_enterprise_install": False,
    }


async def open_connection(call: Call) -> Json:
    return {"url": call.sockets.new_url()}


async def user_info(call: Call) -> Json:
    user = call.workspace.users.get(call.arguments.needed("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user.to_json(call.workspace.identity.team_id)}


async def list_users(call: Call) -> Json:
    team = call.workspace.identity.team_id
    everyone = [user.to_json(team) for user in call.workspace.users.values()]
    found, cursor = page(call.arguments, everyone)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


async def list_groups(call: Call) -> Json:
    team = call.workspace.identity.team_id
    return {"usergroups": [group.to_json(team) for group in call.workspace.groups.values()]}


async def list_group_users(call: Call) -> Json:
    group = call.workspace.groups.get(call.arguments.needed("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


async def file_info(call: Call) -> Json:
    file = call.workspace.files.get(call.arguments.needed("file"))
    if file is None:
        raise SlackError("file_not_found")
    return {"file": file.shown, "comments": [], "response_metadata": {"next_cursor": ""}}


async def add_reaction(call: Call) -> Json:
    message = call.joined_channel().find(call.arguments.needed("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    name, bot = call.arguments.needed("name"), call.workspace.identity.bot_user
    reactions = message.setdefault("reactions", [])
    if any(each["name"] == name and bot in each["users"] for each in reactions):
        raise SlackError("already_reacted")
    reactions.append({"name": name, "users": [bot], "count": 1})
    return {}


METHODS = (
    Method("auth.test", auth_test, "", UNLIMITED),
    Method("apps.connections.open", open_connection, "connections:write", TIER_1, app_level=True),
    Method("users.info", user_info, "users:read", TIER_4),
    Method("users.list", list_users, "users:read", TIER_2),
    Method("usergroups.list", list_groups, "usergroups:read", TIER_2),
    Method("usergroups.users.list", list_group_users, "usergroups:read", TIER_2),
    Method("files.info", file_info, "files:read", TIER_4),
    Method("reactions.add", add_reaction, "reactions:write", TIER_3),
)
