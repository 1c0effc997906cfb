"""chat.*: messages posted, updated, deleted, whispered, linked."""

import json
from typing import Any

from sandbox.slack import limits
from sandbox.slack.blocks import check_message
from sandbox.slack.errors import SlackError
from sandbox.slack.rates import POSTING, TIER_3, TIER_4, UNLIMITED
from sandbox.slack.state import Channel
from sandbox.slack.web_api.call import Call
from sandbox.slack.web_api.method import Method

Json = dict[str, Any]


async def post_message(call: Call) -> Json:
    channel = _open_channel(call)
    content = _content(call)
    if not (content.get("text") or content.get("blocks") or content.get("attachments")):
        raise SlackError("no_text")
    content.setdefault("text", "")
    if thread := call.arguments.text("thread_ts"):
        parent = channel.find(thread)
        if parent is None:
            raise SlackError("thread_not_found")
        content["thread_ts"] = parent.get("thread_ts", thread)
    if "metadata" in call.arguments:
        content["metadata"] = _metadata(call)
    broadcast = call.arguments.flag("reply_broadcast")
    message = call.board.post(channel, call.board.bot_message(content), broadcast=broadcast)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


async def update(call: Call) -> Json:
    channel = _open_channel(call)
    message = _own_message(call, channel, "cant_update_message")
    content = _content(call)
    if "metadata" in call.arguments:
        content["metadata"] = _metadata(call)
    if not content:
        raise SlackError("no_text")
    changed = call.board.update(channel, message, content, call.workspace.identity.bot_user)
    if call.arguments.flag("reply_broadcast"):
        call.board.broadcast(channel, changed)
    return {
        "channel": channel.id,
        "ts": changed["ts"],
        "text": changed["text"],
        "message": changed,
    }


async def delete(call: Call) -> Json:
    channel = _open_channel(call)
    message = _own_message(call, channel, "cant_delete_message")
    call.board.delete(channel, message)
    return {"channel": channel.id, "ts": message["ts"]}


async def post_ephemeral(call: Call) -> Json:
    channel = _open_channel(call)
    user = call.arguments.needed("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = _content(call)
    if not (content.get("text") or content.get("blocks")):
        raise SlackError("no_text")
    content.setdefault("text", "")
    if thread := call.arguments.text("thread_ts"):
        content["thread_ts"] = thread
    whispered = call.board.whisper(channel.id, user, call.board.bot_message(content))
    return {"message_ts": whispered["ts"]}


async def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = channel.find(call.arguments.needed("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"{call.workspace.origin}/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    if message.get("thread_ts", message["ts"]) != message["ts"]:
        link += f"?thread_ts={message['thread_ts']}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _open_channel(call: Call) -> Channel:
    channel = call.joined_channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _own_message(call: Call, channel: Channel, refusal: str) -> Json:
    message = channel.find(call.arguments.needed("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.get("bot_id") != call.workspace.identity.bot_id:
        raise SlackError(refusal)
    return message


def _content(call: Call) -> Json:
    """Text, blocks and attachments, as far as they were sent."""
    content: Json = {}
    if "text" in call.arguments:
        content["text"] = call.arguments.text("text")
        if len(content["text"]) > limits.FALLBACK_TEXT:
            raise SlackError("msg_too_long")
    if "blocks" in call.arguments:
        blocks = call.arguments.structure("blocks", "invalid_blocks_format")
        check_message(blocks, refuse_task_cards=call.workspace.refuse_task_cards)
        content["blocks"] = blocks
    if "attachments" in call.arguments:
        content["attachments"] = call.arguments.structure("attachments", "invalid_attachments")
    return content


def _metadata(call: Call) -> Json:
    metadata = call.arguments.structure("metadata", "invalid_metadata_format")
    if metadata == {}:
        return {}
    if not (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
        and metadata["event_type"]
    ):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata).encode()) > limits.METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


METHODS = (
    Method("chat.postMessage", post_message, "chat:write", POSTING),
    Method("chat.update", update, "chat:write", TIER_3),
    Method("chat.delete", delete, "chat:write", TIER_3),
    Method("chat.postEphemeral", post_ephemeral, "chat:write", TIER_4),
    Method("chat.getPermalink", get_permalink, "", UNLIMITED),
)
