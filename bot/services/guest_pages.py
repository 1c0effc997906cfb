"""The bucket that holds the guests' pages."""

import base64
import hashlib

from bot.services.aws import AnsweredCodeError, AwsClient
from bot.services.ids import spellings

_ABSENT = frozenset({"NoSuchKey"})


class S3GuestPages:
    """Guests' pages as S3 objects.

    Args:
        s3: a client in the guest site's account.
        bucket: its name.
        key: an object's key; holds "{slug}", the booking id in lower case.
        case_alias: whether a second object stands under the capitals, because S3's keys are
            case-sensitive and people type both.
        cache_control: how long browsers and the edge may keep a page.
    """

    def __init__(
        self,
        s3: AwsClient,
        *,
        bucket: str,
        key: str,
        case_alias: bool,
        cache_control: str = "public, max-age=60, s-maxage=86400",
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._key = key
        self._case_alias = case_alias
        self._cache_control = cache_control

    def keys(self, booking_id: str) -> tuple[str, ...]:
        """The object keys of a booking's page: the lower-case one first, then its alias."""
        slugs = spellings(booking_id) if self._case_alias else spellings(booking_id)[:1]
        return tuple(self._key.replace("{slug}", slug) for slug in slugs)

    async def get(self, key: str) -> bytes | None:
        """The object's bytes, or None if there is none.

        S3 says "not there" only to a role that may list the bucket, and else "access denied".
        """
        try:
            answer = await self._s3.call(
                "get_object",
                idempotent=True,
                about=f"pages in the bucket {self._bucket} (s3:ListBucket is needed as well, to "
                "tell a missing page from a forbidden one)",
                passing=_ABSENT,
                Bucket=self._bucket,
                Key=key,
            )
        except AnsweredCodeError:
            return None
        body: bytes = answer["Body"]
        return body

    async def put(self, key: str, body: bytes) -> None:
        """Store the page; S3 refuses bytes that were altered on the way."""
        digest = hashlib.md5(body, usedforsecurity=False).digest()
        await self._s3.call(
            "put_object",
            idempotent=True,
            about=f"the bucket {self._bucket}",
            Bucket=self._bucket,
            Key=key,
            Body=body,
            ContentType="text/html; charset=utf-8",
            CacheControl=self._cache_control,
            ContentMD5=base64.b64encode(digest).decode(),
        )
