"""Runs all checks at once; one that fails or hangs never stops another."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from bot.doctor.check import Check
from bot.doctor.registry import PROBES, Probe
from bot.doctor.world import World
from bot.domain.errors import ServiceError

PATIENCE_SECONDS = 25.0
log = structlog.get_logger()


async def examine(
    world: World,
    *,
    report: Callable[[Check], None] = lambda _: None,
    probes: Sequence[tuple[str, Probe]] = PROBES,
    patience_seconds: float = PATIENCE_SECONDS,
) -> tuple[Check, ...]:
    """Every check in the order of the registry; `report` is told each as soon as it is known."""

    async def one(name: str, probe: Probe) -> list[Check]:
        found = await _examined(name, probe, world, patience_seconds)
        for check in found:
            report(check)
        return found

    groups = await asyncio.gather(*(one(name, probe) for name, probe in probes))
    return tuple(check for group in groups for check in group)


async def _examined(name: str, probe: Probe, world: World, patience: float) -> list[Check]:
    try:
        async with asyncio.timeout(patience):
            return await probe(world)
    except ServiceError as error:
        return [Check.failure(name, error.what, error.hint or "Try again in a minute.")]
    except TimeoutError:
        return [
            Check.failure(
                name,
                f"No answer came within {patience:.0f} s.",
                "Check the network and any firewall between, then try again.",
            )
        ]
    except Exception as error:
        # A fault of one check must not hide what the others found.
        log.exception("check_failed", check=name)
        return [
            Check.failure(
                name,
                f"The check itself failed ({type(error).__name__}).",
                "Please report it with the line that the log has about it.",
            )
        ]
