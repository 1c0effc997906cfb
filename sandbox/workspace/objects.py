"""What lies in the buckets, and where the public finds it."""

import asyncio
from typing import Any

from sandbox.aws.accounts import BOT_ACCOUNT, GUEST_ACCOUNT, GUEST_BUCKET, HOUSE_BUCKET
from sandbox.aws.admin import Admin

Json = dict[str, Any]
OWNERS = {GUEST_BUCKET: GUEST_ACCOUNT, HOUSE_BUCKET: BOT_ACCOUNT}


class Objects:
    """Both buckets. `edge_url`: where the public reads the guest pages."""

    def __init__(self, admin: Admin, edge_url: str) -> None:
        self._admin = admin
        self._edge_url = edge_url
        self._types: dict[tuple[str, str, str], str] = {}

    async def described(self) -> list[Json]:
        """The guest site's first, then the house's, by key."""
        found = await asyncio.gather(*(asyncio.to_thread(self._of, each) for each in OWNERS))
        return [item for items in found for item in items]

    def _of(self, bucket: str) -> list[Json]:
        listed = self._s3(bucket).list_objects_v2(Bucket=bucket).get("Contents", [])
        return [
            {
                "bucket": bucket,
                "key": (key := each["Key"]),
                "size": each["Size"],
                "type": self._type(bucket, key, each["ETag"]),
                "modified": each["LastModified"].isoformat(),
                "etag": each["ETag"].strip('"'),
                "url": self._url(bucket, key),
            }
            for each in listed
        ]

    def _type(self, bucket: str, key: str, etag: str) -> str:
        """Asked once for each version, since a listing does not tell it."""
        known = (bucket, key, etag)
        if known not in self._types:
            s3 = self._s3(bucket)
            try:
                self._types[known] = s3.head_object(Bucket=bucket, Key=key)["ContentType"]
            except s3.exceptions.ClientError:  # deleted meanwhile
                return ""
        return self._types[known]

    def _url(self, bucket: str, key: str) -> str | None:
        if bucket != GUEST_BUCKET or not key.startswith("g/") or not key.endswith(".html"):
            return None
        return f"{self._edge_url}/{key.removesuffix('.html')}"

    def _s3(self, bucket: str) -> Any:
        return self._admin.client("s3", OWNERS[bucket])
