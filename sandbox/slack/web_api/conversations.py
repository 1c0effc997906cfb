"""conversations.*: channels, their members, their history and threads."""

from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.rates import TIER_2, TIER_3, TIER_4
from sandbox.slack.web_api.call import Call
from sandbox.slack.web_api.method import Method
from sandbox.slack.web_api.paging import in_range, page

Json = dict[str, Any]


async def history(call: Call) -> Json:
    """Newest first; replies are not in it unless they were broadcast."""
    channel = call.joined_channel()
    shown = [
        message
        for message in channel.messages
        if message.get("thread_ts", message["ts"]) == message["ts"]
        or message.get("subtype") == "thread_broadcast"
    ]
    found, cursor = page(call.arguments, in_range(call.arguments, shown)[::-1])
    return _messages(call, found, cursor)


async def replies(call: Call) -> Json:
    """The parent and its replies, oldest first; the parent stands on every page."""
    channel = call.joined_channel()
    message = channel.find(call.arguments.needed("ts"))
    if message is None:
        raise SlackError("thread_not_found")
    parent, *rest = channel.thread(str(message.get("thread_ts", message["ts"])))
    found, cursor = page(call.arguments, in_range(call.arguments, rest), default=1_000)
    return _messages(call, [parent, *found], cursor)


async def info(call: Call) -> Json:
    return {"channel": call.channel().to_json(call.workspace.identity.bot_user)}


async def members(call: Call) -> Json:
    found, cursor = page(call.arguments, sorted(call.channel().members))
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


async def list_channels(call: Call) -> Json:
    kinds = call.arguments.text("types", "public_channel").split(",")
    bot = call.workspace.identity.bot_user
    shown = [
        channel.to_json(bot)
        for channel in call.workspace.channels.values()
        if call.workspace.bot_channel(channel.id)
        and ("private_channel" if channel.is_private else "public_channel") in kinds
    ]
    found, cursor = page(call.arguments, shown)
    return {"channels": found, "response_metadata": {"next_cursor": cursor}}


def _messages(call: Call, found: list[Json], cursor: str) -> Json:
    if not call.arguments.flag("include_all_metadata"):
        found = [{k: v for k, v in each.items() if k != "metadata"} for each in found]
    answer: Json = {"messages": found, "has_more": bool(cursor)}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


METHODS = (
    Method("conversations.history", history, "{kind}:history", TIER_3),
    Method("conversations.replies", replies, "{kind}:history", TIER_3),
    Method("conversations.info", info, "{kind}:read", TIER_3),
    Method("conversations.members", members, "{kind}:read", TIER_4),
    Method("conversations.list", list_channels, "channels:read", TIER_2),
)
