"""Mails written down as work, whichever way they came: on return each is on disk."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.engine import Jobs
from bot.mail.heading import identity
from bot.orchestration.mailbag import is_mail, is_only_named
from bot.store.queries import mails
from bot.store.queries.mails import StoredMail
from bot.store.store import Store

JOB, AGAIN = "intake", "intake-again"
BY_HTTP = "http"
"""Who brought a mail that no person did."""


async def submit_mail(
    jobs: Jobs,
    *,
    channel: str,
    ts: str,
    user: str,
    file: Mapping[str, Any] | None = None,
    text: str | None = None,
    thread: str | None = None,
    response_url: str | None = None,
) -> None:
    """Write a message's mail down and have it worked on; on return it is on disk.

    The message and its file are its identity, so a delivery that comes ten times is one job.
    `thread`: the message that it answers, if it does. `response_url`: where to answer if the bot
    may not post in the channel.
    """
    payload = _payload(channel, ts, user, file, text, thread, response_url)
    await jobs.submit(JOB, payload["key"], payload)


def _payload(
    channel: str,
    ts: str,
    user: str,
    file: Mapping[str, Any] | None,
    text: str | None,
    thread: str | None,
    response_url: str | None,
) -> dict[str, Any]:
    return {
        "key": key_of(channel, ts, file),
        "channel": channel,
        "ts": ts,
        "user": user,
        "file": file,
        "text": text,
        "thread": thread,
        "response_url": response_url,
    }


def key_of(channel: str, ts: str, file: Mapping[str, Any] | None) -> str:
    """The identity of a mail that is a message's file or its words."""
    return f"mail:{channel}:{ts}:{file['id'] if file else 'text'}"


async def submit_message(jobs: Jobs, message: Mapping[str, Any], *, channel: str) -> None:
    """Write down every mail that hangs on a message."""
    for file in _mails_of(message):
        await submit_mail(
            jobs,
            channel=channel,
            ts=message["ts"],
            user=message.get("user") or "unknown",
            file=file,
            thread=message.get("thread_ts"),
        )


async def submit_pointed(
    jobs: Jobs,
    store: Store,
    message: Mapping[str, Any],
    *,
    channel: str,
    user: str,
    at: str,
    response_url: str | None,
) -> None:
    """Write down that somebody points at a message: at the mails on it, or else at its words.

    `user` and `at`: who and when, which tell one pointing from another and from its redelivery.
    """
    files: list[Mapping[str, Any] | None] = [*_mails_of(message)]
    for file in files or [None]:
        text = None if file else message.get("text") or ""
        payload = _payload(
            channel, message["ts"], user, file, text, message.get("thread_ts"), response_url
        )
        known = await store.read(mails.outcome, payload["key"])
        if known is None:
            await jobs.submit(JOB, payload["key"], payload)
        elif known.fruitless:
            await _submit_anew(jobs, payload, f"{user}:{at}")
        elif response_url:
            await jobs.submit(AGAIN, f"{payload['key']}:again:{user}:{at}", payload)


async def _submit_anew(jobs: Jobs, payload: dict[str, Any], which: str) -> None:
    """Have a mail read once more of which nothing came: its own job has ended for good."""
    await jobs.submit(JOB, f"{payload['key']}:again:{which}", {**payload, "again": True})


def _mails_of(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files of a message that are mails, or may be."""
    return [file for file in message.get("files") or () if is_mail(file) or is_only_named(file)]


async def submit_raw(jobs: Jobs, store: Store, raw: bytes, *, channel: str, at: datetime) -> str:
    """Keep a mail that came by HTTP, have it worked on, and return its key.

    Its own identity is its key: however often and by whichever hops it comes, it is one job, unless
    nothing came of that one and it has ended; then the mail is read anew. It belongs to the
    channel, where it has no message yet and so no ts: where the search for missed mail begins must
    not depend on it.
    """
    key = f"mail:{BY_HTTP}:{identity(raw)}"
    mail = StoredMail(key=key, channel=channel, ts="", user_id=BY_HTTP, received_at=at, raw=raw)
    await store.write(mails.keep, mail)
    payload = {"key": key, "channel": channel, "ts": "", "user": BY_HTTP, "file": None}
    payload |= {"text": None, "response_url": None}
    known = await store.read(mails.outcome, key)
    if known and known.fruitless:
        await _submit_anew(jobs, payload, at.isoformat())
    else:
        await jobs.submit(JOB, key, payload)
    return key
