"""Files: kept, shown in file objects, and downloaded by those who carry the bot's token."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.slack.state import StoredFile, Workspace

Json = dict[str, Any]
PATH = "/files/{owner}-{file}/{tail:.*}"
LOGIN = "/login"
TYPES = {
    ".eml": ("eml", "message/rfc822", "EML"),
    ".html": ("html", "text/html", "HTML"),
    ".txt": ("text", "text/plain", "Plain Text"),
}
OTHER = ("binary", "application/octet-stream", "Binary")


class FileShelf:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def keep(self, shown: Json, content: bytes, content_type: str) -> Json:
        """Stores a file; its object as Slack shows it, with id, times and addresses."""
        file_id = self._workspace.new_id("F")
        now = int(self._workspace.clock())
        team = self._workspace.identity.team_id
        base = f"{self._workspace.origin}/files/{team}-{file_id}"
        name = "mail" if shown["mode"] == "email" else quote(shown["name"])
        links = {"url_private": f"{base}/{name}", "url_private_download": f"{base}/download/{name}"}
        kept = {**shown, "id": file_id, "created": now, "timestamp": now, **links}
        self._workspace.files[file_id] = StoredFile(kept, content, content_type)
        return kept

    def keep_upload(self, user: str, name: str, content: bytes) -> Json:
        kind, mimetype, pretty = TYPES.get(PurePosixPath(name).suffix.lower(), OTHER)
        shown = {
            "name": name,
            "title": name,
            "mimetype": mimetype,
            "filetype": kind,
            "pretty_type": pretty,
            "user": user,
            "user_team": self._workspace.identity.team_id,
            "editable": False,
            "size": len(content),
            "mode": "hosted",
            "is_external": False,
            "is_public": True,
            "display_as_bot": False,
            "username": "",
            "has_rich_preview": False,
            "file_access": "visible",
        }
        return self.keep(shown, content, mimetype)

    async def handle(self, request: web.Request) -> web.Response:
        """The bytes, or Slack's login page for whoever has no right to them."""
        who = self._workspace.identity
        allowed = "files:read" in self._workspace.scopes
        if request.headers.get("Authorization") != f"Bearer {who.bot_token}" or not allowed:
            raise web.HTTPFound(f"{LOGIN}?redir={quote(request.path)}")
        file = self._workspace.files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, headers={"Content-Type": file.content_type})

    async def login(self, _request: web.Request) -> web.Response:
        page = "<!doctype html><title>Sign in</title><p>Sign in to see this file.</p>"
        return web.Response(text=page, content_type="text/html")


def stub(shown: Json) -> Json:
    """What an event holds of a file that must be asked for."""
    kept = ("id", "created", "timestamp")
    return {**{key: shown[key] for key in kept}, "file_access": "check_file_info"}
