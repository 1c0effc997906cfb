"""What the doctor looks with: wiring's other half."""

from collections.abc import Callable
from functools import partial

from bot.doctor.check import Check
from bot.doctor.examine import examine
from bot.doctor.world import World
from bot.engine_questions import pending_elsewhere, places
from bot.redaction import Redactor
from bot.services.doctor import AwsDoor, SlackDoor
from bot.settings import Settings
from bot.wiring import House, Outside, database_url, slack_client, utc_now


async def checks(
    settings: Settings,
    report: Callable[[Check], None] = lambda _: None,
    *,
    house: House | None = None,
) -> tuple[Check, ...]:
    """Every check of the doctor, with a running bot's own clients or with clients for this once.

    `report` is told each check as soon as it is known.
    """
    environment = settings.environment
    outside = house.outside if house else Outside(settings, Redactor())
    url = database_url(environment)
    token = environment.slack_app_token.get_secret_value()
    steps = outside.steps
    world = World(
        settings=settings,
        slack=SlackDoor(slack_client(environment), app_token=token),
        aws=AwsDoor(outside.aws),
        secrets=outside.secrets,
        calendar=steps.calendar,
        crew_service=steps.crew_service,
        guest_pages=steps.guest_pages,
        public_site=steps.public_site,
        pending_elsewhere=partial(pending_elsewhere, url),
        places=partial(places, url),
        now=utc_now,
    )
    try:
        return await examine(world, report=report)
    finally:
        if house is None:
            await outside.close()
