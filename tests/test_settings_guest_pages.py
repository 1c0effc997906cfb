"""What a deployment may say of its guests' pages, and which words a wrong one is refused with."""

from pathlib import Path

import pytest
from settings_file import EXAMPLE, TOKENS, changed, faults, written

from bot.settings import load

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_picture_is_found_beside_the_file_that_names_it(tmp_path: Path):
    (tmp_path / "jada.png").write_bytes(PNG)
    text = changed(('picture = ""', 'picture = "jada.png"'), ("# JADA", "JADA")).replace(
        'JADA = "jada.jpg"', 'JADA = "jada.png"'
    )
    pages = load(written(tmp_path, text), TOKENS).guest_pages
    assert pages.theme.picture is not None
    assert pages.theme.picture.media_type == "image/png"
    assert pages.pictures["JADA"] == pages.theme.picture


def test_nothing_that_is_written_down_of_the_settings_holds_a_pictures_bytes(tmp_path: Path):
    (tmp_path / "jada.png").write_bytes(PNG + b"sail" * 50_000)
    settings = load(written(tmp_path, changed(('picture = ""', 'picture = "jada.png"'))), TOKENS)
    assert "image/png" in repr(settings)
    assert "sail" * 9 not in repr(settings)
    assert "sail" * 9 not in str(settings.guest_pages)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "is no file that can be read"),
        (b"GIF89a", "is no JPEG"),
        (PNG * 50_000, "is a picture of 391 KB"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, content: bytes | None, why: str
):
    if content is not None:
        (tmp_path / "jada.png").write_bytes(content)
    (fault,) = faults(tmp_path, changed(('picture = ""', 'picture = "jada.png"')))
    assert fault.startswith(f"guest_pages.theme.picture: {why}")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("#0d5468", "navy", 'guest_pages.theme.accent: must be a colour of six hex digits, such as "#0d5468"'),
        ("accent_dark", "acent_dark", "guest_pages.theme.acent_dark: is not a known key; did you mean accent_dark?"),
        ("checklist = false", "checklist = 3", "guest_pages.checklist: must be true, false, or a list of lines for guests to read"),
        ("photo_limit_mb = 15", "photo_limit_mb = 0", "guest_pages.photo_limit_mb: must be greater than or equal to 1"),
        ("# JADA =", "JADDA =", "guest_pages.pictures.JADDA: no boat has this name"),
    ],
)  # fmt: skip
def test_the_guests_pages_faults_say_what_to_do(
    tmp_path: Path, before: str, after: str, fault: str
):
    (tmp_path / "jada.jpg").write_bytes(b"\xff\xd8\xff")
    assert faults(tmp_path, changed((before, after))) == (fault,)


def test_what_guests_are_told_may_be_the_houses_own_or_the_bots(tmp_path: Path):
    own = changed(("checklist = false", 'checklist = ["We fly your flag"]'))
    pages = load(written(tmp_path, own), TOKENS).guest_pages
    assert pages.checklist == ("We fly your flag",)
    assert pages.house_rules is not None
    start, end = EXAMPLE.index("bring = ["), EXAMPLE.index("checklist = false")
    pages = load(written(tmp_path, EXAMPLE[:start] + EXAMPLE[end:]), TOKENS).guest_pages
    assert (pages.bring, pages.house_rules, pages.checklist) == (None, None, False)
