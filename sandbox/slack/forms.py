"""What a person does in a modal: fills it in, submits it, closes it."""

from typing import Any

from sandbox.slack.delivery import Answer, Delivery
from sandbox.slack.errors import SlackError
from sandbox.slack.inputs import KINDS, NotThereError, entered, faults, find_field
from sandbox.slack.modals import Modals
from sandbox.slack.payloads import Payloads, action_of
from sandbox.slack.presses import chosen_in, find_pressable
from sandbox.slack.state import Workspace
from sandbox.slack.view_checks import check_view

Json = dict[str, Any]
TROUBLE = "We had some trouble connecting. Try again?"


class Forms:
    def __init__(
        self, workspace: Workspace, modals: Modals, delivery: Delivery, payloads: Payloads
    ) -> None:
        self._workspace = workspace
        self._modals = modals
        self._delivery = delivery
        self._payloads = payloads

    async def fill(self, user: str, values: Json) -> None:
        """Enters values; fields that dispatch actions tell the app about each."""
        for name, value in values.items():
            view = self._shown_view(user)
            block, element = find_field(view["blocks"], name)
            state = entered(element, value)
            view["state"]["values"][block["block_id"]][element["action_id"]] = state
            if block["type"] != "input" or block.get("dispatch_action"):
                key = KINDS[element["type"]].key
                await self._act(user, view, action_of(block, element, {key: state[key]}))

    async def press(
        self, user: str, name: str, *, block_id: str | None = None, option: str | None = None
    ) -> Answer:
        """Presses a button or menu inside the open modal, or in the Home tab if none is open.

        `block_id` tells two of one name apart; `option` is what a menu offers, and what is chosen
        there is submitted later as if it had been filled in.
        """
        view = self._shown_view(user)
        blocks = [each for each in view["blocks"] if block_id in (None, each["block_id"])]
        block, element = find_pressable({"ts": view["id"], "blocks": blocks}, name)
        chosen = chosen_in(element, option)
        if element["type"] in KINDS:
            state = {"type": element["type"], **(chosen or {})}
            view["state"]["values"][block["block_id"]][element["action_id"]] = state
        return await self._act(user, view, action_of(block, element, chosen))

    async def submit(self, user: str) -> dict[str, str] | None:
        """The errors shown, by block_id ("" for the whole modal), or None if it was taken."""
        view = self._open_view(user)
        if view["submit"] is None:
            raise NotThereError("this modal has nothing to submit")
        if objections := faults(view):
            return objections
        payload = self._payloads.submission(user, view)
        answer = await self._delivery.ask("interactive", payload, accepts_payload=True)
        if answer.error:
            return {"": TROUBLE}
        try:
            return self._obey(user, view, answer.payload)
        except SlackError as refusal:
            return {"": f"{TROUBLE} ({refusal.error}: {'; '.join(refusal.messages)})"}

    async def close(self, user: str) -> None:
        view = self._open_view(user)
        cleared = bool(view["clear_on_close"])
        if cleared:
            self._modals.close_all(user)
        else:
            self._modals.close_top(user)
        if view["notify_on_close"]:
            payload = self._payloads.closed(user, view, cleared=cleared)
            await self._delivery.ask("interactive", payload, accepts_payload=False)

    def _obey(self, user: str, view: Json, answer: Json) -> dict[str, str] | None:
        """Does what the acknowledgement of a submission asks for."""
        match answer.get("response_action"):
            case None:
                self._modals.close_top(user)
            case "clear":
                self._modals.close_all(user)
            case "update":
                self._modals.update(view, check_view(answer.get("view"), "modal"))
            case "push":
                self._modals.put_on_top(user, check_view(answer.get("view"), "modal"))
            case "errors":
                return self._errors(view, answer.get("errors"))
            case unknown:
                raise SlackError("invalid_response_action", [str(unknown)])
        return None

    def _errors(self, view: Json, errors: object) -> dict[str, str]:
        if not isinstance(errors, dict) or not errors:
            raise SlackError("invalid_errors")
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if strangers := errors.keys() - inputs:
            raise SlackError("invalid_errors", [f"no input block {each}" for each in strangers])
        return {str(block_id): str(text) for block_id, text in errors.items()}

    async def _act(self, user: str, view: Json, action: Json) -> Answer:
        payload = self._payloads.view_action(user, view, action)
        return await self._delivery.ask("interactive", payload, accepts_payload=False)

    def _shown_view(self, user: str) -> Json:
        view = self._modals.top(user) or self._workspace.homes.get(user)
        if view is None:
            raise NotThereError(f"{user} has no modal open and no Home tab")
        return view

    def _open_view(self, user: str) -> Json:
        view = self._modals.top(user)
        if view is None:
            raise NotThereError(f"{user} has no modal open")
        return view
