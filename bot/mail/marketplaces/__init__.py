"""The marketplaces whose mail is understood, asked in this order.

Those of `STRUCTURED` read what a mail says for machines, whoever sent it, and nothing else.
"""

from bot.mail.marketplaces.base import Marketplace
from bot.mail.marketplaces.boatsetter import Boatsetter
from bot.mail.marketplaces.calendar import ICalendar
from bot.mail.marketplaces.getmyboat import GetMyBoat
from bot.mail.marketplaces.schema_org import SchemaOrg
from bot.mail.marketplaces.viator import Viator

MARKETPLACES: tuple[Marketplace, ...] = (
    Boatsetter(),  # one a line
    GetMyBoat(),
    Viator(),
)
STRUCTURED: tuple[Marketplace, ...] = (
    SchemaOrg(),
    ICalendar(),
)
