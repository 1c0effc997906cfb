"""Every secret that charter.toml refers to."""

import asyncio

from bot.doctor.check import Check
from bot.doctor.world import World
from bot.domain.errors import ServiceError


async def secrets(world: World) -> list[Check]:
    """Whether each can be had, asked of its home; no value is looked at."""
    references = world.settings.secret_references()
    return list(
        await asyncio.gather(*(_secret(world, key, ref) for key, ref in references.items()))
    )


async def _secret(world: World, key: str, reference: str) -> Check:
    name = f"Secret {key}"
    try:
        await world.secrets.get(reference, fresh=True)
    except ServiceError as error:
        return Check.failure(name, error.what, error.hint)
    return Check.well(name, f"{reference.partition('#')[0]} holds it.")
