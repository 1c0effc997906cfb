import pytest

from bot.mail.charset import decoded, is_text


@pytest.mark.parametrize(
    ("raw", "claimed", "text"),
    [
        ("Zo\u00eb \u2022 10".encode(), "utf-8", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode("cp1252"), "windows-1252", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode("cp1252"), "iso-8859-1", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode("cp1252"), "utf-8", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode(), "us-ascii", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode(), "iso-8859-1", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode(), "windows-1251", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode("utf-16-le"), "utf-16", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode("utf-16-be"), "utf-16", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode(), "nonsense", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode(), "rot13", "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode("utf-16"), None, "Zo\u00eb \u2022 10"),
        ("Zo\u00eb \u2022 10".encode("utf-8-sig"), None, "Zo\u00eb \u2022 10"),
        ("\u5c71".encode("shift_jis"), "shift_jis", "\u5c71"),
    ],
)
def test_the_bullet_and_the_accents_survive_whatever_the_mail_claims(raw, claimed, text):
    assert decoded(raw, claimed) == text


def test_a_picture_is_no_text_and_a_stray_control_character_is_no_picture():
    assert not is_text("\x89PNG\x00\x01\x02\x03")
    assert is_text("A mail of some length with one stray \x00 in the middle of its many words.")
