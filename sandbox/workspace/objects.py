"""What lies in the buckets, and where the public finds it."""

import asyncio
from collections.abc import Iterator
from typing import Any

from sandbox.aws.accounts import BOT_ACCOUNT, GUEST_ACCOUNT, GUEST_BUCKET, HOUSE_BUCKET
from sandbox.aws.admin import Admin

Json = dict[str, Any]
OWNERS = {GUEST_BUCKET: GUEST_ACCOUNT, HOUSE_BUCKET: BOT_ACCOUNT}


def listed(s3: Any, bucket: str, prefix: str = "") -> Iterator[Json]:
    """Every object of a bucket, or those whose key begins so, as S3 lists a thousand at a time."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from page.get("Contents", [])


def emptied(s3: Any, bucket: str) -> None:
    """Delete every object of a bucket."""
    for found in list(listed(s3, bucket)):
        s3.delete_object(Bucket=bucket, Key=found["Key"])


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
            for each in listed(self._s3(bucket), bucket)
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
