"""What a person puts into a channel: words, mails, files; and a look at the Home tab."""

import copy
from dataclasses import dataclass
from typing import Any

from sandbox.mistakes import NotThereError
from sandbox.slack.board import Board
from sandbox.slack.events import Events
from sandbox.slack.files import FileShelf, stub
from sandbox.slack.mail import mail_file, mail_message
from sandbox.slack.state import Channel, Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class MailOptions:
    """How Slack shows a mail. `hosted_at`: its file lies there instead of with Slack."""

    truncated: bool = False
    check_file_info: bool = False
    hosted_at: str = ""


class Posting:
    def __init__(
        self, workspace: Workspace, board: Board, events: Events, files: FileShelf
    ) -> None:
        self._workspace = workspace
        self._board = board
        self._events = events
        self._files = files

    def say(self, user: str, channel: Channel, text: str, thread: str | None) -> Json:
        self._must_be_member(user, channel)
        words = {"type": "text", "text": text}
        section = {"type": "rich_text_section", "elements": [words]}
        message: Json = {
            "client_msg_id": self._workspace.new_id("M"),
            "user": user,
            "team": self._workspace.identity.team_id,
            "text": text,
            "blocks": [{"type": "rich_text", "elements": [section]}],
        }
        if thread:
            message["thread_ts"] = thread
        return self._posted(channel, message)

    def forward(self, channel: Channel, eml: bytes, options: MailOptions) -> Json:
        shown, html = mail_file(eml, truncated=options.truncated)
        return self._post_mail(channel, shown, html, options)

    def forward_event(self, channel: Channel, payload: Json, options: MailOptions) -> Json:
        """Posts the mail of an event that was recorded elsewhere."""
        event = payload.get("event", payload)
        shown = copy.deepcopy(event["files"][0])
        html = shown.get("preview") or ""
        if options.truncated:
            emptied = {"plain_text": "", "preview": "", "preview_plain_text": ""}
            shown.update({**emptied, "has_more": True})
        return self._post_mail(channel, shown, html.encode(), options)

    def upload(
        self, user: str, channel: Channel, files: list[tuple[str, bytes]], thread: str | None
    ) -> Json:
        """One message with all of the files, each with its name and content."""
        self._must_be_member(user, channel)
        message: Json = {
            "type": "message",
            "subtype": "file_share",
            "text": "",
            "user": user,
            "upload": False,
            "display_as_bot": False,
            "files": [self._files.keep_upload(user, name, content) for name, content in files],
        }
        if thread:
            message["thread_ts"] = thread
        return self._posted(channel, message)

    def open_home(self, user: str) -> str | None:
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": f"D0{user}",
            "tab": "home",
        }
        if home := self._workspace.homes.get(user):
            event["view"] = home
        return self._events.publish({**event, "event_ts": self._workspace.new_ts()})

    def _post_mail(self, channel: Channel, shown: Json, html: bytes, options: MailOptions) -> Json:
        kept = self._files.keep(shown, html, "text/html; charset=utf-8")
        if options.hosted_at:
            links = dict.fromkeys(("url_private", "url_private_download"), options.hosted_at)
            self._workspace.files[kept["id"]].shown.update(links)
            kept = {**kept, **links}
        if options.check_file_info:
            kept = stub(kept)
        return self._posted(channel, mail_message(kept))

    def _posted(self, channel: Channel, message: Json) -> Json:
        posted = self._board.post(channel, message)
        file_ids = [file["id"] for file in posted.get("files", [])]
        return {
            "channel": channel.id,
            "ts": posted["ts"],
            "event_id": self._events.id_of(channel.id, posted["ts"]),
            "files": file_ids,
        }

    def _must_be_member(self, user: str, channel: Channel) -> None:
        if user not in channel.members:
            raise NotThereError(f"{user} is not in {channel.id}")
