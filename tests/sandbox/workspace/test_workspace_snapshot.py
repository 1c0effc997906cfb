"""What each person's page shows when it opens."""

import pytest

from handlers.commands import SUBCOMMANDS

PEOPLE = ("U0CAPTAIN", "U0MATE", "U0CREW", "U0STRANGER")


def test_the_people_one_can_act_as_have_their_roles(snapshot):
    people = {each["id"]: each for each in snapshot("U0CAPTAIN")["people"]}
    assert {who: people[who]["role"] for who in people} == {
        "U0CAPTAIN": "Operator",
        "U0MATE": "Second operator",
        "U0CREW": "Crew member",
        "U0STRANGER": "Stranger",
        "U0CHARTERBOT": "",
        "USLACKBOT": "",
    }
    assert people["U0CHARTERBOT"]["is_bot"]


def test_commands_and_shortcuts_are_those_that_slack_was_told(snapshot):
    app = snapshot("U0CREW")["app"]
    (command,) = app["commands"]
    assert (app["name"], app["user"]) == ("Charter", "U0CHARTERBOT")
    assert command["command"] == "/charter"
    told = [completion["text"].split()[1] for completion in command["completions"]]
    assert told == [*(each.name for each in SUBCOMMANDS), "help"]
    assert {c["text"].endswith(" ") == bool(c["args"]) for c in command["completions"]} == {True}
    assert [each["callback_id"] for each in app["shortcuts"]] == ["read_as_booking"]


@pytest.mark.parametrize("me", PEOPLE)
def test_a_private_channel_is_its_members_alone(snapshot, me: str):
    shown = [channel["id"] for channel in snapshot(me)["channels"]]
    assert shown[0] == "C0CHARTERS"
    assert ("G0OWNERS" in shown) == (me == "U0CAPTAIN")


def test_a_channel_tells_whether_the_bot_reads_it(snapshot):
    has_bot = {each["id"]: each["has_bot"] for each in snapshot("U0CAPTAIN")["channels"]}
    assert has_bot == {"C0CHARTERS": True, "C0YARD": True, "C0DOCK": False, "G0OWNERS": False}


def test_what_is_whispered_to_one_is_shown_to_nobody_else(snapshot, bot_says):
    bot_says("chat.postEphemeral", channel="C0CHARTERS", user="U0CREW", text="between us")
    shown = {me: [each["text"] for each in snapshot(me)["ephemerals"]] for me in PEOPLE}
    assert "between us" in shown["U0CREW"]
    assert all("between us" not in shown[me] for me in PEOPLE if me != "U0CREW")


def test_a_modal_is_open_for_the_one_who_opened_it(slack, snapshot, a_card):
    captain = slack.as_user("U0CAPTAIN")
    card = a_card()
    captain.clicks(card, "edit")
    slack.wait_until(lambda _: snapshot("U0CAPTAIN")["modal"], 20, "modal")
    assert snapshot("U0CAPTAIN")["modal"]["type"] == "modal"
    assert [snapshot(me)["modal"] for me in PEOPLE[1:]] == [None, None, None]
    captain.closes()
    assert snapshot("U0CAPTAIN")["modal"] is None


def test_a_home_is_its_owners(snapshot, bot_says):
    block = {"type": "section", "text": {"type": "plain_text", "text": "Welcome aboard"}}
    bot_says("views.publish", user_id="U0STRANGER", view={"type": "home", "blocks": [block]})
    assert snapshot("U0STRANGER")["home"]["blocks"][0]["text"]["text"] == "Welcome aboard"
    assert "Welcome aboard" not in str(snapshot("U0CREW")["home"])


def test_a_channel_of_hundreds_of_messages_opens_whole(slack, snapshot):
    mate = slack.as_user("U0MATE")
    said = [mate.says(f"message {number}", channel="C0DOCK").ts for number in range(600)]
    dock = next(each for each in snapshot("U0MATE")["channels"] if each["id"] == "C0DOCK")
    assert [message["ts"] for message in dock["messages"]][-600:] == said


@pytest.mark.parametrize("path", ["/workspace/snapshot", "/workspace/stream"])
def test_nobody_sees_anything(page, path: str):
    for query in ({"user": "U0NOBODY"}, {}):
        refused = page.get(path, params=query)
        assert refused.status_code == 400
        assert "there is no user" in refused.json()["error"]
