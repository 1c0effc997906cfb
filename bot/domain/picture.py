import re
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field

from bot.domain.frozen import Frozen

MediaType = Literal["image/jpeg", "image/png", "image/webp"]
LARGEST_BYTES = 300 * 1024

_IN_A_PAGE = re.compile(rb' src="data:image/[a-z]+;base64,[^"]*"')
_BEGINNINGS: Mapping[MediaType, tuple[bytes, bytes]] = {
    "image/jpeg": (b"\xff\xd8\xff", b""),
    "image/png": (b"\x89PNG\r\n\x1a\n", b""),
    "image/webp": (b"RIFF", b"WEBP"),
}


class Picture(Frozen):
    """A boat's picture as it is put into the guests' pages: small, and of a type known to all."""

    media_type: MediaType
    content: bytes = Field(repr=False)

    @classmethod
    def of(cls, content: bytes) -> Self:
        """The picture in a file, whatever the file's name says.

        Raises:
            ValueError: with the words for whoever chose the file.
        """
        media_type = _type_of(content)
        if media_type is None:
            raise ValueError("is no JPEG, PNG or WebP picture")
        if len(content) > LARGEST_BYTES:
            raise ValueError(
                f"is a picture of {-(-len(content) // 1024)} KB; every guest's page holds it, so "
                f"it may have {LARGEST_BYTES // 1024} KB at most (try 1200 pixels across)"
            )
        return cls(media_type=media_type, content=content)


def _type_of(content: bytes) -> MediaType | None:
    for media_type, (first, third) in _BEGINNINGS.items():
        if content.startswith(first) and content[8 : 8 + len(third)] == third:
            return media_type
    return None


def without_pictures(page: bytes) -> bytes:
    """A page without the bytes of its pictures, for who looks at its words alone.

    No text can pass for a picture: a template escapes the quotation marks.
    """
    return _IN_A_PAGE.sub(b"", page)
