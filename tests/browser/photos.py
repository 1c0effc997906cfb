"""Photographs for uploads: real files of their kind, of any size and no two the same."""

from base64 import b64decode
from hashlib import sha256
from pathlib import Path

# The smallest JPEG that every browser shows: one grey pixel.
_JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJ"
    "DRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
)


def jpeg(size: int, seed: str) -> bytes:
    """A JPEG of `size` bytes; what follows its end is noise that comes from the seed."""
    noise, block = b"", seed.encode()
    while len(noise) < size:
        block = sha256(block).digest()
        noise += block
    return _JPEG + noise[: size - len(_JPEG)]


def photo(folder: Path, name: str, size: int) -> Path:
    path = folder / name
    path.write_bytes(jpeg(size, f"{folder} {name}"))
    return path
