"""Guests' photos, from the phone to the bucket: good ones, bad ones, bad connections."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from sandbox.keeper import Keeper
from tests.browser.bad_line import bad_line
from tests.browser.guest_charter import HEIC, JPEG, PNG, GuestCharter

HOUR = timedelta(hours=1)
MIB = 1024 * 1024

Visit = Callable[..., Page]


@pytest.fixture
def charter(rehearsal: Keeper, booking_id: str) -> GuestCharter:
    return GuestCharter(rehearsal.sandbox, booking_id)


@pytest.fixture
def page(charter: GuestCharter, visit: Visit) -> Page:
    """The page an hour after the charter."""
    return visit(charter.publish(ended=HOUR))


def photo(name: str, content: bytes, mime_type: str = "image/jpeg") -> dict[str, object]:
    return {"name": name, "mimeType": mime_type, "buffer": content}


def choose(page: Page, files: Sequence[dict[str, object]] | Path) -> None:
    page.get_by_label("Choose photos").set_input_files(files)  # type: ignore[arg-type]


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


def received(page: Page, number: int) -> None:
    expect(page.locator("#files li[data-state=received]")).to_have_count(number)


def test_every_photo_arrives_byte_for_byte(charter: GuestCharter, page: Page) -> None:
    sunset, swim = JPEG + bytes(range(256)) * 800, PNG + b"\x00\xff" * 90_000
    phone = HEIC + b"heic" * 5000
    choose(
        page,
        [
            photo("sunset.jpg", sunset),
            photo("swim.png", swim, "image/png"),
            photo("IMG_0007.HEIC", phone, ""),
        ],
    )
    received(page, 3)
    expect(page.get_by_text("3 photos: 3 received.")).to_be_visible()
    assert sorted(charter.stored()) == sorted([sunset, swim, phone])


def test_two_of_one_name_are_kept_apart(charter: GuestCharter, page: Page) -> None:
    choose(page, [photo("IMG_1.jpg", JPEG + b"one"), photo("IMG_1.jpg", JPEG + b"two")])
    received(page, 2)
    assert sorted(charter.stored()) == [JPEG + b"one", JPEG + b"two"]


def test_two_are_on_their_way_at_a_time(charter, page: Page, rehearsal: Keeper) -> None:
    rehearsal.sandbox.set_latency(crew_service=0.6)
    choose(page, [photo(f"{n}.jpg", JPEG + bytes([n])) for n in range(5)])
    expect(page.locator("#files li[data-state=sending]")).to_have_count(2)
    expect(page.locator("#files li[data-state=waiting]")).to_have_count(3)
    received(page, 5)
    assert len(charter.stored()) == 5


def test_a_deployment_that_wants_them_put_gets_them(charter, page: Page, rehearsal: Keeper) -> None:
    rehearsal.sandbox.switch("crew", presign="put")
    try:
        choose(page, [photo("sunset.jpg", JPEG + b"put")])
        received(page, 1)
    finally:
        rehearsal.sandbox.switch("crew", presign="post")
    assert charter.stored() == [JPEG + b"put"]


def test_what_is_no_photo_is_refused_before_anybody_is_asked(
    charter: GuestCharter, page: Page, tmp_path: Path
) -> None:
    before = charter.asked("presign")
    choose(page, [photo("holiday.jpg", b"MZ\x90\x00" * 900), photo("empty.jpg", b"")])
    expect(row(page, "holiday.jpg")).to_contain_text("only JPEG, PNG, WebP and HEIC")
    expect(row(page, "empty.jpg")).to_contain_text("This file is empty.")
    huge = tmp_path / "panorama.jpg"
    with huge.open("wb") as file:
        file.write(JPEG)
        file.truncate(60 * MIB)
    choose(page, huge)
    expect(row(page, "panorama.jpg")).to_contain_text("a photo may have up to 15 MB")
    expect(page.get_by_text("3 photos: 3 not possible.")).to_be_visible()
    assert charter.asked("presign") == before
    page.get_by_role("button", name="Remove: empty.jpg").click()
    expect(page.get_by_text("2 photos: 2 not possible.")).to_be_visible()


def test_the_services_own_limit_is_told_in_words(charter, page: Page, watch) -> None:
    watch.expect_error("400")
    page.evaluate("document.getElementById('trip').dataset.limit = 100")
    choose(page, [photo("large.jpg", JPEG + bytes(16 * MIB)), photo("small.jpg", JPEG)])
    expect(row(page, "large.jpg")).to_contain_text("service finds it too large.")
    expect(row(page, "small.jpg")).to_contain_text("Received. Thank you!")
    assert charter.stored() == [JPEG]


def test_a_photo_that_grew_on_its_way_is_refused_by_the_store(charter, page, watch) -> None:
    watch.expect_error("400|ERR_FAILED|CORS")

    def smaller(route: Route) -> None:
        asked = {**route.request.post_data_json, "file_size": 10}
        route.continue_(post_data=asked)

    page.route("**/g/presign", smaller)
    choose(page, [photo("large.jpg", JPEG + b"x" * 5000)])
    expect(page.locator("#files li[data-state=received]")).to_have_count(0)
    expect(row(page, "large.jpg").locator(".state.bad")).to_be_visible()
    assert charter.stored() == []


def test_one_that_fails_is_tried_again_and_the_others_are_not_lost(
    charter, page: Page, watch, rehearsal: Keeper
) -> None:
    watch.expect_error("503|CORS|ERR_FAILED")
    rehearsal.sandbox.faults.add("crew_service", "503", operation="presign")
    choose(page, [photo("first.jpg", JPEG + b"1"), photo("second.jpg", JPEG + b"2")])
    received(page, 1)
    expect(page.get_by_text("2 photos: 1 received, 1 not sent yet.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    received(page, 2)
    assert sorted(charter.stored()) == [JPEG + b"1", JPEG + b"2"]


def test_a_connection_that_is_cut_in_the_middle_can_be_tried_again(
    charter, page: Page, watch, rehearsal: Keeper
) -> None:
    watch.expect_error("ERR_CONNECTION_RESET")
    store = urlsplit(rehearsal.sandbox.env["AWS_ENDPOINT_URL"]).port
    content = JPEG + bytes(range(256)) * 8192

    with bad_line(store, breaks_after=MIB) as (port, broken):

        def by_the_bad_line(route: Route) -> None:
            answer = route.fetch()
            signed = answer.text().replace(f":{store}/", f":{port}/")
            route.fulfill(response=answer, body=signed)

        page.route("**/g/presign", by_the_bad_line)
        choose(page, [photo("sunset.jpg", content)])
        expect(row(page, "sunset.jpg")).to_contain_text("The connection was cut. Nothing is lost.")
        assert broken.is_set()
        assert charter.stored() == []
        page.get_by_role("button", name="Try again: sunset.jpg").click()
        received(page, 1)
    assert charter.stored() == [content]


def test_a_connection_that_breaks_while_there_is_a_signal_offers_to_try_again(
    charter, page: Page, watch, rehearsal: Keeper
) -> None:
    watch.expect_error("ERR_")
    rehearsal.sandbox.faults.add("s3", "reset_before", times=2)
    choose(page, [photo("sunset.jpg", JPEG + b"1"), photo("swim.jpg", JPEG + b"2")])
    expect(page.get_by_text("The connection was cut. Nothing is lost.")).to_have_count(2)
    page.get_by_role("button", name="Try all again").click()
    received(page, 2)
    assert sorted(charter.stored()) == [JPEG + b"1", JPEG + b"2"]


def test_unsent_photos_outlive_a_time_without_signal(charter, page: Page, watch) -> None:
    watch.expect_error("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    choose(page, [photo("a.jpg", JPEG + b"a"), photo("b.jpg", JPEG + b"b")])
    expect(page.get_by_text("Waiting for a signal. It goes on by itself.")).to_have_count(2)
    page.context.set_offline(False)
    received(page, 2)
    assert sorted(charter.stored()) == [JPEG + b"a", JPEG + b"b"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_of_photos_can_be_read_by_everybody(charter, visit, axe, scheme, width) -> None:
    page = visit(
        charter.publish(ended=HOUR), color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    choose(page, [photo("W" * 300 + ".jpg", JPEG), photo("שלום\u202e<b>.png", b"no photo")])
    received(page, 1)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
