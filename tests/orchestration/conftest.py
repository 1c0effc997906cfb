from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from home_world import World

from bot.orchestration import homes as keeping
from bot.store.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store of its own on SQLite, migrated."""
    store = Store.open(f"sqlite:///{tmp_path / 'charter.db'}")
    await store.migrate()
    yield store
    store.close()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Homes that do not wait before they draw."""
    for pause in ("_AFTER_THE_WORK", "_SPACING", "_PAUSE", "_BLOCKED_PAUSE", "_UNSURE"):
        monkeypatch.setattr(keeping, f"{pause}_SECONDS", 0.02)


@pytest.fixture
async def home_world(store: Store, hurried: None) -> AsyncIterator[World]:
    """A store, a Slack, and no bot yet."""
    world = World(store)
    yield world
    for each in world.running:
        await each.close()
