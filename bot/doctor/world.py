"""All that the doctor can look at. Wiring makes it; the checks see nothing else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.places import Places
from bot.services.doctor_ports import AskAws, AskSlack
from bot.services.ports import Calendar, CrewService, GuestPages, PublicSite, Secrets
from bot.settings import Settings


@dataclass(frozen=True)
class World:
    """The outside world, and where the bot keeps its own.

    `pending_elsewhere` counts jobs; `places` is None where one bot works on a file.
    """

    settings: Settings
    slack: AskSlack
    aws: AskAws
    secrets: Secrets
    calendar: Calendar
    crew_service: CrewService
    guest_pages: GuestPages
    public_site: PublicSite
    pending_elsewhere: Callable[[], Awaitable[int]]
    places: Callable[[], Awaitable[Places | None]]
    now: Callable[[], datetime]
