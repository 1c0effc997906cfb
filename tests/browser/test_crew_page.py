"""The crew's page as its members use it: on two phones at once, with wet hands, offline."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sandbox.keeper import Keeper
from tests.browser.crew_event import CrewEvent
from tests.browser.photos import photo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'&\u202e \u05d0\u05d5 🚤 "
LONG = "W" * 3000

Visit = Callable[..., Page]


@pytest.fixture
def event(rehearsal: Keeper, booking_id: str) -> CrewEvent:
    return CrewEvent(rehearsal.sandbox, booking_id)


def test_a_tick_of_one_appears_on_the_others_open_page(event, visit: Visit) -> None:
    event.call(ended=-DAY)
    captain, one = visit(event.link("captain")), visit(event.link("crew_1"))
    expect(captain.get_by_text("0 of 3 done")).to_be_visible()
    one.get_by_role("checkbox", name="Check fuel").click()
    expect(one.get_by_role("checkbox", name="Check fuel")).to_be_checked()
    expect(captain.get_by_role("checkbox", name="Check fuel")).to_be_checked()
    expect(captain.get_by_text("1 of 3 done")).to_be_visible()
    expect(captain.locator(".task .by").first).to_contain_text("Crew One")
    expect(captain.locator("#live")).to_contain_text("Check fuel: done, Crew One")
    captain.get_by_role("checkbox", name="Check fuel").click()
    expect(one.get_by_role("checkbox", name="Check fuel")).not_to_be_checked()
    one.reload()
    expect(one.get_by_text("0 of 3 done")).to_be_visible()


def test_the_checklist_works_by_keyboard_and_keeps_its_place(event, visit: Visit) -> None:
    page = visit(event.call(ended=-DAY).link("crew_1"))
    task = page.get_by_role("checkbox", name="Stock cooler")
    task.focus()
    page.keyboard.press("Space")
    expect(task).to_be_checked()
    expect(task).to_be_focused()
    page.keyboard.press("Enter")
    expect(task).not_to_be_checked()


def test_a_decline_is_kept_told_and_can_be_changed(event, visit: Visit) -> None:
    event.call(ended=-DAY)
    captain, one = visit(event.link("captain")), visit(event.link("crew_1"))
    one.get_by_role("button", name="Accept").click()
    expect(captain.locator(".crew").get_by_text("Accepted")).to_be_visible()
    one.get_by_role("button", name="Decline").click()
    expect(one.get_by_text("You declined")).to_be_visible()
    expect(captain.locator(".crew").get_by_text("Declined")).to_be_visible()
    assert event.mails("captain")[-1]["subject"].startswith("Crew One cannot come")
    assert event.stored()["answers"]["crew_1"]["state"] == "declined"
    one.reload()
    pressed = one.get_by_role("button", name="Decline").get_attribute("aria-pressed")
    assert pressed == "true"


def test_a_page_left_open_past_the_end_says_that_an_answer_is_too_late(
    event, visit: Visit, watch
) -> None:
    watch.expect_error("409")
    page = visit(event.call(ended=-DAY).link("crew_1"))
    page.route("**/live", lambda route: route.fulfill(status=304))
    over = datetime.now(UTC) - HOUR
    event.sandbox.write_event_by_hand(event.event_id, end_time=over.isoformat())
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("alert")).to_contain_text("your answer was not kept")
    expect(page.get_by_role("heading", name="This charter is over")).to_be_visible()
    assert "answers" not in event.stored()


def test_photos_arrive_as_they_are_and_the_others_see_them(
    event, visit: Visit, tmp_path: Path
) -> None:
    event.call(ended=HOUR)
    captain, one = visit(event.link("captain")), visit(event.link("crew_1"))
    taken = [photo(tmp_path, name, size) for name, size in (("a.jpg", 400_000), ("b.jpg", 9000))]
    one.get_by_label("Add photos").set_input_files(taken)
    expect(one.get_by_text("2 so far")).to_be_visible()
    expect(captain.get_by_text("2 so far")).to_be_visible()
    expect(captain.get_by_role("list", name="Photos added")).to_contain_text("a.jpg")
    assert event.photos() == sorted(path.read_bytes() for path in taken)


def test_what_is_no_photo_is_said_so_and_stops_no_other(
    event, visit: Visit, tmp_path: Path
) -> None:
    page = visit(event.call(ended=HOUR).link("crew_1"))
    renamed = tmp_path / "setup.exe"
    renamed.write_bytes(b"MZ")
    empty = tmp_path / "empty.jpg"
    empty.touch()
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(60 * 1024 * 1024)
    good = photo(tmp_path, "good.jpg", 9000)
    page.get_by_label("Add photos").set_input_files([renamed, empty, large, good])
    queue = page.get_by_role("list", name="Photos on their way")
    expect(queue.get_by_text("This is not a JPEG")).to_be_visible()
    expect(queue.get_by_text("This file is empty")).to_be_visible()
    expect(queue.get_by_text("larger than 15 MB")).to_be_visible()
    expect(page.get_by_text("1 so far")).to_be_visible()
    assert event.photos() == [good.read_bytes()]
    page.get_by_role("button", name="Remove: empty.jpg").click()
    expect(queue.get_by_text("This file is empty")).to_have_count(0)


def test_a_photo_that_met_no_signal_is_tried_again(
    event, visit: Visit, watch, tmp_path: Path
) -> None:
    watch.expect_error("ERR_INTERNET_DISCONNECTED")
    page = visit(event.call(ended=HOUR).link("crew_1"))
    page.context.set_offline(True)
    page.get_by_label("Add photos").set_input_files(photo(tmp_path, "a.jpg", 9000))
    queue = page.get_by_role("list", name="Photos on their way")
    expect(queue.get_by_text("Your photo is still here")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again: a.jpg").click()
    expect(page.get_by_text("1 so far")).to_be_visible()


def test_before_the_charters_end_it_says_when_photos_open(event, visit: Visit) -> None:
    page = visit(event.call(ended=-DAY).link("crew_1"))
    expect(page.get_by_text("You can add photos when the charter ends")).to_be_visible()
    expect(page.get_by_label("Add photos")).to_have_count(0)


def test_a_tick_without_a_signal_is_not_pretended(event, visit: Visit, watch) -> None:
    watch.expect_error("ERR_INTERNET_DISCONNECTED")
    page = visit(event.call(ended=-DAY).link("crew_1"))
    page.context.set_offline(True)
    task = page.get_by_role("checkbox", name="Check fuel")
    task.click()
    expect(page.get_by_role("alert")).to_contain_text("That was not saved")
    expect(task).not_to_be_checked()
    page.context.set_offline(False)
    task.click()
    expect(task).to_be_checked()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_scrub_is_seen_on_the_open_page(event, visit: Visit) -> None:
    notes = '{"owner_payout": "840.75", "dock": "Gate B"}'
    page = visit(event.call(ended=-DAY, notes=notes).link("crew_1"))
    expect(page.get_by_text("840.75")).to_be_visible()
    event.sandbox.write_event_by_hand(event.event_id, notes='{"dock": "Gate B"}')
    expect(page.get_by_text("840.75")).to_have_count(0)
    expect(page.get_by_text("Gate B")).to_be_visible()


def test_somebody_taken_off_the_crew_is_told_on_the_open_page(event, visit: Visit, watch) -> None:
    watch.expect_error("403")
    page = visit(event.call(ended=-DAY).link("crew_1"))
    left = [each for each in event.stored()["crew"] if each["id"] == "captain"]
    event.sandbox.write_event_by_hand(event.event_id, crew=left)
    expect(page.get_by_role("alert")).to_contain_text("Ask your captain for a fresh one")


@pytest.mark.parametrize("wrong", ["tampered", "expired", "another event", "no link at all"])
def test_a_link_that_is_not_good_is_refused_kindly(event, visit: Visit, watch, axe, wrong) -> None:
    watch.expect_error("403")
    good = event.call(ended=-DAY).link("crew_1")
    links = {
        "tampered": good[:-3] + "xyz",
        "expired": event.link_ending("crew_1", days=-0.001),
        "another event": good.replace(event.event_id, "scc-another"),
        "no link at all": good.partition("?")[0],
    }
    page = visit(links[wrong])
    expect(page.get_by_role("heading", level=1)).to_contain_text("fresh personal link")
    expect(page.get_by_text("Resend crew links")).to_be_visible()
    assert "JADA" not in page.content()
    assert axe(page) == []


def test_it_works_without_javascript(event, visit: Visit) -> None:
    page = visit(event.call(ended=-DAY).link("crew_1"), java_script_enabled=False)
    page.get_by_role("checkbox", name="Check fuel").click()
    expect(page.get_by_role("checkbox", name="Check fuel")).to_be_checked()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("You accepted")).to_be_visible()
    assert event.stored()["confirmed"].keys() == {"crew_1"}


def test_hostile_words_are_text_and_the_layout_holds(event, visit: Visit, axe) -> None:
    event.call(
        ended=-DAY, event_name=HOSTILE, notes=HOSTILE + LONG, crew_tasks=[HOSTILE, LONG, "Last"]
    )
    page = visit(event.link("crew_1"), viewport={"width": 360, "height": 800})
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")
    page.get_by_role("checkbox", name="<img src=x onerror=alert(2)>").click()
    expect(page.get_by_text("1 of 3 done")).to_be_visible()
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("ended", [-DAY, HOUR])
def test_everybody_can_read_and_use_it(event, visit: Visit, axe, scheme, width, ended) -> None:
    link = event.call(ended=ended).link("crew_1")
    page = visit(link, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.get_by_role("checkbox", name="Check fuel").click()
    expect(page.get_by_text("1 of 3 done")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.locator("main button:visible, main label.main").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 48


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_mails_read_well_in_a_narrow_client(event, watch, axe, scheme) -> None:
    event.call(ended=-DAY, event_name=f"JADA {LONG[:200]}")
    page = watch.page(color_scheme=scheme, viewport={"width": 320, "height": 700})
    page.goto(event.link("crew_1"))
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("You declined")).to_be_visible()
    for mail in event.mails("captain"):
        letter = watch.page(color_scheme=scheme, viewport={"width": 320, "height": 700})
        letter.set_content(mail["html"])
        expect(letter.get_by_role("link", name="Open your crew page")).to_be_visible()
        assert axe(letter) == []
        assert letter.evaluate("document.documentElement.scrollWidth") <= 320
