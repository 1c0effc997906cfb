"""The marketplaces whose mail is understood, asked in this order."""

from bot.mail.marketplaces.base import Marketplace
from bot.mail.marketplaces.boatsetter import Boatsetter

MARKETPLACES: tuple[Marketplace, ...] = (
    Boatsetter(),  # one a line
)
