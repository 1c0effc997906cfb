"""What a person does to messages: clicks, menus, shortcuts, slash commands."""

import asyncio
import copy
from typing import Any

from sandbox.slack.blocks import elements_of
from sandbox.slack.board import Board
from sandbox.slack.delivery import Answer, Delivery
from sandbox.slack.errors import SlackError
from sandbox.slack.inputs import KINDS, NotThereError, entered, find_option
from sandbox.slack.payloads import Payloads, action_of
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.state import Channel, Workspace

Json = dict[str, Any]
CONFIRM_KEYS = ("title", "text", "confirm", "deny")


class Presses:
    def __init__(
        self,
        workspace: Workspace,
        board: Board,
        delivery: Delivery,
        payloads: Payloads,
        response_urls: ResponseUrls,
        *,
        commands: tuple[str, ...],
    ) -> None:
        self._workspace = workspace
        self._board = board
        self._delivery = delivery
        self._payloads = payloads
        self._response_urls = response_urls
        self._commands = commands

    async def click(
        self, user: str, channel: Channel, ts: str, name: str, *, how: Json, times: int
    ) -> Json:
        """`how` may hold `confirm` (what is pressed in the dialog) and `option`."""
        message = self.visible(user, channel, ts)
        return await self._press(user, channel, message, name, how=how, times=times)

    async def stale_click(
        self, user: str, channel: Channel, message: Json, name: str, *, how: Json
    ) -> Json:
        """A click on a message as it once was, from a screen that had not been refreshed."""
        return await self._press(user, channel, message, name, how=how, times=1)

    async def shortcut(self, user: str, channel: Channel, ts: str, callback_id: str) -> Json:
        message = self.visible(user, channel, ts)
        url = self._response_urls.new(channel.id, user, message)
        payload = self._payloads.message_shortcut(user, channel, message, callback_id, url)
        answer = await self._delivery.ask("interactive", payload, accepts_payload=False)
        self._excuse(user, channel, answer)
        return answer.to_json()

    async def command(self, user: str, channel: Channel, typed: str) -> Json:
        command, _, text = typed.partition(" ")
        if command not in self._commands or "commands" not in self._workspace.scopes:
            told = f"{command} is not a valid command."
            self._board.slackbot_says(user, channel.id, told)
            return Answer("not_a_command").to_json()
        url = self._response_urls.new(channel.id, user)
        payload = self._payloads.command(user, channel, command, text, url)
        answer = await self._delivery.ask("slash_commands", payload, accepts_payload=True)
        if answer.error:
            self._excuse(user, channel, answer, command)
        elif answer.payload.get("text") or answer.payload.get("blocks"):
            self._show_answer(user, channel, answer.payload, command)
        return answer.to_json()

    def visible(self, user: str, channel: Channel, ts: str) -> Json:
        """A message that this person sees; raises NotThereError."""
        for whispered in self._workspace.ephemerals:
            if whispered["ts"] == ts and whispered["shown_to"] == user:
                return whispered
        message = channel.find(ts) if user in channel.members else None
        if message is None:
            raise NotThereError(f"{user} sees no message {ts} in {channel.id}")
        return message

    async def _press(
        self, user: str, channel: Channel, message: Json, name: str, *, how: Json, times: int
    ) -> Json:
        block, element = find_pressable(message, name)
        dialog = dialog_text(element)
        if dialog and how.get("confirm") is False:
            return {"dialog": dialog, "dismissed": True, "answers": []}
        chosen = chosen_in(element, how.get("option"))
        action = action_of(block, element, chosen)
        payloads = [
            self._payloads.message_action(user, channel, copy.deepcopy(message), action, url)
            for url in [self._response_urls.new(channel.id, user, message) for _ in range(times)]
        ]
        if how.get("redelivered"):
            payloads = payloads[:1] * times
        asked = [
            self._delivery.ask("interactive", payload, accepts_payload=False)
            for payload in payloads
        ]
        answers = await asyncio.gather(*asked)
        for answer in answers:
            self._excuse(user, channel, answer)
        shown = [answer.to_json() for answer in answers]
        return {"dialog": dialog, "dismissed": False, "answers": shown}

    def _excuse(self, user: str, channel: Channel, answer: Answer, command: str = "") -> None:
        """Slack's own words when the app did not answer."""
        if answer.error and command:
            told = f'{command} failed with the error "{answer.error}"'
            self._board.slackbot_says(user, channel.id, told)
        elif answer.error:
            told = f"Something went wrong: {answer.error}. Try again."
            self._board.slackbot_says(user, channel.id, told)

    def _show_answer(self, user: str, channel: Channel, payload: Json, command: str) -> None:
        try:
            self._response_urls.answer_now(channel.id, user, payload)
        except SlackError as refusal:
            told = f'{command} failed with the error "{refusal.error}"'
            self._board.slackbot_says(user, channel.id, told)


def find_pressable(message: Json, name: str) -> tuple[Json, Json]:
    """The block and element with this action_id or button text."""
    known = []
    for block in message.get("blocks", []):
        for _, element in elements_of(block):
            if "action_id" not in element:
                continue
            text = (element.get("text") or {}).get("text")
            if name in (element["action_id"], text):
                return block, element
            known.append(f"{element['action_id']} [{text}]")
    there = ", ".join(known) or "none"
    raise NotThereError(f"nothing called {name!r} to press in {message['ts']}; there are: {there}")


def dialog_text(element: Json) -> str:
    """What the confirm dialog of an element says, "" if it has none."""
    confirm = element.get("confirm")
    if not confirm:
        return ""
    return "\n".join(confirm[key]["text"] for key in CONFIRM_KEYS if key in confirm)


def chosen_in(element: Json, option: Any) -> Json | None:
    """What a press chooses in the element, by its value or text; None for a button."""
    if element["type"] == "button":
        return None
    if element["type"] == "overflow":
        return {"selected_option": find_option(element, option)}
    state = entered(element, option)
    return {KINDS[element["type"]].key: state[KINDS[element["type"]].key]}
