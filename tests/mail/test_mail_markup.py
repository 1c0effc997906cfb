"""What a page shows, and what only machines see of it."""

import pytest
from grammar.pages import UNSEEN

from bot.mail.markup import seen_text
from bot.mail.unreadable import Unreadable


def shown(inner: str) -> list[str]:
    return [line.strip() for line in seen_text(f"<html><body>{inner}").splitlines() if line.strip()]


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_sees_is_not_read(unseen):
    assert shown(f"<p>Start</p>{unseen}<p>End</p>") == ["Start", "End"]


@pytest.mark.parametrize(
    "rule",
    [
        ".pre{font-size:0;line-height:0}",
        ".pre{visibility:hidden}",
        ".pre{color:transparent}",
        "body .pre{display:none}",
        "body > div.pre { font: 0/0 a }",
        "@media screen{.pre{display:none}}",
        ".a{color:red}/* } */#one{transform:scale(0)}",
        ".pre{display:block}.pre{display:none}",
    ],
)
def test_what_a_sheet_hides_is_not_read(rule):
    hidden = f'<style>{rule}</style><div class="a pre" id="one">Passengers: 12</div>'

    assert shown(f"<p>Start</p>{hidden}<p>End</p>") == ["Start", "End"]


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="font:0/0 a">%s</div>',
        '<div style="transform: scale(0)">%s</div>',
        '<div style="display:/**/none">%s</div>',
        "<textarea>%s</textarea>",
        "<noscript>%s</noscript>",
        "<select><option>%s</option></select>",
    ],
)
def test_what_an_element_hides_is_not_read(hidden):
    assert shown(f"<p>Start</p>{hidden % 'Passengers: 12'}<p>End</p>") == ["Start", "End"]


@pytest.mark.parametrize("sheet", ["a" * 40_000, "/* " * 14_000, "a{" * 20_000, "}" * 40_000])
def test_a_hostile_sheet_hides_nothing(sheet):
    assert shown(f"<style>{sheet}</style><p>Start</p>") == ["Start"]


def test_a_sheet_larger_than_clients_take_is_ignored():
    rules = ".pre{display:none}" + " " * 60_000

    assert shown(f'<style>{rules}</style><p class="pre">Start</p>') == ["Start"]


def test_more_rules_than_can_be_weighed_are_refused():
    with pytest.raises(Unreadable, match="too many rules"):
        seen_text(f"<style>{'.a b{color:red}' * 3_000}</style>" + "<b>x</b>" * 3_000)


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
        '<p style="font-size:0.9em">Start</p>',
        '<p style="font:bold 10px/20px Arial">Start</p>',
        '<style>.x{font-size:0}.y{font-size:9px}</style><p class="x"><b class="y">Start</b></p>',
        '<style>.not .x{display:none}</style><p class="x">Start</p>',
        '<style>.x:hover{visibility:hidden}</style><p class="x">Start</p>',
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
