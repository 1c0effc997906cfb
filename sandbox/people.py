"""People in the rehearsal's workspace: what they do and what they see, for tests and demos."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

from sandbox.slack.remote import Remote
from sandbox.slack.seen import Click, Message, Modal, Sent, transcript

Json = dict[str, Any]
T = TypeVar("T")
CHANNEL = "C0CHARTERS"
LONGEST_POLL = 10.0


class Workspace(Remote):
    """The whole workspace, seen through the control API.

    `control_url` is the control server's address, with or without the `/slack` that the
    stand-in's endpoints are mounted under.
    """

    def as_user(self, user: str) -> "Person":
        return Person(self, user)

    def messages(self, channel: str = CHANNEL, thread: str | None = None) -> list[Message]:
        """All messages of the channel, replies among them, or those of one thread; oldest first."""
        query = {"channel": channel, **({"thread": thread} if thread else {})}
        return [Message(each) for each in self.get("messages", **query)["messages"]]

    def find(self, text: str, channel: str = CHANNEL, thread: str | None = None) -> Message | None:
        """The newest message that shows this text."""
        shown = [each for each in self.messages(channel, thread) if text in each]
        return shown[-1] if shown else None

    def ephemerals(self, user: str) -> list[Message]:
        return [Message(each) for each in self.get("ephemerals", user=user)["messages"]]

    def modal(self, user: str) -> Modal | None:
        view = self.get("modal", user=user)["view"]
        return Modal(view) if view else None

    def home(self, user: str) -> Modal | None:
        view = self.get("home", user=user)["view"]
        return Modal(view) if view else None

    def calls(self, method: str | None = None) -> list[Json]:
        """Web API calls that arrived: `method`, `arguments`, `error`, `at`."""
        query = {"method": method} if method else {}
        return list(self.get("calls", **query)["calls"])

    def deliveries(self) -> list[Json]:
        """Envelopes that were sent: `name`, `type`, `attempt`, `error`, `seconds`."""
        return list(self.get("deliveries")["deliveries"])

    def state(self) -> Json:
        """`connections`, `late_acks`, `down`, users, channels, and more."""
        return self.get("state")

    def wait_until(
        self, predicate: Callable[["Workspace"], T], timeout: float = 20.0, what: str = ""
    ) -> T:
        """The first true answer of the predicate, asked again whenever anything changed.

        Raises AssertionError with the channel's transcript after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while True:
            seq = self.state()["seq"]
            if answer := predicate(self):
                return answer
            left = deadline - time.monotonic()
            if left <= 0:
                hoped = what or "what was waited for"
                raise AssertionError(f"no {hoped} within {timeout} s\n{self.transcript()}")
            self.get("wait", after=str(seq), timeout=str(min(left, LONGEST_POLL)))

    def wait_for_message(
        self, text: str, thread: str | None = None, timeout: float = 20.0
    ) -> Message:
        def shown(workspace: "Workspace") -> Message | None:
            return workspace.find(text, thread=thread)

        found = self.wait_until(shown, timeout, f"message that shows {text!r}")
        assert found is not None  # noqa: S101 (wait_until gives only true answers)
        return found

    def wait_until_connected(self, connections: int = 1, timeout: float = 20.0) -> None:
        def connected(workspace: "Workspace") -> bool:
            return bool(workspace.state()["connections"] >= connections)

        self.wait_until(connected, timeout, f"{connections} connection(s) of the bot")

    def transcript(self, channel: str = CHANNEL) -> str:
        """The channel in plain text: threads indented, buttons as [Approve], ephemerals last."""
        whispered = [Message(each) for each in self.get("ephemerals")["messages"]]
        return transcript(self.messages(channel), whispered)


class Person:
    """One user: everything a person does with mouse, keyboard and mail client."""

    def __init__(self, workspace: Workspace, user: str) -> None:
        self.workspace = workspace
        self.user = user

    def forwards(
        self,
        mail: str | Path | bytes | Mapping[str, Any],
        *,
        truncated: bool = False,
        check_file_info: bool = False,
        hosted_at: str = "",
        channel: str = CHANNEL,
    ) -> Sent:
        """Forwards a mail to the channel's address: an .eml, or a recorded Slack event.

        `hosted_at`: where Slack says that the file lies, instead of with itself.
        """
        options: Json = {"truncated": truncated, "check_file_info": check_file_info}
        options["hosted_at"] = hosted_at
        if isinstance(mail, str | Path) and Path(mail).suffix == ".json":
            mail = json.loads(Path(mail).read_text(encoding="utf-8"))
        content: Json = {"event": mail} if isinstance(mail, Mapping) else {"eml": _base64(mail)}
        return self._sent("mail", **content, **options, channel=channel)

    def redelivers(self, event: Sent | str, times: int = 1) -> None:
        """Slack sends the event of a message once more, or many times at once."""
        event_id = event.event_id if isinstance(event, Sent) else event
        self.workspace.post("redeliver", event_id=event_id, times=times)

    def uploads(
        self, name: str, data: bytes, *, thread: str | None = None, channel: str = CHANNEL
    ) -> Sent:
        return self._sent("upload", name=name, data=_base64(data), thread=thread, channel=channel)

    def uploads_together(self, files: Mapping[str, bytes], *, channel: str = CHANNEL) -> Sent:
        """One message with several files."""
        told = [{"name": name, "data": _base64(data)} for name, data in files.items()]
        return self._sent("upload", files=told, channel=channel)

    def says(self, text: str, thread: str | None = None, *, channel: str = CHANNEL) -> Sent:
        return self._sent("say", text=text, thread=thread, channel=channel)

    def clicks(
        self,
        message: Message | str,
        action: str,
        times: int = 1,
        *,
        confirm: bool = True,
        redelivered: bool = False,
        option: Any = None,
        channel: str = CHANNEL,
    ) -> Click:
        """Presses what has this action_id or text; `times` at once, as an impatient hand does.

        `confirm=False` dismisses the confirm dialog; `option` is what is chosen in a menu.
        `redelivered`: one press, which the app is told of `times` times.
        """
        ts = message.ts if isinstance(message, Message) else message
        how = {"confirm": confirm, "option": option, "channel": channel}
        how["redelivered"] = redelivered
        return _clicked(self._does("click", ts=ts, action=action, times=times, **how))

    def stale_click(
        self, message: Message, action: str, *, confirm: bool = True, channel: str = CHANNEL
    ) -> Click:
        """Presses a button of a message as it was before, which the screen still shows."""
        how = {"confirm": confirm, "channel": channel}
        return _clicked(self._does("stale_click", message=message.raw, action=action, **how))

    def modal(self, title: str = "", timeout: float = 10.0) -> Modal:
        """The open modal, waited for; with a title, that one."""

        def opened(workspace: Workspace) -> Modal | None:
            seen = workspace.modal(self.user)
            return seen if seen and title in seen.title else None

        found = self.workspace.wait_until(opened, timeout, f"modal {title!r} for {self.user}")
        assert found is not None  # noqa: S101 (wait_until gives only true answers)
        return found

    def presses(self, action: str) -> Click:
        """Presses a button inside the open modal, else in the Home tab."""
        return _clicked(self._does("press", action=action))

    def fills(self, values: Mapping[str, Any], timeout: float = 10.0) -> Self:
        """Enters values into the open modal by block_id, action_id or label."""
        self.modal(timeout=timeout)
        self._does("fill", values=dict(values))
        return self

    def submits(self) -> dict[str, str] | None:
        """The errors shown, by block_id ("" for the whole modal), or None if it was taken."""
        errors: dict[str, str] | None = self._does("submit")["errors"]
        return errors

    def closes(self) -> None:
        self._does("close")

    def types(
        self,
        command: str,
        *,
        answers: int = 1,
        timeout: float = 10.0,
        channel: str = CHANNEL,
    ) -> list[str]:
        """Types a slash command; what is then shown to this person alone.

        Waits for `answers` of them, and returns what there is after `timeout` seconds.
        """
        before = {each.ts for each in self.workspace.ephemerals(self.user)}

        def new(workspace: Workspace) -> list[str]:
            seen = workspace.ephemerals(self.user)
            return [each.plain for each in seen if each.ts not in before]

        self._does("command", text=command, channel=channel)
        try:
            self.workspace.wait_until(lambda seen: len(new(seen)) >= answers, timeout)
        except AssertionError:
            return new(self.workspace)
        return new(self.workspace)

    def uses_shortcut(
        self, callback_id: str, message: Message | Sent | str, *, channel: str = CHANNEL
    ) -> None:
        ts = message if isinstance(message, str) else message.ts
        self._does("shortcut", callback_id=callback_id, ts=ts, channel=channel)

    def opens_home(self) -> None:
        self._does("open_home")

    def _does(self, act: str, **what: Any) -> Json:
        return self.workspace.post(act, user=self.user, **what)

    def _sent(self, act: str, **what: Any) -> Sent:
        sent = self._does(act, **what)
        return Sent(sent["ts"], sent["channel"], sent["event_id"], tuple(sent["files"]))


def _clicked(told: Json) -> Click:
    errors = tuple(answer["error"] for answer in told["answers"] if answer["error"])
    return Click(told.get("dialog", ""), told.get("dismissed", False), errors)


def _base64(data: str | Path | bytes) -> str:
    content = data if isinstance(data, bytes) else Path(data).read_bytes()
    return base64.b64encode(content).decode()
