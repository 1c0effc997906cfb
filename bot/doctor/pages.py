"""The guests' pages, all the way: a page of the doctor's own is stored and fetched as the public.

That shows what a guest will see, with no right that the bot does not need anyway. It cannot show
why a spelling fails; the distribution is asked for that.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.doctor.check import Check
from bot.doctor.crew_service import NOBODYS
from bot.doctor.world import World
from bot.domain.errors import ServiceError

PAGE = (
    b'<!doctype html><html lang="en"><meta charset="utf-8">'
    b'<meta name="robots" content="noindex"><title>Nothing here</title>'
    b"<p>This page only shows that guests' pages can be reached.</p></html>\n"
)


async def pages(world: World) -> list[Check]:
    """The bucket, then both public spellings."""
    for key in world.guest_pages.keys(NOBODYS):
        if await world.guest_pages.get(key) != PAGE:
            await world.guest_pages.put(key, PAGE)
    stored = Check.well(
        "Bucket", f"{world.settings.guest_pages.bucket} takes pages and gives them back."
    )
    return [stored, *[await _spelling(world, url) for url in world.public_site.urls(NOBODYS)]]


async def _spelling(world: World, url: str) -> Check:
    name = f"Public page {url.rsplit('/', 1)[-1]}"
    try:
        seen = await world.public_site.fetch(url)
    except ServiceError as error:
        return Check.failure(name, error.what, await _why(world))
    if seen != PAGE:
        return Check.failure(name, f"{url} shows something else.", await _why(world))
    return Check.well(name, "The public sees what was stored.")


async def _why(world: World) -> str:
    remedy = "compare it with deploy/cloudfront/rewrite.js, then invalidate /g/*."
    try:
        attached = sorted(set(_functions(await _distribution(world))))
    except ServiceError as error:
        return f"Check the rewriting of /g/ at the edge: {remedy} ({error.what})"
    if not attached:
        return (
            "The distribution rewrites nothing: attach deploy/cloudfront/rewrite.js to it as a "
            "viewer-request function."
        )
    return f"The distribution runs {', '.join(attached)}: {remedy}"


async def _distribution(world: World) -> Mapping[str, Any]:
    pages = world.settings.guest_pages
    answer = await world.aws(
        "cloudfront",
        "get_distribution_config",
        role_arn=pages.role_arn,
        about="the guest site's distribution",
        Id=await world.secrets.get(pages.distribution_id),
    )
    config: Mapping[str, Any] = answer["DistributionConfig"]
    return config


def _functions(config: Mapping[str, Any]) -> Iterable[str]:
    """Names of the functions that see a request before the cache does."""
    behaviours = [
        config.get("DefaultCacheBehavior", {}),
        *(config.get("CacheBehaviors", {}).get("Items") or ()),
    ]
    for behaviour in behaviours:
        for item in behaviour.get("FunctionAssociations", {}).get("Items") or ():
            if item.get("EventType") == "viewer-request":
                yield str(item.get("FunctionARN", "")).rpartition("/")[2]
