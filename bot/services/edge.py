"""The CDN in front of the guests' pages."""

from typing import Any

from bot.services.aws import AwsClient
from bot.services.ids import spellings
from bot.services.ports import Invalidation, Secrets

_COMPLETED = "Completed"


class CloudFrontEdge:
    """A CloudFront distribution.

    Args:
        cloudfront: a client in the guest site's account.
        secrets: where the distribution's id is resolved.
        distribution_id: its reference.
        patterns: the paths under which a page can be cached; each holds "{slug}".
    """

    def __init__(
        self,
        cloudfront: AwsClient,
        secrets: Secrets,
        *,
        distribution_id: str,
        patterns: tuple[str, ...] = ("/g/{slug}", "/g/{slug}.html"),
    ) -> None:
        self._cloudfront = cloudfront
        self._secrets = secrets
        self._distribution_id = distribution_id
        self._patterns = patterns

    def paths(self, booking_id: str) -> tuple[str, ...]:
        """Every path of a booking's page, in both spellings."""
        slugs = spellings(booking_id)
        return tuple(p.replace("{slug}", slug) for slug in slugs for p in self._patterns)

    async def invalidate(self, paths: tuple[str, ...], reference: str) -> Invalidation:
        """Forget `paths`; CloudFront makes one invalidation of the same reference and paths."""
        return await self._ask(
            "create_invalidation",
            InvalidationBatch={
                "Paths": {"Quantity": len(paths), "Items": list(paths)},
                "CallerReference": reference,
            },
        )

    async def status(self, invalidation_id: str) -> Invalidation:
        """How far an invalidation is."""
        return await self._ask("get_invalidation", Id=invalidation_id)

    async def _ask(self, operation: str, **parameters: Any) -> Invalidation:
        answer = await self._cloudfront.call(
            operation,
            idempotent=True,
            about="the guest site's distribution",
            DistributionId=await self._secrets.get(self._distribution_id),
            **parameters,
        )
        found = answer["Invalidation"]
        return Invalidation(found["Id"], found["Status"] == _COMPLETED)
