"""What the doctor finds."""

from enum import StrEnum
from typing import Self

from bot.domain.frozen import Frozen


class Level(StrEnum):
    """How well a thing is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(Frozen):
    """One thing that was looked at: what was found, and what to do where something is wrong."""

    name: str
    level: Level
    what: str
    hint: str = ""

    @property
    def ok(self) -> bool:
        """Whether the bot can work with it; a warning does not stop it."""
        return self.level is not Level.FAIL

    @classmethod
    def well(cls, name: str, what: str) -> Self:
        """As it should be."""
        return cls(name=name, level=Level.OK, what=what)

    @classmethod
    def warning(cls, name: str, what: str, hint: str) -> Self:
        """Working, but a person should look at it."""
        return cls(name=name, level=Level.WARN, what=what, hint=hint)

    @classmethod
    def failure(cls, name: str, what: str, hint: str) -> Self:
        """Not working."""
        return cls(name=name, level=Level.FAIL, what=what, hint=hint)
