import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.press import ForeignPress, Press


@pytest.mark.parametrize("run", [None, 0, 2])
def test_a_press_comes_back_as_it_went_out(run):
    press = Press(booking_id="xhqgmdh", version=7, run=run)
    assert Press.decode(press.encode()) == press


def test_a_button_from_before_runs_were_told_apart_still_counts():
    press = Press.decode('{"booking_id": "xhqgmdh", "version": 7}')
    assert (press.version, press.run) == (7, None)


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        "xhqgmdh-7",
        "[]",
        "{}",
        '{"booking_id": "xhqgmdh"}',
        '{"booking_id": "xhqgmdh", "version": "7"}',
        '{"booking_id": "xhqgmdh", "version": -1}',
        '{"booking_id": "xhqgmdh", "version": true}',
        '{"booking_id": "xhqgmdh", "version": 1, "run": "2"}',
        '{"booking_id": "xhqgmdh", "version": 1, "run": -1}',
        '{"booking_id": "XHQGMDH", "version": 1}',
        '{"booking_id": "../../x", "version": 1}',
        '{"booking_id": "xhqgmdh\\n", "version": 1}',
        '{"booking_id": "xhqgmdh", "version": 1, "user": "U0MATE"}',
    ],
)
def test_a_foreign_value_is_refused_in_words(value):
    with pytest.raises(ForeignPress, match="not made by this bot"):
        Press.decode(value)


@given(st.text())
def test_no_value_does_anything_but_decode_or_be_refused(value):
    with pytest.raises(ForeignPress):
        Press.decode(value)
