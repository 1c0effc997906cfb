"""What a deployment decides of the guests' pages: colours, pictures, words; and the sad one."""

import base64
import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from page_parsed import Page

from bot.domain.picture import LARGEST_BYTES, Picture, without_pictures
from bot.views.colours import Colour, contrast
from bot.views.guest_page import House
from bot.views.page_theme import Theme
from bot.views.templates import JinjaTemplates

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "


def page_of(charter, *, cancelled: bool = False, theme: Theme | None = None, **house) -> Page:
    templates = JinjaTemplates(
        public_url="https://queenofsandiego.com/g/{slug}",
        presign_url="https://crew.example/prod/g/presign",
        house=House(**house),
        theme=theme,
    )
    return Page(templates.guest_page(charter, cancelled=cancelled))


def colours(theme: Theme) -> Iterator[dict[str, Colour]]:
    """The custom properties by day, then by night."""
    for line in theme.style().splitlines():
        yield {
            name: Colour(*map(int, parts.split()))
            for name, parts in re.findall(r"--([a-z-]+):rgb\(([\d ]+)\)", line)
        }


shades = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(shades, shades | st.just(""))
@example("#ffffff", "")
@example("#000000", "#000000")
@example("#ffff00", "#0000ff")
def test_every_colour_becomes_one_that_can_be_read(accent: str, accent_dark: str) -> None:
    grounds = [("#f7f4ec", "#ffffff"), ("#0b151b", "#14232c")]
    found = colours(Theme(accent=accent, accent_dark=accent_dark))
    for colour, (paper, card) in zip(found, grounds, strict=True):
        for ground in (Colour.of(paper), Colour.of(card), colour["tint"], colour["on-accent"]):
            assert contrast(colour["accent"], ground) >= 4.5
        assert contrast(Colour(255, 255, 255), colour["head"]) >= 4.5


def test_black_on_white_is_the_most_there_is() -> None:
    assert contrast(Colour(0, 0, 0), Colour(255, 255, 255)) == pytest.approx(21)
    assert contrast(Colour.of("#777777"), Colour.of("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_a_readable_colour_is_left_as_it_was_chosen() -> None:
    light, _ = colours(Theme(accent="#0d5468"))
    assert light["accent"] == light["head"] == Colour.of("#0d5468")


def test_the_houses_name_and_colour_are_on_the_page(charter) -> None:
    page = page_of(charter, theme=Theme(name="Sail JADA", accent="#7a1f3d"))
    assert "Sail JADA" in page.words
    assert "--accent:rgb(122 31 61)" in page.inside("style")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")],
)
def test_a_picture_is_in_the_page_with_what_it_shows(charter, content, media_type) -> None:
    theme = Theme(picture=Picture.of(content), alt="JADA under full sail")
    (picture,) = page_of(charter, theme=theme).all("img")
    assert picture["src"] == f"data:{media_type};base64,{base64.b64encode(content).decode()}"
    assert picture["alt"] == "JADA under full sail"


def test_the_search_for_money_reads_all_of_a_page_but_its_picture(charter) -> None:
    hostile = charter.model_copy(update={"guest_name": ' src="data:image/png;base64,ODQwLjc1"'})
    pages = [
        JinjaTemplates(
            public_url="https://queenofsandiego.com/g/{slug}",
            presign_url="https://crew.example/prod/g/presign",
            theme=Theme(picture=picture, alt="JADA"),
        ).guest_page(hostile)
        for picture in (Picture.of(JPEG * 9000), Picture.of(PNG))
    ]
    searched = [without_pictures(page) for page in pages]
    assert searched[0] == searched[1]
    assert len(searched[0]) > len(pages[1]) - 100
    assert b"ODQwLjc1" in searched[0]


def test_a_boats_own_picture_goes_before_the_houses(charter) -> None:
    theme = Theme(picture=Picture.of(JPEG), pictures={"JADA": Picture.of(PNG)})
    (picture,) = page_of(charter, theme=theme).all("img")
    assert picture["src"].startswith("data:image/png;")
    assert picture["alt"] == "JADA"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MZ\x90\x00", "no JPEG, PNG or WebP"),
        (b"<svg onload='alert(1)'/>", "no JPEG, PNG or WebP"),
        (b"RIFF\x10\x00\x00\x00WAVE", "no JPEG, PNG or WebP"),
        (b"", "no JPEG, PNG or WebP"),
        (JPEG + bytes(LARGEST_BYTES), "301 KB"),
    ],
)
def test_what_cannot_be_a_pages_picture_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Picture.of(content)


def test_bring_rules_and_contact_are_the_houses_own(charter) -> None:
    page = page_of(charter, bring=("A <b>towel</b>",), rules=(), contact="+1 619 555 0100")
    assert "A <b>towel</b>" in page.words
    assert "House rules" not in page.words
    assert [a["href"] for a in page.all("a") if a["href"].startswith("tel:")] == [
        "tel:+16195550100"
    ]


def test_a_boats_own_contact_goes_before_the_houses(charter) -> None:
    boat = charter.boat.model_copy(update={"contact": "jada@example.com"})
    page = page_of(charter.model_copy(update={"boat": boat}), contact="+1 619 555 0100")
    assert "jada@example.com" in page.words
    assert "555 0100" not in page.words


@pytest.mark.parametrize(
    ("checklist", "shown"),
    [
        (True, ["Check fuel", "Stock cooler"]),
        (("We fly your flag",), ["We fly your flag"]),
        (False, []),
    ],
)
def test_the_checklist_is_shown_where_configured_and_only_to_read(
    charter, checklist, shown
) -> None:
    page = page_of(charter, checklist=checklist)
    assert ("What your crew makes ready" in page.words) == bool(shown)
    for line in ("Check fuel", "Stock cooler", "We fly your flag"):
        assert (line in page.words) == (line in shown)
    assert not [box for box in page.all("input") if box.get("type") == "checkbox"]


def test_the_largest_photo_is_the_deployments(charter) -> None:
    page = page_of(charter, photo_limit_mb=40)
    assert page.all("main")[0]["data-limit"] == "40"
    assert "up to 40 MB each" in page.words


def test_a_cancelled_charters_page_is_kind_and_asks_for_nothing(charter) -> None:
    page = page_of(charter, cancelled=True, contact="+1 619 555 0100", checklist=True)
    for words in ("This charter is cancelled", "We are sorry, Marisol", "30 May 2026", "XHQGMDH"):
        assert words in page.words
    assert "+1 619 555 0100" in page.words
    assert "dock" not in page.words, "the crew is called off by hand, perhaps later"
    assert not {"script", "form", "input", "button", "noscript"} & {tag for tag, _ in page.elements}
    assert not [a for a in page.all("a") if "download" in a]
    assert "Check fuel" not in page.words
    assert "script-src" not in page.csp
    assert "connect-src" not in page.csp
    assert (
        "noindex" in {meta.get("name"): meta.get("content") for meta in page.all("meta")}["robots"]
    )


def test_a_cancelled_page_without_a_contact_says_whom_to_ask(charter) -> None:
    assert "write to us where you booked" in page_of(charter, cancelled=True).words
