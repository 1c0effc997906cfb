"""A file brought to the stand-in in Slack's three steps, and refused where Slack refuses it."""

import json
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

CHANNEL = "C0CHARTERS"
BYTES = b"Subject: Hello\r\n\r\nBooking ID: x\r\n"


def begun(rehearsal, **changed: Any) -> tuple[str, str]:
    """A file's id and the address that waits for its bytes."""
    told = {"filename": "mail.eml", "length": len(BYTES), **changed}
    answer = rehearsal.call("files.getUploadURLExternal", **told)
    return answer["file_id"], answer["upload_url"]


def brought(url: str, content: bytes = BYTES) -> httpx.Response:
    return httpx.post(url, content=content, trust_env=False)


def completed(rehearsal, file_id: str, **where: Any) -> Any:
    files = [{"id": file_id, "title": "The mail"}]
    return rehearsal.call("files.completeUploadExternal", files=files, **where)


def refused(rehearsal, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        rehearsal.call(method, **arguments)
    return raised.value.response["error"]


def test_a_file_appears_in_the_thread_only_once_it_is_complete(rehearsal):
    root = rehearsal.call("chat.postMessage", channel=CHANNEL, text="A mail came")["ts"]
    file_id, url = begun(rehearsal)
    assert brought(url).text == f"OK - {len(BYTES)}"
    assert len(rehearsal.workspace.messages()) == 1
    answer = completed(rehearsal, file_id, channel_id=CHANNEL, thread_ts=root)
    assert answer["files"] == [{"id": file_id, "title": "The mail"}]
    (shown,) = [m for m in rehearsal.workspace.messages(thread=root) if m.is_reply]
    assert (shown.user, shown.raw["subtype"]) == ("U0CHARTERBOT", "file_share")
    assert "[file: mail.eml]" in shown
    told = rehearsal.call("files.info", file=file_id)["file"]
    assert told["shares"] == {"public": {CHANNEL: [{"ts": shown.ts, "thread_ts": root}]}}
    assert (told["title"], told["size"], told["mimetype"]) == (
        "The mail",
        len(BYTES),
        "message/rfc822",
    )


def test_it_is_downloaded_with_the_token_and_not_without(rehearsal):
    file_id, url = begun(rehearsal)
    brought(url)
    completed(rehearsal, file_id, channel_id=CHANNEL)
    where = rehearsal.call("files.info", file=file_id)["file"]["url_private_download"]
    token = {"Authorization": f"Bearer {rehearsal.stand_in.bot_token}"}
    assert httpx.get(where, headers=token, trust_env=False).content == BYTES
    assert httpx.get(where, trust_env=False).status_code == 302


def test_a_form_with_the_file_is_taken_as_well(rehearsal):
    file_id, url = begun(rehearsal)
    form = {"filename": ("mail.eml", BYTES)}
    assert httpx.post(url, files=form, trust_env=False).status_code == 200
    completed(rehearsal, file_id, channel_id=CHANNEL)


def test_slacks_own_client_gets_a_file_through(rehearsal):
    client = rehearsal.client()
    rehearsal.run(
        client.files_upload_v2(filename="mail.eml", content=BYTES, channel=CHANNEL, title="It")
    )
    (shown,) = rehearsal.workspace.messages()
    assert shown.raw["files"][0]["title"] == "It"


def test_a_file_that_is_shown_to_nobody_is_no_message(rehearsal):
    file_id, url = begun(rehearsal)
    brought(url)
    completed(rehearsal, file_id)
    assert rehearsal.workspace.messages() == []


def test_the_address_takes_what_was_announced_and_nothing_else(rehearsal):
    _, url = begun(rehearsal)
    assert brought(url, BYTES + b"x").status_code == 400
    assert brought(url.rpartition("/")[0] + "/another").status_code == 404


@pytest.mark.parametrize("length", [0, -1, "many", 2_000_000_000])
def test_a_length_that_cannot_be_is_refused(rehearsal, length):
    told = {"filename": "mail.eml", "length": length}
    assert refused(rehearsal, "files.getUploadURLExternal", **told) == "invalid_arguments"


@pytest.mark.parametrize("missing", ["filename", "length"])
def test_name_and_length_are_needed(rehearsal, missing):
    told = {"filename": "mail.eml", "length": 1}
    del told[missing]
    assert refused(rehearsal, "files.getUploadURLExternal", **told) == "invalid_arguments"


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": "G0OWNERS"}, "channel_not_found"),
        ({"channel_id": "C0DOCK"}, "not_in_channel"),
        ({"channel_id": CHANNEL, "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
def test_it_is_shared_only_where_the_bot_is(rehearsal, where, error):
    file_id, url = begun(rehearsal)
    brought(url)
    told = {"files": [{"id": file_id}], **where}
    assert refused(rehearsal, "files.completeUploadExternal", **told) == error
    assert rehearsal.workspace.messages() == []
    completed(rehearsal, file_id, channel_id=CHANNEL)


def test_what_was_not_brought_or_is_complete_already_is_not_completed(rehearsal):
    file_id, url = begun(rehearsal)
    told = {"files": [{"id": file_id}], "channel_id": CHANNEL}
    assert refused(rehearsal, "files.completeUploadExternal", **told) == "file_not_found"
    brought(url)
    completed(rehearsal, file_id, channel_id=CHANNEL)
    assert refused(rehearsal, "files.completeUploadExternal", **told) == "file_not_found"
    assert brought(url).status_code == 404
    assert len(rehearsal.workspace.messages()) == 1


@pytest.mark.parametrize("files", [[], "F1", [{}], [5], "not json"])
def test_files_are_a_list_of_ids(rehearsal, files):
    told = {"files": files if isinstance(files, str) else json.dumps(files), "channel_id": CHANNEL}
    assert refused(rehearsal, "files.completeUploadExternal", **told) == "invalid_arguments"


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_an_app_without_the_scope_is_refused(rehearse, method):
    rehearsal = rehearse(scopes=("chat:write", "files:read"))
    with pytest.raises(SlackApiError) as raised:
        rehearsal.call(method, filename="x", length=1, files=[])
    answer = raised.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "files:write")
