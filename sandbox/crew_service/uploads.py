"""Where a guest's photograph may be uploaded to, signed for exactly that file."""

import asyncio
import re
from typing import Any, Literal
from uuid import uuid4

from pydantic import BaseModel, Field

from sandbox.aws.accounts import GUEST_BUCKET

_VALID_SECONDS = 600
_LARGEST = 15 * 1024 * 1024


class Upload(BaseModel):
    """What the guest's page asks for."""

    booking_id: str = Field(pattern=r"^[A-Za-z0-9]{1,32}$")
    file_name: str = Field(min_length=1, max_length=200)
    file_size: int = Field(ge=1, le=_LARGEST)
    mime_type: Literal["image/jpeg", "image/png", "image/webp", "image/heic"]

    @property
    def key(self) -> str:
        """A fresh object key."""
        safe = re.sub(r"[^A-Za-z0-9.-]+", "-", self.file_name)[-80:]
        return f"uploads/{self.booking_id.lower()}/{uuid4().hex}-{safe}"


class Uploads:
    """Signs with the keys of a user who may do nothing but upload."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    async def post(self, upload: Upload) -> dict[str, Any]:
        """A form for a browser; S3 holds it to key, type and size."""
        answer: dict[str, Any] = await asyncio.to_thread(
            self._s3.generate_presigned_post,
            Bucket=GUEST_BUCKET,
            Key=upload.key,
            Fields={"Content-Type": upload.mime_type},
            Conditions=[
                {"Content-Type": upload.mime_type},
                ["content-length-range", 1, upload.file_size],
            ],
            ExpiresIn=_VALID_SECONDS,
        )
        return {"url": answer["url"], "fields": answer["fields"]}

    async def put(self, upload: Upload) -> dict[str, Any]:
        """A URL to PUT to, as other deployments have it."""
        url = await asyncio.to_thread(
            self._s3.generate_presigned_url,
            "put_object",
            Params={
                "Bucket": GUEST_BUCKET,
                "Key": upload.key,
                "ContentType": upload.mime_type,
                "ContentLength": upload.file_size,
            },
            ExpiresIn=_VALID_SECONDS,
        )
        return {"url": url}
