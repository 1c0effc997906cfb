"""Everything the doctor looks at, in the order of the report. A new check is one line here."""

from collections.abc import Awaitable, Callable

from bot.doctor import clock, crew_service, database, mail, pages, secrets, slack
from bot.doctor.check import Check
from bot.doctor.world import World

Probe = Callable[[World], Awaitable[list[Check]]]

# The name stands for what a probe would have said, where it could not finish.
PROBES: tuple[tuple[str, Probe], ...] = (
    ("Slack bot token", slack.bot_token),
    ("Slack app token", slack.app_token),
    ("Slack channel", slack.channel),
    ("Operators", slack.operators),
    ("Database", database.database),
    ("Engine", database.engine),
    ("Secrets", secrets.secrets),
    ("Calendar", crew_service.calendar),
    ("Calendar table", crew_service.calendar_table),
    ("Crew service", crew_service.crew_service),
    ("Crew table", crew_service.crew_table),
    ("SERVICE_KEY_HASH", crew_service.service_key),
    ("Guest pages", pages.pages),
    ("Mail sender", mail.sender),
    ("Mail account", mail.account),
    ("Clock", clock.clock),
)
