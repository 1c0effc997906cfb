"""Too early, open, closed: by the charter's times, by the server's word, whatever a phone thinks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from sandbox.keeper import Keeper
from tests.browser.guest_charter import JPEG, GuestCharter

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
EARLY, CLOSED = "It is a little early.", "Photo sharing for this charter has closed."
PHOTO = {"name": "sunset.jpg", "mimeType": "image/jpeg", "buffer": JPEG + b"sun"}


@pytest.fixture
def charter(rehearsal: Keeper, booking_id: str) -> GuestCharter:
    return GuestCharter(rehearsal.sandbox, booking_id)


@pytest.fixture
def photos_open_afterwards(rehearsal: Keeper) -> Iterator[None]:
    """A deployment that takes photos when the charter is over, and not before."""
    rehearsal.sandbox.switch("crew", photos_open="after")
    yield
    rehearsal.sandbox.switch("crew", photos_open="any")


@pytest.fixture
def visit_at(watch) -> Callable[[str, timedelta], Page]:
    """`visit_at(url, off)`: the page on a device whose clock is off by so much."""

    def opened(url: str, off: timedelta) -> Page:
        page = watch.page()
        page.clock.set_fixed_time(datetime.now(UTC) + off)
        page.goto(url)
        return page

    return opened


def check(page: Page) -> None:
    page.get_by_role("button", name="Is that wrong? Check the time").click()


@pytest.mark.parametrize(("off", "words"), [(-YEAR, EARLY), (YEAR, CLOSED)])
def test_a_wrong_clock_does_not_keep_photos_out(charter, visit_at, off, words) -> None:
    page = visit_at(charter.publish(ended=HOUR), off)
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_label("Choose photos")).to_be_hidden()
    check(page)
    expect(page.get_by_label("Choose photos")).to_be_visible()
    page.get_by_label("Choose photos").set_input_files([PHOTO])
    expect(page.get_by_text("Received. Thank you!")).to_be_visible()
    assert charter.stored() == [JPEG + b"sun"]


@pytest.mark.parametrize("off", [-YEAR, YEAR])
def test_the_first_touch_sets_the_countdown_right(charter, visit_at, off) -> None:
    page = visit_at(charter.publish(ended=-(4 * HOUR + timedelta(seconds=15))), off)
    expect(page.locator("#count")).not_to_have_text("You sail in 1 hour.")
    page.get_by_role("heading", level=1).click()
    expect(page.locator("#count")).to_have_text("You sail in 1 hour.")
    expect(page.get_by_role("button", name="Tell the captain")).to_be_visible()


def test_a_clock_a_minute_off_is_let_be(charter, visit_at) -> None:
    page = visit_at(
        charter.publish(ended=-(4 * HOUR + timedelta(seconds=15))), timedelta(minutes=1)
    )
    with page.expect_response(lambda answer: answer.request.method == "HEAD"):
        page.get_by_role("heading", level=1).click()
    expect(page.locator("#count")).to_have_text("You sail in 59 minutes.")


@pytest.mark.parametrize(("ended", "words"), [(-YEAR, EARLY), (YEAR, CLOSED)])
def test_a_page_opened_a_year_early_or_late_says_so_and_stays_shut(
    charter, visit_at, ended, words
) -> None:
    page = visit_at(charter.publish(ended=ended), timedelta())
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_label("Choose photos")).to_be_hidden()
    check(page)
    expect(page.get_by_text("We checked the time just now.")).to_be_visible()
    expect(page.get_by_label("Choose photos")).to_be_hidden()


def test_without_a_signal_nobody_can_tell_the_time(charter, visit_at, watch) -> None:
    watch.expect_error("ERR_INTERNET_DISCONNECTED")
    page = visit_at(charter.publish(ended=HOUR), YEAR)
    page.context.set_offline(True)
    check(page)
    expect(page.get_by_text("The time could not be checked")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_label("Choose photos")).to_be_visible()


def test_an_answer_from_a_cache_is_as_old_as_it_says(charter, visit_at) -> None:
    page = visit_at(charter.publish(ended=HOUR), YEAR)
    an_hour_old = {
        "Date": (datetime.now(UTC) - DAY).strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "Age": str(24 * 60 * 60),
    }
    page.route(
        "**/g/*",
        lambda route: (
            route.fulfill(headers=an_hour_old)
            if route.request.method == "HEAD"
            else route.fallback()
        ),
    )
    check(page)
    expect(page.get_by_label("Choose photos")).to_be_visible()


@pytest.mark.parametrize(("event_ended", "words"), [(9 * DAY, CLOSED), (-HOUR, EARLY)])
def test_the_crew_services_word_is_the_last(
    charter, visit_at, watch, photos_open_afterwards, event_ended, words
) -> None:
    watch.expect_error("403")
    page = visit_at(charter.publish(ended=HOUR, event_ended=event_ended), timedelta())
    page.get_by_label("Choose photos").set_input_files([PHOTO])
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_text("1 photo: 1 not sent yet.")).to_be_visible()
    expect(page.get_by_label("Choose photos")).to_be_hidden()
    charter.event_ended(2 * HOUR)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Received. Thank you!")).to_be_visible()
    assert charter.stored() == [JPEG + b"sun"]


def test_a_service_that_tells_no_more_than_403_is_believed(charter, visit_at, watch) -> None:
    watch.expect_error("403")
    page = visit_at(charter.publish(ended=HOUR), timedelta())
    page.route("**/g/presign", lambda route: route.fulfill(status=403, body="Forbidden"))
    page.get_by_label("Choose photos").set_input_files([PHOTO])
    expect(page.get_by_text(CLOSED)).to_be_visible()


TOO_SOON = {"reason": "early", "message": "Photos open when the charter ends."}


def told(opens_in: timedelta) -> dict[str, str]:
    """A refusal with the service's own times."""
    now = datetime.now(UTC)
    return {**TOO_SOON, "now": now.isoformat(), "opens_at": (now + opens_in).isoformat()}


@pytest.mark.parametrize("answer", [told(timedelta(minutes=10)), TOO_SOON])
def test_what_was_too_early_opens_when_its_time_has_come(charter, watch, answer) -> None:
    watch.expect_error("403")
    page = watch.page()
    page.clock.install(time=datetime.now(UTC))
    page.goto(charter.publish(ended=HOUR))
    page.route(
        "**/g/presign",
        lambda route: route.fulfill(
            status=403, json=answer, headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    page.get_by_label("Choose photos").set_input_files([PHOTO])
    expect(page.get_by_text("Photos are not taken yet.")).to_be_visible()
    if "opens_at" in answer:
        expect(page.get_by_text(EARLY)).to_be_visible()
        expect(page.get_by_label("Choose photos")).to_be_hidden()
    page.clock.run_for(12 * 60 * 1000)
    expect(page.get_by_label("Choose photos")).to_be_visible()
    expect(page.get_by_text(EARLY)).to_be_hidden()
    page.unroute("**/g/presign")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Received. Thank you!")).to_be_visible()
