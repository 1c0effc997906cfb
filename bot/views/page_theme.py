"""How the guests' pages look: the house's name, its colours made readable, and pictures."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from bot.domain.picture import Picture
from bot.views.colours import WHITE, Colour, darkened, lightened

_PAPER, _CARD = Colour.of("#f7f4ec"), WHITE
_NIGHT, _CARD_BY_NIGHT = Colour.of("#0b151b"), Colour.of("#14232c")
_TINTED, _TINTED_BY_NIGHT = 0.92, 0.84
_AT_NIGHT = 0.62
_EASY = 7.0  # the head is read in the sun, and what is light on dark at night


@dataclass(frozen=True)
class Theme:
    """A deployment's look.

    Attributes:
        name: whose pages they are; "" is the public host's name.
        accent: the one colour, "#rrggbb"; it is darkened or lightened until text in it can be read.
        accent_dark: the same for readers who like it dark; "" makes it of `accent`.
        picture: shown at the head of every page.
        alt: what the picture shows, for those who do not see it; "" is the boat's name.
        pictures: a boat's own, by its name.
    """

    name: str = ""
    accent: str = "#0d5468"
    accent_dark: str = ""
    picture: Picture | None = None
    alt: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    def style(self) -> str:
        """The custom properties of both schemes."""
        light, dark = self._light(), self._dark()
        at_night = _rule(dark)
        return f"{_rule(light)}\n@media (prefers-color-scheme:dark){{{at_night}}}\n"

    def head_colours(self) -> tuple[str, str]:
        """The colour of the page's head by day and by night, for the browser's own frame."""
        return self._light()["head"], self._dark()["head"]

    def icon(self) -> str:
        """A small sail in the accent, as a data URL: without one, browsers ask the site for it."""
        fill = self._light()["accent"]
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
            f'<path fill="{fill}" d="M8 1v10H2zM9 4l5 7H9zM1 12h14l-3 3H4z"/></svg>'
        )
        return f"data:image/svg+xml,{quote(drawing)}"

    def picture_of(self, boat: str) -> str:
        """The picture's data URL, or ""."""
        picture = self.pictures.get(boat, self.picture)
        if picture is None:
            return ""
        return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"

    def _light(self) -> dict[str, str]:
        chosen = Colour.of(self.accent)
        tint = chosen.mixed(WHITE, _TINTED)
        return _named(
            accent=darkened(chosen, _PAPER, _CARD, tint),
            on_accent=WHITE,
            tint=tint,
            head=darkened(chosen, WHITE, least=_EASY),
        )

    def _dark(self) -> dict[str, str]:
        chosen = Colour.of(self.accent_dark or self.accent)
        tint = chosen.mixed(_CARD_BY_NIGHT, _TINTED_BY_NIGHT)
        return _named(
            accent=lightened(chosen, _NIGHT, _CARD_BY_NIGHT, tint, least=_EASY),
            on_accent=_NIGHT,
            tint=tint,
            head=darkened(chosen.mixed(_NIGHT, _AT_NIGHT), WHITE, least=_EASY),
        )


def _named(**colours: Colour) -> dict[str, str]:
    return {name.replace("_", "-"): str(colour) for name, colour in colours.items()}


def _rule(colours: Mapping[str, str]) -> str:
    return f":root{{{';'.join(f'--{name}:{value}' for name, value in colours.items())}}}"
