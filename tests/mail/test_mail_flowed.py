import pytest

from bot.mail.document import lines_of
from bot.mail.flowed import unflowed

HALF = "The very best sailing that there is on Lake Travis, with a captain, "


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (f"{HALF}\na cooler\n", f"{HALF}a cooler\n"),
        (f"> {HALF}\n> a cooler\n", f"> {HALF}a cooler\n"),
        (f"> > {HALF}\n>> a cooler\n", f"> > {HALF}a cooler\n"),
        (f"> {HALF}\na cooler\n", f"> {HALF}\na cooler\n"),
        (" From here\n", "From here\n"),
        ("-- \nCap Tain\n", "-- \nCap Tain\n"),
        ("Renter: Raquel \nLocation\n", "Renter: Raquel \nLocation\n"),
    ],
)
def test_lines_that_flow_are_whole_again_and_no_others(sent, meant):
    assert unflowed(sent) == meant


def test_a_space_that_only_marks_the_break_is_dropped():
    assert unflowed(f"{HALF}\n\u5c71\n", drop_space=True) == f"{HALF[:-1]}\u5c71\n"


def test_only_ends_of_lines_end_a_line():
    text = "a\r\nb\rc\nd\r\r\ne\u2028f\x0bg\x85h"

    assert [line.text for line in lines_of(text)] == ["a", "b", "c", "d", "e f g h"]


def test_no_other_mark_ends_a_line_that_flows_either():
    assert unflowed("a\u2028f\x0bg\x0ch\n") == "a\u2028f\x0bg\x0ch\n"


def test_a_long_paragraph_is_one_line():
    assert unflowed((HALF + "\n") * 60_000).count("\n") == 1
