"""Checks every outside thing, and says what to do about each failure."""

from bot.doctor.check import Check, Level
from bot.doctor.examine import examine
from bot.doctor.world import World

__all__ = ["Check", "Level", "World", "examine"]
