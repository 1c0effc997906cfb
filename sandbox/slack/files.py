"""Files: kept, shown in file objects, and downloaded by those who carry the bot's token."""

import secrets
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.slack.state import Channel, StoredFile, Upload, Workspace

Json = dict[str, Any]
PATH = "/files/{owner}-{file}/{tail:.*}"
UPLOAD = "/upload/v1/{token}"
LOGIN = "/login"
TYPES = {
    ".eml": ("eml", "message/rfc822", "EML"),
    ".html": ("html", "text/html", "HTML"),
    ".txt": ("text", "text/plain", "Plain Text"),
    ".json": ("json", "application/json", "JSON"),
}
OTHER = ("binary", "application/octet-stream", "Binary")


class FileShelf:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def keep(
        self, shown: Json, content: bytes, content_type: str, *, file_id: str | None = None
    ) -> Json:
        """Stores a file; its object as Slack shows it, with id, times and addresses."""
        file_id = file_id or self._workspace.new_id("F")
        now = int(self._workspace.clock())
        team = self._workspace.identity.team_id
        base = f"{self._workspace.origin}/files/{team}-{file_id}"
        name = "mail" if shown["mode"] == "email" else quote(shown["name"])
        links = {"url_private": f"{base}/{name}", "url_private_download": f"{base}/download/{name}"}
        kept = {**shown, "id": file_id, "created": now, "timestamp": now, **links}
        self._workspace.files[file_id] = StoredFile(kept, content, content_type)
        return kept

    def keep_upload(
        self,
        user: str,
        name: str,
        content: bytes,
        *,
        title: str | None = None,
        file_id: str | None = None,
    ) -> Json:
        kind, mimetype, pretty = TYPES.get(PurePosixPath(name).suffix.lower(), OTHER)
        shown = {
            "name": name,
            "title": title or name,
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
        return self.keep(shown, content, mimetype, file_id=file_id)

    def expect_upload(self, name: str, length: int) -> Upload:
        """A file that will come: its id, and the address that takes its bytes."""
        file_id = self._workspace.new_id("F")
        upload = Upload(file_id, secrets.token_urlsafe(24), name, length)
        self._workspace.uploads[file_id] = upload
        return upload

    def upload_url(self, upload: Upload) -> str:
        return f"{self._workspace.origin}{UPLOAD.format(token=upload.token)}"

    def keep_expected(self, upload: Upload, user: str, title: str) -> Json:
        """Stores what was uploaded; its address takes no more."""
        del self._workspace.uploads[upload.file_id]
        content = upload.content or b""
        return self.keep_upload(user, upload.name, content, title=title, file_id=upload.file_id)

    def shared(self, files: list[Json], channel: Channel, message: Json) -> None:
        """Tells files.info where they were shared."""
        share = {key: message[key] for key in ("ts", "thread_ts") if key in message}
        kind = "private" if channel.is_private else "public"
        for file in files:
            shown = self._workspace.files[file["id"]].shown
            shown["shares"] = {kind: {channel.id: [share]}}

    async def take(self, request: web.Request) -> web.Response:
        """The bytes of an announced file, raw or as a form's one file; no token is asked for."""
        token = request.match_info["token"]
        uploads = self._workspace.uploads.values()
        upload = next((each for each in uploads if each.token == token), None)
        if upload is None:
            raise web.HTTPNotFound
        content = await _sent(request)
        if len(content) != upload.length:
            raise web.HTTPBadRequest(text=f"expected {upload.length} bytes, got {len(content)}")
        upload.content = content
        return web.Response(text=f"OK - {len(content)}")

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


async def _sent(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for field in (await request.post()).values():
        if isinstance(field, web.FileField):
            return field.file.read()
    raise web.HTTPBadRequest(text="no file in the form")


def stub(shown: Json) -> Json:
    """What an event holds of a file that must be asked for."""
    kept = ("id", "created", "timestamp")
    return {**{key: shown[key] for key in kept}, "file_access": "check_file_info"}
