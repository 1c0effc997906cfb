"""files.getUploadURLExternal and files.completeUploadExternal: a file in three steps."""

from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.rates import TIER_4
from sandbox.slack.schema import fault
from sandbox.slack.state import Channel, Upload
from sandbox.slack.web_api.call import Call
from sandbox.slack.web_api.method import Method

Json = dict[str, Any]
LARGEST_FILE = 1_000_000_000


async def get_upload_url(call: Call) -> Json:
    name = call.arguments.needed("filename")
    try:
        length = int(call.arguments.needed("length"))
    except ValueError as not_a_number:
        raise _invalid("length must be an integer") from not_a_number
    if not 0 < length <= LARGEST_FILE:
        raise _invalid("length must be more than 0 and at most 1 GB")
    upload = call.files.expect_upload(name, length)
    return {"upload_url": call.files.upload_url(upload), "file_id": upload.file_id}


async def complete_upload(call: Call) -> Json:
    """Shares what was uploaded: one message with all of the files."""
    wanted = _wanted(call)
    channel = _channel(call)
    message = call.board.bot_message(_content(call, channel)) if channel else None
    user = call.workspace.identity.bot_user
    kept = [call.files.keep_expected(upload, user, title) for upload, title in wanted]
    if channel is not None and message is not None:
        message["files"] = kept
        posted = call.board.post(channel, message)
        call.files.shared(kept, channel, posted)
    return {"files": [{"id": file["id"], "title": file["title"]} for file in kept]}


def _wanted(call: Call) -> list[tuple[Upload, str]]:
    """Every upload that is asked for, with its title; each must have its bytes by now."""
    call.arguments.needed("files")
    files = call.arguments.structure("files", "invalid_arguments")
    if not isinstance(files, list) or not files:
        raise _invalid("files must be an array of objects with an id")
    found = []
    for file in files:
        if not isinstance(file, dict) or not isinstance(file.get("id"), str):
            raise _invalid("files must be an array of objects with an id")
        upload = call.workspace.uploads.get(file["id"])
        if upload is None or upload.content is None:
            raise SlackError("file_not_found")
        found.append((upload, str(file.get("title") or upload.name)))
    return found


def _channel(call: Call) -> Channel | None:
    """Where it is shared; nowhere, if no channel is named."""
    name = call.arguments.text("channel_id")
    if not name:
        return None
    channel = call.workspace.bot_channel(name)
    if channel is None:
        raise SlackError("channel_not_found")
    if call.workspace.identity.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _content(call: Call, channel: Channel) -> Json:
    content: Json = {
        "type": "message",
        "subtype": "file_share",
        "text": call.arguments.text("initial_comment"),
        "upload": True,
        "display_as_bot": False,
    }
    if thread := call.arguments.text("thread_ts"):
        parent = channel.find(thread)
        if parent is None:
            raise SlackError("thread_not_found")
        content["thread_ts"] = parent.get("thread_ts", thread)
    return content


def _invalid(told: str) -> SlackError:
    return SlackError("invalid_arguments", [fault(told, "")])


METHODS = (
    Method("files.getUploadURLExternal", get_upload_url, "files:write", TIER_4),
    Method("files.completeUploadExternal", complete_upload, "files:write", TIER_4),
)
