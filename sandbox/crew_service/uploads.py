"""Where a photograph may be uploaded to, signed for exactly that file."""

import asyncio
import re
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

from botocore.exceptions import ClientError
from pydantic import BaseModel, Field, ValidationError

from sandbox.aws.accounts import GUEST_BUCKET

_VALID_SECONDS = 600
_LARGEST = 15 * 1024 * 1024
_REASONS = {"file_size": "size", "mime_type": "type"}
_REFUSED = {
    "size": "A photo may be up to 15 MB, and not empty.",
    "type": "Only JPEG, PNG, WebP and HEIC photos are taken.",
    "invalid": "This file cannot be uploaded.",
}


class Photo(BaseModel):
    """A file that somebody wants to upload."""

    file_name: str = Field(min_length=1, max_length=200)
    file_size: int = Field(ge=1, le=_LARGEST)
    mime_type: Literal["image/jpeg", "image/png", "image/webp", "image/heic"]

    def key(self, folder: str) -> str:
        """A fresh object key in a folder of the uploads."""
        safe = re.sub(r"[^A-Za-z0-9.-]+", "-", self.file_name)[-80:]
        return f"uploads/{folder}/{uuid4().hex}-{safe}"


class Upload(Photo):
    """What the guest's page asks for."""

    booking_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,32}$")


def refused(error: ValidationError) -> dict[str, str]:
    """What to tell whoever asked for an upload that is not signed."""
    faults = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
    reason = _REASONS[faults.pop()] if len(faults) == 1 and faults <= set(_REASONS) else "invalid"
    return {"message": _REFUSED[reason], "reason": reason}


class Uploads:
    """Signs with the keys of a user who may upload, and look at what crew uploaded."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    @property
    def origin(self) -> str:
        """Where browsers upload to."""
        parts = urlsplit(self._s3.meta.endpoint_url)
        return f"{parts.scheme}://{parts.netloc}"

    async def sign(self, photo: Photo, key: str, how: Literal["post", "put"]) -> dict[str, Any]:
        """A form for a browser, or a URL to PUT to, as the deployment has it."""
        return await (self._post if how == "post" else self._put)(photo, key)

    async def size(self, key: str) -> int | None:
        """How large an uploaded object is, in bytes; None if it is not there."""
        try:
            answer = await asyncio.to_thread(self._s3.head_object, Bucket=GUEST_BUCKET, Key=key)
        except ClientError as error:
            # Without leave to list the bucket, what is missing is forbidden.
            if error.response["Error"]["Code"] in {"403", "404", "NoSuchKey", "AccessDenied"}:
                return None
            raise
        return int(answer["ContentLength"])

    async def _post(self, photo: Photo, key: str) -> dict[str, Any]:
        """S3 holds the form to key, type and size."""
        answer: dict[str, Any] = await asyncio.to_thread(
            self._s3.generate_presigned_post,
            Bucket=GUEST_BUCKET,
            Key=key,
            Fields={"Content-Type": photo.mime_type},
            Conditions=[
                {"Content-Type": photo.mime_type},
                ["content-length-range", 1, photo.file_size],
            ],
            ExpiresIn=_VALID_SECONDS,
        )
        return {"url": answer["url"], "fields": answer["fields"]}

    async def _put(self, photo: Photo, key: str) -> dict[str, Any]:
        url = await asyncio.to_thread(
            self._s3.generate_presigned_url,
            "put_object",
            Params={
                "Bucket": GUEST_BUCKET,
                "Key": key,
                "ContentType": photo.mime_type,
                "ContentLength": photo.file_size,
            },
            ExpiresIn=_VALID_SECONDS,
        )
        return {"url": url}
