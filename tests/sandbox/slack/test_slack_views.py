"""Triggers, modals and Home tabs at their limits."""

import re
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def modal(**changed: Any) -> dict[str, Any]:
    blocks = [{"type": "section", "block_id": "s", "text": plain("hello")}]
    return {"type": "modal", "title": plain("Edit"), "blocks": blocks, **changed}


def name_field() -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "name"}
    return {"type": "input", "block_id": "name", "label": plain("Name"), "element": element}


@pytest.fixture
def triggered(rehearsal) -> tuple[Any, list[str]]:
    """A bot that keeps the trigger of each shortcut, and one such trigger."""
    triggers: list[str] = []

    def register(app: AsyncApp) -> None:
        @app.shortcut("read_as_booking")
        async def on_shortcut(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            triggers.append(body["trigger_id"])

        @app.event("message")
        async def on_message() -> None:
            pass

        @app.event("app_home_opened")
        async def on_home(event: dict[str, Any], client: Any) -> None:
            home = {"type": "home", "blocks": [{"type": "section", "text": plain("Active: none")}]}
            await client.views_publish(user_id=event["user"], view=home)

    rehearsal.connect(register)
    captain = rehearsal.person()
    captain.uses_shortcut("read_as_booking", captain.says("x"))
    return rehearsal, triggers


def refused(rehearsal: Any, method: str, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as answer:
        rehearsal.call(method, **arguments)
    return answer.value.response


def test_a_trigger_opens_one_modal_and_no_second(triggered):
    rehearsal, (trigger,) = triggered
    assert rehearsal.call("views.open", trigger_id=trigger, view=modal())["view"]["id"]
    again = refused(rehearsal, "views.open", trigger_id=trigger, view=modal())
    assert again["error"] == "exchanged_trigger_id"


def test_a_trigger_expires(rehearse):
    now = [1_800_000_000.0]
    rehearsal = rehearse(clock=lambda: now[0])
    trigger = rehearsal.stand_in.workspace.new_trigger("U0CAPTAIN", 3.0)
    now[0] += 3.1
    answer = refused(rehearsal, "views.open", trigger_id=trigger, view=modal())
    assert answer["error"] == "expired_trigger_id"


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        (modal(title=plain("t" * 25)), "/view/title/text"),
        (modal(submit=plain("s" * 25)), "/view/submit/text"),
        (modal(private_metadata="m" * 3001), "/view/private_metadata"),
        (modal(callback_id="c" * 256), "/view/callback_id"),
        (modal(blocks=[{"type": "divider"}] * 101), "/view/blocks"),
        (modal(blocks=[{"type": "markdown", "text": "x"}]), "/view/blocks/0/type"),
        (modal(blocks=[name_field()]), "/view"),
        (modal(type="home"), "/view/type"),
    ],
)
def test_a_bad_modal_is_refused_with_the_pointer(triggered, view, pointer):
    rehearsal, (trigger,) = triggered
    answer = refused(rehearsal, "views.open", trigger_id=trigger, view=view)
    assert answer["error"] == "invalid_arguments"
    told = answer["response_metadata"]["messages"]
    assert any(f"[json-pointer:{pointer}]" in each for each in told), told


def test_an_updated_modal_keeps_what_was_typed(triggered):
    rehearsal, (trigger,) = triggered
    form = modal(submit=plain("Save"), blocks=[name_field()])
    opened = rehearsal.call("views.open", trigger_id=trigger, view=form)["view"]
    captain = rehearsal.person().fills({"name": "Marisol"})
    longer = {**form, "title": plain("Longer"), "blocks": [name_field(), {"type": "divider"}]}
    rehearsal.call("views.update", view_id=opened["id"], view=longer, hash=opened["hash"])
    assert captain.modal("Longer").values == {"name": "Marisol"}
    stale = refused(
        rehearsal, "views.update", view_id=opened["id"], view=longer, hash=opened["hash"]
    )
    assert stale["error"] == "hash_conflict"


def test_a_submission_nobody_answers_is_told_to_the_person(hasty):
    trigger = hasty.stand_in.workspace.new_trigger("U0CAPTAIN", 3.0)
    hasty.connect(lambda _app: None)
    form = modal(submit=plain("Save"), callback_id="unheard", blocks=[name_field()])
    hasty.call("views.open", trigger_id=trigger, view=form)
    errors = hasty.person().fills({"name": "x"}).submits()
    assert "trouble connecting" in errors[""]
    assert hasty.person().modal().values == {"name": "x"}


def test_a_home_tab_is_published_when_it_is_opened(triggered):
    rehearsal, _ = triggered
    rehearsal.person("U0CREW").opens_home()
    home = rehearsal.workspace.wait_until(lambda seen: seen.home("U0CREW"))
    assert "Active: none" in home


@pytest.fixture
def pressed(rehearsal) -> list[dict[str, Any]]:
    """What a bot is told of presses and submissions."""
    heard: list[dict[str, Any]] = []

    def register(app: AsyncApp) -> None:
        @app.action(re.compile(".*"))
        async def on_action(ack: Any, body: dict[str, Any]) -> None:
            heard.append(body)
            await ack()

        @app.view(re.compile(".*"))
        async def on_submission(ack: Any, body: dict[str, Any]) -> None:
            heard.append(body)
            await ack()

    rehearsal.connect(register)
    return heard


def test_a_block_tells_two_buttons_of_one_name_apart(rehearsal, pressed):
    blocks = [
        {
            "type": "actions",
            "block_id": booking,
            "elements": [
                {"type": "button", "action_id": "retry", "text": plain("Retry"), "value": booking}
            ],
        }
        for booking in ("first", "second")
    ]
    rehearsal.call("views.publish", user_id="U0CREW", view={"type": "home", "blocks": blocks})
    for block in ("second", "first"):
        rehearsal.workspace.post("press", user="U0CREW", action="retry", block=block)
    rehearsal.person("U0CREW").presses("retry")
    told = [(body["actions"][0]["block_id"], body["actions"][0]["value"]) for body in pressed]
    assert told == [("second", "second"), ("first", "first"), ("first", "first")]
    with pytest.raises(AssertionError, match="nothing called 'retry' to press"):
        rehearsal.workspace.post("press", user="U0CREW", action="retry", block="third")


def test_what_is_chosen_by_a_press_is_what_is_submitted(rehearsal, pressed):
    options = [{"text": plain(boat), "value": boat} for boat in ("jada", "queen")]
    menu = {"type": "static_select", "action_id": "boat", "options": options}
    menu["initial_option"] = options[0]
    block = {"type": "section", "block_id": "b", "text": plain("Boat"), "accessory": menu}
    form = modal(submit=plain("Save"), callback_id="form", blocks=[block])
    trigger = rehearsal.stand_in.workspace.new_trigger("U0CREW", 3.0)
    rehearsal.call("views.open", trigger_id=trigger, view=form)
    rehearsal.workspace.post("press", user="U0CREW", action="boat", option="queen")
    assert rehearsal.person("U0CREW").submits() is None
    for body in pressed:
        chosen = body["view"]["state"]["values"]["b"]["boat"]
        assert (chosen["type"], chosen["selected_option"]["value"]) == ("static_select", "queen")
    assert [body["type"] for body in pressed] == ["block_actions", "view_submission"]
