import json

import pytest

from bot.domain.booking import Kind
from bot.mail.reader import (
    Unreadable,
    needs_more,
    read_bytes,
    read_slack_file,
    read_text,
    unescaped,
)


@pytest.fixture
def event(mails):
    return json.loads((mails / "slack" / "slack-event-for-1.json").read_text())


@pytest.fixture
def file(event):
    return event["event"]["files"][0]


@pytest.fixture
def expected(mails):
    return json.loads((mails / "boatsetter" / "1-xhqgmdh-instant-gmail.json").read_text())


def test_a_slack_event_reads_like_the_mail_it_carries(mails, boats, expected):
    path = mails / "slack" / "slack-event-for-1.json"

    for name in (path.name, "-"):
        reading = read_bytes(path.read_bytes(), name=name, boats=boats).as_json()
        assert {key: reading[key] for key in expected} == expected
        assert reading["unsure"] == []


def test_a_slack_file_reads_like_its_event(file, boats, expected):
    assert read_slack_file(file, boats=boats).as_json()["booking"] == expected["booking"]


def test_what_files_info_answers_is_read_too(file, boats, expected):
    raw = json.dumps({"ok": True, "file": file}).encode()

    assert read_bytes(raw, name="x.json", boats=boats).as_json()["booking"] == expected["booking"]


def test_a_whole_file_needs_no_more(file):
    assert not needs_more(file)


@pytest.mark.parametrize(
    "held_back",
    [
        {"plain_text": "", "preview": ""},
        {"plain_text": None, "preview": "  "},
        {"has_more": True},
        {"file_access": "check_file_info"},
    ],
)
def test_a_file_that_slack_holds_back_needs_more(file, held_back):
    assert needs_more({**file, **held_back})


def test_the_downloaded_html_is_enough_where_slack_gave_no_text(file, boats, expected):
    empty = {**file, "plain_text": "", "preview": "", "has_more": True}

    reading = read_slack_file(empty, boats=boats, html=file["preview"].encode())

    assert reading.as_json()["booking"] == expected["booking"]


def test_a_preview_that_was_cut_raises_no_doubts(file, boats, expected):
    cut = file["preview"][: file["preview"].index("1:00 PM")]

    reading = read_slack_file({**file, "preview": cut, "has_more": True}, boats=boats)

    assert reading.as_json()["booking"] == expected["booking"]
    assert reading.unsure == ()


@pytest.mark.parametrize("part", ["plain_text", "preview"])
def test_wherever_slack_cuts_a_mail_no_half_of_a_value_is_sure(part, file, boats, expected):
    """One that Slack holds back, and whose download failed. Of every 7 places of a page, one."""
    whole = file[part]
    first, step = (whole.index("You received"), 1 if part == "plain_text" else 7)
    for cut in range(first, len(whole), step):
        held_back = {"plain_text": "", "preview": "", part: whole[:cut], "has_more": True}
        reading = read_slack_file({**file, **held_back}, boats=boats)

        said = reading.as_json()["booking"]
        for name in {name for name, value in said.items() if value is not None} - {*reading.unsure}:
            assert said[name] == expected["booking"][name], whole[cut - 40 : cut]


def test_a_file_without_any_words_is_unreadable(file, boats):
    with pytest.raises(Unreadable, match="no text"):
        read_slack_file({**file, "plain_text": "", "preview": ""}, boats=boats)


def test_text_pasted_into_slack_reads_like_the_mail(file, boats, expected):
    pasted = file["plain_text"].replace("&", "&amp;")
    pasted = pasted.replace(
        "<boatsetter@mail.boatsetter.com>",
        "&lt;<mailto:boatsetter@mail.boatsetter.com|boatsetter@mail.boatsetter.com>&gt;",
    )

    reading = read_text(unescaped(pasted), boats=boats)

    assert reading.as_json()["booking"] == expected["booking"]


def test_json_that_is_no_mail_is_unreadable(boats):
    for raw in (b"[1, 2]", b'{"type": "hello"}', b'{"event": 3}', b'{"event": {"files": []}}'):
        with pytest.raises(Unreadable, match="no Slack event"):
            read_bytes(raw, name="event.json", boats=boats)


def test_a_message_that_is_no_booking_is_unrecognised(boats):
    reading = read_text("See you at the dock at 9.", boats=boats)

    assert reading.kind is Kind.UNRECOGNISED
    assert reading.marketplace is None
    assert reading.fields == {}
