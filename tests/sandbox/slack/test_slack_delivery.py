"""Acks, re-deliveries, reconnects, response URLs and files."""

import asyncio
import json
from typing import Any

import aiohttp
import httpx
import pytest
from slack_bolt.app.async_app import AsyncApp

CHANNEL = "C0CHARTERS"


def keeps_events(heard: list[Any]) -> Any:
    def register(app: AsyncApp) -> None:
        @app.event("message")
        async def on_message(body: dict[str, Any]) -> None:
            heard.append(body)

        @app.middleware
        async def keep(req: Any, next_: Any) -> None:
            heard.append(req.headers.get("x-slack-retry-num", [None])[0])
            await next_()

    return register


def delivered(rehearsal: Any, count: int) -> list[dict[str, Any]]:
    def enough(workspace: Any) -> list[dict[str, Any]]:
        found = [each for each in workspace.deliveries() if each["type"] == "events_api"]
        return found if len(found) >= count else []

    return rehearsal.workspace.wait_until(enough, what=f"{count} deliveries")


async def connect_socket(rehearsal: Any, session: aiohttp.ClientSession) -> Any:
    opened = await rehearsal.client(rehearsal.stand_in.app_token).apps_connections_open(
        app_token=rehearsal.stand_in.app_token
    )
    return await session.ws_connect(opened["url"])


async def open_socket(rehearsal: Any, session: aiohttp.ClientSession) -> Any:
    socket = await connect_socket(rehearsal, session)
    assert (await socket.receive_json())["type"] == "hello"
    return socket


def test_an_event_without_ack_comes_again_and_late_acks_are_counted(hasty):
    async def scene() -> list[dict[str, Any]]:
        async with aiohttp.ClientSession() as session:
            socket = await open_socket(hasty, session)
            await asyncio.to_thread(hasty.person().says, "ahoy")
            envelopes = [await socket.receive_json() for _ in range(3)]
            await socket.send_json({"envelope_id": envelopes[0]["envelope_id"]})
            await socket.send_json({"envelope_id": envelopes[2]["envelope_id"]})
            await asyncio.to_thread(delivered, hasty, 3)
            await socket.close()
            return envelopes

    first, *repeated = hasty.run(scene())
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert [each["retry_attempt"] for each in repeated] == [1, 2]
    assert {each["retry_reason"] for each in repeated} == {"timeout"}
    assert {each["payload"]["event_id"] for each in repeated} == {first["payload"]["event_id"]}
    assert hasty.workspace.state()["late_acks"] == 1


def test_an_event_is_kept_until_the_bot_is_there(rehearsal):
    heard: list[Any] = []
    rehearsal.person().says("ahoy")
    rehearsal.connect(keeps_events(heard))
    shown = delivered(rehearsal, 2)
    assert [each["error"] for each in shown][:1] == ["not_connected"]
    rehearsal.workspace.wait_until(lambda seen: not seen.deliveries()[-1]["error"])
    assert int(heard[0]) > 0


def test_a_person_is_told_when_nobody_is_connected(rehearsal):
    told = rehearsal.person().types("/charter help")
    assert told == ['/charter failed with the error "not_connected"']


def test_the_same_event_can_be_delivered_ten_times(rehearsal):
    heard: list[Any] = []
    rehearsal.connect(keeps_events(heard))
    said = rehearsal.person().says("ahoy")
    delivered(rehearsal, 1)
    rehearsal.person().redelivers(said, times=10)
    shown = delivered(rehearsal, 11)
    assert {each["name"] for each in shown} == {said.event_id}
    assert [each for each in heard if isinstance(each, str)].count("0") == 2


def test_a_dropped_bot_comes_back_and_hears_what_it_missed(rehearsal):
    heard: list[Any] = []
    rehearsal.connect(keeps_events(heard), ping_interval=0.2)
    rehearsal.workspace.drop_sockets()
    rehearsal.person().says("ahoy")

    def arrived(workspace: Any) -> bool:
        return any(not each["error"] for each in workspace.deliveries())

    rehearsal.workspace.wait_until(arrived)
    assert rehearsal.workspace.state()["connections"] == 1


def test_a_goodbye_makes_the_bot_connect_again(rehearsal):
    rehearsal.connect(keeps_events([]))
    rehearsal.workspace.refresh_sockets()
    rehearsal.workspace.wait_until_connected()
    opened = rehearsal.workspace.calls("apps.connections.open")
    assert len(opened) == 2


def test_a_deaf_socket_stays_open_and_nothing_arrives(hasty):
    async def scene() -> bool:
        async with aiohttp.ClientSession() as session:
            socket = await open_socket(hasty, session)
            await asyncio.to_thread(hasty.workspace.go_deaf)
            await asyncio.to_thread(hasty.person().says, "ahoy")
            await asyncio.to_thread(delivered, hasty, 1)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.receive(), 0.05)
            return not socket.closed

    assert hasty.run(scene())
    assert hasty.workspace.deliveries()[0]["error"] == "operation_timeout"


def test_an_eleventh_connection_is_refused(rehearsal):
    async def scene() -> dict[str, Any]:
        async with aiohttp.ClientSession() as session:
            sockets = [await open_socket(rehearsal, session) for _ in range(10)]
            said = await (await connect_socket(rehearsal, session)).receive_json()
            for socket in sockets:
                await socket.close()
            return said

    rehearsal.workspace.rate_scale(10)
    said = rehearsal.run(scene())
    assert (said["type"], said["reason"]) == ("disconnect", "too_many_websockets")


def test_a_response_url_answers_five_times(rehearsal):
    message = rehearsal.call("chat.postMessage", channel=CHANNEL, text="card")["message"]
    url = rehearsal.stand_in.response_urls.new(CHANNEL, "U0CREW", message)
    answers = [
        httpx.post(url, content=json.dumps({"text": f"answer {n}"})).status_code for n in range(4)
    ]
    replaced = httpx.post(url, json={"replace_original": True, "text": "settled"})
    sixth = httpx.post(url, json={"text": "too many"})
    assert (answers, replaced.status_code, sixth.status_code) == ([200] * 4, 200, 404)
    assert sixth.json()["error"] == "used_url"
    whispered = rehearsal.workspace.ephemerals("U0CREW")
    assert [each.plain for each in whispered] == [f"answer {n}" for n in range(4)]
    assert [each.plain for each in rehearsal.workspace.messages()] == ["settled"]


def test_a_call_that_times_out_after_its_effect_leaves_one_message(rehearsal):
    rehearsal.workspace.fail_next("chat.postMessage", "timeout_after")
    rehearsal.workspace.fail_next("chat.postMessage", "timeout_before")
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            rehearsal.call("chat.postMessage", channel=CHANNEL, text="once")
    assert [each.text for each in rehearsal.workspace.messages()] == ["once"]
    errors = [each["error"] for each in rehearsal.workspace.calls("chat.postMessage")]
    assert errors == ["timeout_after", "timeout_before"]


@pytest.mark.parametrize("how", ["503", "dropped", "refused"])
def test_slack_is_down_and_comes_back(rehearsal, how):
    rehearsal.workspace.down_for(30, how)
    with pytest.raises(Exception, match=r"503|isconnect|onnect call failed|annot connect"):
        rehearsal.call("auth.test")
    rehearsal.workspace.up()
    assert rehearsal.call("auth.test")["ok"]


def test_files_are_served_to_the_bot_alone(rehearsal):
    sent = rehearsal.person().uploads("mail.eml", b"From: x\r\n\r\nbody")
    file = rehearsal.call("files.info", file=sent.files[0])["file"]
    assert (file["mode"], file["filetype"], file["size"]) == ("hosted", "eml", 15)
    url = file["url_private_download"]
    assert url.startswith(rehearsal.stand_in.origin + "/files/")
    token = {"Authorization": f"Bearer {rehearsal.stand_in.bot_token}"}
    assert httpx.get(url, headers=token).content == b"From: x\r\n\r\nbody"
    stranger = httpx.get(url, follow_redirects=True)
    assert stranger.headers["content-type"].startswith("text/html")
    assert b"body" not in stranger.content


def test_a_truncated_mail_has_its_html_at_the_download(rehearsal):
    mail = b"Subject: long\r\nContent-Type: text/html\r\n\r\n<p>Booking ID: x</p>"
    sent = rehearsal.person().forwards(mail, truncated=True, check_file_info=True)
    event = rehearsal.workspace.messages()[0].raw["files"][0]
    assert (event["file_access"], "plain_text" in event) == ("check_file_info", False)
    file = rehearsal.call("files.info", file=sent.files[0])["file"]
    assert (file["plain_text"], file["preview"], file["has_more"]) == ("", "", True)
    token = {"Authorization": f"Bearer {rehearsal.stand_in.bot_token}"}
    html = httpx.get(file["url_private_download"], headers=token)
    assert "Booking ID: x" in html.text


def test_history_hides_replies_and_metadata_unless_asked(rehearsal):
    fact = {"event_type": "charter", "event_payload": {"id": "x"}}
    post = {"channel": CHANNEL, "metadata": fact}
    parent = rehearsal.call("chat.postMessage", text="card", **post)["ts"]
    thread = {"thread_ts": parent, "channel": CHANNEL}
    rehearsal.call("chat.postMessage", text="quiet", **thread)
    rehearsal.call("chat.postMessage", text="loud", reply_broadcast=True, **thread)
    history = rehearsal.run(rehearsal.client().conversations_history(channel=CHANNEL))["messages"]
    assert [each["text"] for each in history] == ["loud", "card"]
    assert "metadata" not in history[1]
    replies = rehearsal.run(
        rehearsal.client().conversations_replies(
            channel=CHANNEL, ts=parent, include_all_metadata=True, limit=1
        )
    )
    assert [each["text"] for each in replies["messages"]] == ["card", "quiet"]
    assert replies["messages"][0]["metadata"] == fact
    assert replies["has_more"]
    newer = rehearsal.call("conversations.history", channel=CHANNEL, oldest=parent)["messages"]
    assert [each["text"] for each in newer] == ["loud"]
