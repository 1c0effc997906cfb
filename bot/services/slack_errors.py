"""What Slack's refusals and silences mean, in the bot's own errors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp

from bot.domain.errors import NeedsPerson, Refused, Retriable, ServiceError, Unknown
from bot.services.http_errors import retry_after
from bot.services.ports import MessageGone, UserGone
from bot.services.slack_urls import RedirectedError

DOWN = (aiohttp.ClientError, TimeoutError, OSError)
TOO_MANY, SERVER_FAULT = 429, 500
_OWN_FAULT = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_GONE = {"message_not_found", "cant_update_message", "thread_not_found"}
# Not account_inactive: by that Slack means the bot's own.
_NOBODY = {"user_not_found", "user_disabled", "user_not_visible"}
_TOO_LATE = {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired"}
_OK, _REDIRECT = 200, 300
# A second one is a second message.
_ONCE_ONLY = {"chat.postMessage", "files.completeUploadExternal"}
_PATIENCE_SECONDS = 1.0
_IN_BETWEEN = "Check SLACK_API_URL, and what stands between the bot and Slack, such as a proxy."
_MENDABLE = {
    "invalid_auth": "Check SLACK_BOT_TOKEN: it is wrong or was revoked.",
    "token_revoked": "Install the app again and set the new SLACK_BOT_TOKEN.",
    "token_expired": "Install the app again and set the new SLACK_BOT_TOKEN.",
    "account_inactive": "Install the app again and set the new SLACK_BOT_TOKEN.",
    "not_authed": "Set SLACK_BOT_TOKEN: the request held none.",
    "not_in_channel": "Invite the bot to the channel.",
    "channel_not_found": "Check slack.channel in charter.toml and invite the bot to it.",
    "is_archived": "The channel is archived; name another in charter.toml.",
    "missing_scope": "Install the app again with the scopes of manifest.yml.",
}


def patience_asked(method: str, response: Any) -> float:
    """Seconds to wait, when Slack asks for patience; any other refusal is raised.

    Raises:
        Unknown: Slack failed while it posted a message or shared a file, or something else
            answered in its place.
        Retriable: it failed, and asking again is safe.
        NeedsPerson: only a person can mend it.
        MessageGone: the message was deleted.
        UserGone: there is no such person.
        Refused: it will not take this.
    """
    status, code = _status(response), code_of(response)
    if status == TOO_MANY or code == "ratelimited":
        return _patience(getattr(response, "headers", None) or {})
    if status >= SERVER_FAULT or code in _OWN_FAULT:
        what = f"Slack failed ({code or status})."
        raise Unknown(what) if method in _ONCE_ONLY else Retriable(what)
    if "error" not in _said(response):
        what, hint = "Slack's answer cannot be understood.", _IN_BETWEEN
        raise Unknown(what, hint) if method in _ONCE_ONLY else Retriable(what, hint)
    raise _refusal(method, code, response)


def patience_for_answer(status: int, headers: Mapping[str, str]) -> float | None:
    """Seconds to wait before a response URL is asked again; None if it took the answer.

    Raises:
        Retriable: Slack failed.
        Refused: the URL has run out or been used up, or Slack will not take this answer.
    """
    if status == TOO_MANY:
        return _patience(headers)
    if status >= SERVER_FAULT:
        raise Retriable(f"Slack answered {status}.")
    if not _OK <= status < _REDIRECT:
        raise Refused(
            f"Slack did not take the answer ({status}).",
            "A command or a button can be answered for half an hour, five times.",
        )
    return None


def lost(error: Exception, *, repeatable: bool) -> ServiceError:
    """What a broken or refused connection means for the call that was under way."""
    if isinstance(error, RedirectedError):
        return NeedsPerson("Slack redirected the request; it was not sent on.", _IN_BETWEEN)
    if repeatable or isinstance(error, aiohttp.ClientConnectorError):
        return Retriable("Slack cannot be reached.")
    return Unknown("Slack did not answer.")


def code_of(response: Any) -> str:
    """Slack's word for what is wrong; the HTTP status where it gives none."""
    return str(_said(response).get("error") or _status(response) or "")


def _patience(headers: Mapping[str, str]) -> float:
    """Seconds by Retry-After, which may be a date; at most an hour, a second without one."""
    said = {name.lower(): value for name, value in headers.items()}.get("retry-after")
    seconds = retry_after(None if said is None else str(said), datetime.now(UTC))
    return _PATIENCE_SECONDS if seconds is None else seconds


def _status(response: Any) -> int:
    """The HTTP status; aiohttp's own response, for a body that is no JSON, names it otherwise."""
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def _said(response: Any) -> Mapping[str, Any]:
    """The answer's JSON; nothing for text, a page or bytes, which Slack's fronts answer with."""
    said = getattr(response, "data", response)
    return said if isinstance(said, Mapping) else {}


def _refusal(method: str, code: str, response: Any) -> ServiceError:
    if code in _MENDABLE:
        return NeedsPerson(f"Slack refused {method}: {code}.", _MENDABLE[code])
    if code in _GONE:
        return MessageGone(f"Slack no longer has the message ({code}).")
    if code in _NOBODY:
        return UserGone(f"Slack refused {method}: {code}.")
    if code in _TOO_LATE:
        return Refused("Slack waited too long for the form.", "Press the button once more.")
    details = (_said(response).get("response_metadata") or {}).get("messages")
    return Refused(f"Slack refused {method}: {code} {details or ''}".strip())
