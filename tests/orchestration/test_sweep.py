"""Where the search for missed mail begins, and what it finds."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from orchestration_fakes import NOW

from bot.orchestration.policy import Policy
from bot.orchestration.sweep import Sweep
from bot.store.queries import mails, restores
from bot.store.queries.mails import StoredMail
from bot.store.store import Store

DAY = timedelta(days=1)


@dataclass
class Channel:
    """Slack's history of mails that came at these times, and the engine that accepts each once."""

    came: list[datetime]
    found: list[datetime] = field(default_factory=list)
    pages: int = 0

    async def history(self, _channel: str, *, oldest: str) -> list[dict[str, Any]]:
        since = [at for at in self.came if at.timestamp() >= float(oldest)]
        self.pages += len(since)
        return [
            {"ts": ts(at), "user": "U0", "files": [{"id": "F", "name": "a.eml"}]} for at in since
        ]

    async def submit(self, _job: str, _key: str, payload: dict[str, Any]) -> None:
        at = next(at for at in self.came if ts(at) == payload["ts"])
        if at not in self.found:
            self.found.append(at)


def ts(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


def sweep(store: Store, channel: Channel, now: datetime) -> Sweep:
    return Sweep(store, channel, channel, Policy(channel="C0", boats=()), lambda: now)


async def knows(store: Store, at: datetime) -> None:
    mail = StoredMail(key=ts(at), channel="C0", ts=ts(at), user_id="U0", received_at=at, raw=b"")
    await store.write(mails.keep, mail)


async def restored(store: Store, *, at: datetime, taken_at: datetime) -> None:
    await store.write(restores.mark, at=at, taken_at=taken_at, under_way=())


async def test_it_begins_an_hour_before_the_newest_mail_that_is_known(store: Store) -> None:
    early, late = NOW - timedelta(hours=62), NOW - timedelta(hours=60.5)
    await knows(store, NOW - timedelta(hours=60))
    channel = Channel([early, late])
    await sweep(store, channel, NOW).once()
    assert channel.found == [late]


async def test_where_no_mail_is_known_it_begins_an_hour_ago(store: Store) -> None:
    early, late = NOW - timedelta(hours=2), NOW - timedelta(minutes=30)
    channel = Channel([early, late])
    await sweep(store, channel, NOW).once()
    assert channel.found == [late]


async def test_after_a_restore_all_that_came_since_the_backup_is_found_although_it_held_no_mail(
    store: Store,
) -> None:
    await restored(store, at=NOW, taken_at=NOW - 5 * DAY)
    before, since = NOW - 6 * DAY, NOW - 4 * DAY
    channel = Channel([before, since])
    await sweep(store, channel, NOW).once()
    assert channel.found == [since]


async def test_after_a_restore_mail_that_comes_first_hides_none_that_came_since_the_backup(
    store: Store,
) -> None:
    await knows(store, NOW - 6 * DAY)
    await restored(store, at=NOW, taken_at=NOW - 5 * DAY)
    await knows(store, NOW)
    since = NOW - 4 * DAY
    channel = Channel([since, NOW])
    await sweep(store, channel, NOW).once()
    assert channel.found == [since, NOW]


async def test_all_that_came_since_the_backup_is_looked_through_once(store: Store) -> None:
    await restored(store, at=NOW, taken_at=NOW - 5 * DAY)
    channel = Channel([NOW - 4 * DAY])
    searching = sweep(store, channel, NOW)
    await searching.once()
    await searching.once()
    await sweep(store, channel, NOW + DAY).once()  # another start, when it is long found
    assert channel.pages == 1
