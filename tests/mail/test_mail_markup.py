"""What a page shows, and what only machines see of it."""

import pytest
from grammar.pages import UNSEEN

from bot.mail.markup import seen_text


def shown(inner: str) -> list[str]:
    return [line.strip() for line in seen_text(f"<html><body>{inner}").splitlines() if line.strip()]


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_sees_is_not_read(unseen):
    assert shown(f"<p>Start</p>{unseen}<p>End</p>") == ["Start", "End"]


@pytest.mark.parametrize(
    "layout",
    [
        '<td style="font-size:0px"><div style="font-size:13px">Start</div></td>',
        '<div style="line-height:0"><p style="line-height:1.5">Start</p></div>',
        '<div style="visibility:hidden"><b style="visibility:visible">Start</b>not</div>',
        '<style>@media (max-width:600px){.wide{display:none}}</style><p class="wide">Start</p>',
        '<style>.x{display:none}</style><p class="x" style="display:block">Start</p>',
        '<p style="opacity:0.9;max-width:600px;height:0px">Start</p>',
        '<p style="color:#fff;background:#036">Start</p>',
    ],
)
def test_what_only_looks_hidden_is_read(layout):
    assert shown(layout) == ["Start"]


def test_what_is_struck_out_is_not_meant():
    assert shown("<p>Passengers <s>4</s> 6</p>") == ["Passengers 6"]


def test_boxes_side_by_side_are_lines_but_not_within_a_sentence():
    box = '<span style="display:inline-block">'

    assert shown(f"<div>{box}Start</span>{box}11:00 AM</span></div>") == ["Start", "11:00 AM"]
    assert shown(f"<p>You earn {box}$4.62</span>, yes</p>") == ["You earn $4.62, yes"]


def test_a_row_of_headings_is_read_with_the_row_below_it():
    heads, values = "<tr><th>Start</th><th>End</th></tr>", "<tr><td>11</td><td>2</td></tr>"

    assert shown(f"<table>{heads}{values}</table>") == ["Start", "11", "End", "2"]
    assert shown(f"<table><thead>{heads}</thead><tbody>{values}</tbody></table>") == [
        "Start", "11", "End", "2",
    ]  # fmt: skip
    assert shown(f"<table>{heads}{values}{values}</table>")[:2] == ["Start", "End"]
