"""The crew service and the calendar: keys, tables, and a question asked of each."""

import hashlib

from bot.doctor.check import Check
from bot.doctor.world import World
from bot.settings import JadaCalendarSettings

# A booking id that no marketplace gives; it is asked for, and never made.
NOBODYS = "zzdoctor"


async def calendar(world: World) -> list[Check]:
    """Whether the calendar answers, and takes the bot's credential."""
    await world.calendar.find(NOBODYS)
    return [Check.well("Calendar", "It answers, and takes the credential.")]


async def calendar_table(world: World) -> list[Check]:
    """Whether the table behind the calendar can be read, where there is one."""
    calendar = world.settings.calendar
    if not isinstance(calendar, JadaCalendarSettings):
        return []
    return [await _table(world, "Calendar table", calendar.table, "")]


async def crew_service(world: World) -> list[Check]:
    """Whether the crew service answers, and takes the bot's key."""
    await world.crew_service.find(NOBODYS)
    return [Check.well("Crew service", "It answers, and takes the key.")]


async def crew_table(world: World) -> list[Check]:
    """Whether the table of crew events can be read."""
    crew = world.settings.crew_service
    return [await _table(world, "Crew table", crew.table, crew.role_arn)]


async def service_key(world: World) -> list[Check]:
    """Whether the crew service's Lambda knows the very key that the bot has."""
    name, crew = "SERVICE_KEY_HASH", world.settings.crew_service
    answer = await world.aws(
        "lambda",
        "get_function_configuration",
        role_arn=crew.role_arn,
        about=f"the function {crew.function}",
        FunctionName=crew.function,
    )
    known = str(answer.get("Environment", {}).get("Variables", {}).get("SERVICE_KEY_HASH", ""))
    wanted = hashlib.sha256((await world.secrets.get(crew.key)).encode()).hexdigest()
    remedy = (
        f"Set it on the function {crew.function} to the SHA-256 of the service key: "
        'printf %s "$KEY" | sha256sum. Set every other variable again in the same command, '
        "because AWS replaces them all."
    )
    if not known:
        return [Check.failure(name, f"{crew.function} has none, so no call is let in.", remedy)]
    if known.strip().lower() != wanted:
        return [Check.failure(name, f"{crew.function} knows another key than the bot's.", remedy)]
    return [Check.well(name, f"{crew.function} knows the bot's key.")]


async def _table(world: World, name: str, table: str, role_arn: str) -> Check:
    answer = await world.aws(
        "dynamodb",
        "describe_table",
        role_arn=role_arn,
        about=f"the table {table}",
        TableName=table,
    )
    state = answer["Table"].get("TableStatus", "ACTIVE")
    if state not in {"ACTIVE", "UPDATING"}:
        return Check.failure(name, f"{table} is {state.lower()}.", "Wait, or restore the table.")
    return Check.well(name, f"{table} can be read.")
