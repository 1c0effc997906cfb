from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store of its own on SQLite, migrated."""
    store = Store.open(f"sqlite:///{tmp_path / 'charter.db'}")
    await store.migrate()
    yield store
    store.close()
