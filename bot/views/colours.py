"""Colours that can be read: WCAG's contrast, and the nearest shade of a colour that has enough."""

import colorsys
from typing import NamedTuple

ENOUGH = 4.5  # WCAG 2.2 AA for text of any size
_STEPS = 100
_CALMER = 0.65  # of the saturation: light on dark glares otherwise


class Colour(NamedTuple):
    """Red, green and blue, 0 to 255 each."""

    red: int
    green: int
    blue: int

    @classmethod
    def of(cls, text: str) -> "Colour":
        """From "#0d5468"."""
        return cls(*bytes.fromhex(text.removeprefix("#")))

    def __str__(self) -> str:
        """As a style sheet writes it; decimal and apart, so that it never looks like an amount."""
        return f"rgb({self.red} {self.green} {self.blue})"

    def mixed(self, other: "Colour", part: float) -> "Colour":
        """This colour with `part` (0 to 1) of another in it."""
        pairs = zip(self, other, strict=True)
        return Colour(*(round(mine + (its - mine) * part) for mine, its in pairs))


WHITE = Colour(255, 255, 255)


def contrast(one: Colour, other: Colour) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def darkened(colour: Colour, *grounds: Colour, least: float = ENOUGH) -> Colour:
    """The shade nearest to `colour` that can be read on each of the `grounds`, all of them light.

    `least`: the contrast, at most what black has.
    """
    return _shade(colour, grounds, least, black_or_white=0)


def lightened(colour: Colour, *grounds: Colour, least: float = ENOUGH) -> Colour:
    """Likewise on dark grounds, towards white, and a little calmer."""
    return _shade(colour, grounds, least, black_or_white=1, calm=_CALMER)


def _shade(
    colour: Colour,
    grounds: tuple[Colour, ...],
    least: float,
    *,
    black_or_white: int,
    calm: float = 1,
) -> Colour:
    """The hue stays and the lightness moves, so that teal does not turn grey."""
    hue, own, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    lightnesses = (own + (black_or_white - own) * step / _STEPS for step in range(_STEPS + 1))
    shades = (_from_hls(hue, lightness, saturation * calm) for lightness in lightnesses)
    return next(s for s in shades if all(contrast(s, ground) >= least for ground in grounds))


def _from_hls(hue: float, lightness: float, saturation: float) -> Colour:
    return Colour(*(round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, saturation)))


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
