"""The guests' pages: where they live, what they tell, how they look."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core.core_schema import ValidationInfo

from bot.domain.frozen import Frozen
from bot.domain.picture import LARGEST_BYTES, Picture
from bot.settings.values import (
    Colour,
    ColourOrNone,
    Flag,
    ObjectKey,
    PublicUrl,
    RoleArn,
    SecretReference,
    Text,
    Url,
)

_LARGEST_MB = 100  # more than a phone's camera makes, and than anybody uploads from a dock


def _picture(name: object, info: ValidationInfo) -> Picture | None:
    """The picture in the file `name`, beside the settings; "" is none."""
    if not isinstance(name, str):
        raise ValueError('must be the name of a file, or ""')  # noqa: TRY004 - pydantic reports ValueErrors
    if not name:
        return None
    folder: Path = (info.context or {}).get("folder", Path())
    try:
        with (folder / name).open("rb") as file:
            content = file.read(LARGEST_BYTES * 100)
    except (OSError, ValueError):
        raise ValueError("is no file that can be read (its place counts from this file)") from None
    return Picture.of(content)


def _checklist(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return tuple(value)
    raise ValueError("must be true, false, or a list of lines for guests to read")


PictureFile = Annotated[Picture | None, BeforeValidator(_picture)]
Checklist = Annotated[bool | tuple[str, ...], BeforeValidator(_checklist)]


class ThemeSettings(Frozen):
    """The look. Colours that could not be read are darkened or lightened until they can."""

    name: str = ""
    accent: Colour = "#0d5468"
    accent_dark: ColourOrNone = ""
    picture: PictureFile = None
    picture_alt: str = ""


class GuestPagesSettings(Frozen):
    """Where guests' pages are stored, cached and seen, and what they say.

    `photo_grace_hours` after the charter; `checklist`: the charter's crew tasks, or a list instead;
    `pictures`: a boat's own, by its name.
    """

    bucket: Text
    key: ObjectKey = "g/{slug}.html"
    case_alias: Flag = True
    public_url: PublicUrl
    distribution_id: SecretReference
    presign_url: Url
    photo_grace_hours: int = Field(default=24, ge=0)
    photo_limit_mb: int = Field(default=15, ge=1, le=_LARGEST_MB)
    role_arn: RoleArn = ""
    contact: str = ""
    bring: tuple[Text, ...] | None = None
    house_rules: tuple[Text, ...] | None = None
    checklist: Checklist = False
    theme: ThemeSettings = ThemeSettings()
    pictures: Mapping[str, PictureFile] = {}
