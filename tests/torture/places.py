"""The places at a database, and its other locks, which live as long as the process that has them.

One is what a SQLite file has; several are what a PostgreSQL server has, asked in a thread.
"""

import asyncio
from dataclasses import dataclass, field

from bot.slot import FileSlot, Slot, slot_name

_LOOK_SECONDS = 1.0


@dataclass
class Places:
    """So many, and who holds them; `things`: what else is locked, by whom, how often."""

    count: int = 1
    held: dict[str, object] = field(default_factory=dict)
    things: dict[str, tuple[object, int]] = field(default_factory=dict)

    async def one_for(self, owner: object) -> Slot:
        """A free one; while there is none, wait as a spare."""
        if self.count == 1:
            return OnlyPlace()
        while True:
            await asyncio.to_thread(lambda: None)
            for number in range(self.count):
                if slot_name(number) not in self.held:
                    return Place(self, owner, slot_name(number))
            await asyncio.sleep(_LOOK_SECONDS)

    def let_go(self, owner: object) -> None:
        """That process is dead: its connection is closed, and its locks are free."""
        self.held = {name: each for name, each in self.held.items() if each is not owner}
        self.things = {what: each for what, each in self.things.items() if each[0] is not owner}


class OnlyPlace(FileSlot):
    """The place at a database that no other process knows of."""

    def __init__(self) -> None:
        """There is no file to lock."""

    def release(self) -> None:
        """There is nothing to let go."""


class Place(OnlyPlace):
    """One of several. Whoever waits for an answer of the server lets others go on meanwhile."""

    def __init__(self, places: Places, owner: object, name: str) -> None:
        self._places = places
        self._owner = owner
        self.name = name
        places.held[name] = owner

    async def confirm(self) -> None:
        await asyncio.to_thread(lambda: None)

    async def take(self, what: str) -> bool:
        def take() -> bool:
            owner, times = self._places.things.get(what, (self._owner, 0))
            if owner is not self._owner:
                return False
            self._places.things[what] = owner, times + 1
            return True

        return await asyncio.to_thread(take)

    async def give_back(self, what: str) -> None:
        def give_back() -> None:
            owner, times = self._places.things.pop(what)
            if times > 1:
                self._places.things[what] = owner, times - 1

        await asyncio.to_thread(give_back)

    async def borrow(self, name: str) -> bool:
        def borrow() -> bool:
            return self._places.held.setdefault(name, self._owner) is self._owner

        return await asyncio.to_thread(borrow)

    async def return_(self, name: str) -> None:
        await asyncio.to_thread(lambda: self._places.held.pop(name))
