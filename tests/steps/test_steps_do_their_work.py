"""Each step against an outside world in memory: what did the other side receive?"""

from hashlib import sha256

import pytest
from step_fakes import (
    FakeCrewTable,
    FakeEdge,
    FakeMailer,
    FakeSite,
    FakeTemplates,
    charter,
    world,
)

from bot.domain.artefact import Artefact
from bot.domain.errors import MoneyLeak, NeedsPerson, Refused, Retriable, Unknown
from bot.steps.cache import CacheStep
from bot.steps.registry import STEPS, step

PAGE = FakeTemplates().guest_page(charter())
CREW = (
    {"id": "captain", "email": "captain@sailjada.com"},
    {"id": "crew_1", "email": "one@sailjada.com"},
)


def published():
    page = Artefact(id="g/xhqgmdh.html", facts={"sha256": sha256(PAGE).hexdigest()})
    return charter(artefacts={**charter().artefacts, "guest_page": page})


def shown(page: bytes = PAGE) -> dict[str, bytes]:
    return dict.fromkeys(FakeSite().urls("xhqgmdh"), page)


async def test_the_calendar_gets_one_entry_that_is_found_again() -> None:
    services = world()
    assert await step("calendar").find(charter(), services) is None
    done = await step("calendar").do(charter(), services)
    assert await step("calendar").find(charter(), services) == done
    (entry,) = services.calendar.entries
    assert (entry.booking_id, entry.guest_count, entry.time_zone) == (
        "xhqgmdh",
        4,
        "America/Los_Angeles",
    )


async def test_the_crew_event_names_the_calendar_entry_and_gives_the_crews_link() -> None:
    services = world()
    done = await step("crew_event").do(charter(), services)
    (event,) = services.crew_service.events
    assert event.calendar_entry_id == "entry-0"
    assert event.crew_needed == ("captain", "crew_1")
    assert done.url == "https://crew.example/event/event-0"
    assert await step("crew_event").find(charter(), services) == done


async def test_the_page_is_stored_under_both_spellings() -> None:
    services = world()
    done = await step("guest_page").do(charter(), services)
    assert services.guest_pages.objects == {"g/xhqgmdh.html": PAGE, "g/XHQGMDH.html": PAGE}
    assert done.facts["sha256"] == sha256(PAGE).hexdigest()
    assert done.url == "https://guests.example/g/xhqgmdh"
    assert await step("guest_page").find(charter(), services) == done


@pytest.mark.parametrize("stale", [{}, {"g/XHQGMDH.html": b"old"}])
async def test_an_old_or_missing_spelling_is_not_taken_for_the_page(stale) -> None:
    services = world()
    services.guest_pages.objects |= {"g/xhqgmdh.html": PAGE, **stale}
    assert await step("guest_page").find(charter(), services) is None


async def test_the_cache_is_waited_for_with_growing_pauses() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    services = world(edge=FakeEdge(slow=6))
    done = await CacheStep(sleep).do(published(), services)
    assert pauses == pytest.approx([0.1, 0.1, 0.1, 0.1, 0.4 / 3, 1.6 / 9])
    assert services.edge.asked == {done.facts["reference"]: ("/g/xhqgmdh", "/g/XHQGMDH")}


async def test_the_same_page_is_the_same_invalidation_and_another_page_is_not() -> None:
    services = world()
    await step("cache").do(published(), services)
    await step("cache").do(published(), services)
    assert len(services.edge.asked) == 1
    page = Artefact(id="g/xhqgmdh.html", facts={"sha256": "0" * 64})
    await step("cache").do(charter(artefacts={"guest_page": page}), services)
    assert len(services.edge.asked) == 2


async def test_a_cdn_that_never_finishes_is_given_up_for_now() -> None:
    async def sleep(_seconds: float) -> None:
        return

    with pytest.raises(Retriable, match="180 seconds"):
        await CacheStep(sleep).do(published(), world(edge=FakeEdge(slow=10_000)))


async def test_both_spellings_are_compared_with_what_was_uploaded() -> None:
    services = world(public_site=FakeSite(shown()))
    done = await step("live_check").do(published(), services)
    assert set(services.public_site.fetched) == set(FakeSite().urls("xhqgmdh"))
    assert done.url == "https://guests.example/g/xhqgmdh"
    assert await step("live_check").find(published(), services) == done


async def test_an_old_page_and_a_missing_one_are_told_apart_by_spelling() -> None:
    services = world(public_site=FakeSite({"https://guests.example/g/xhqgmdh": b"old"}))
    with pytest.raises(NeedsPerson) as error:
        await step("live_check").do(published(), services)
    assert "g/xhqgmdh shows another page" in error.value.what
    assert "g/XHQGMDH does not show the page: There is no such page (404)." in error.value.what
    assert "Invalidate cache" in error.value.hint
    assert await step("live_check").find(published(), services) is None


async def test_nothing_is_fetched_before_there_is_a_page() -> None:
    services = world()
    assert await step("live_check").find(charter(), services) is None
    assert services.public_site.fetched == []


async def test_operations_get_one_mail_and_the_crew_none_by_default() -> None:
    services = world()
    done = await step("operations_mail").do(charter(), services)
    (mail,) = services.mailer.sent
    assert (mail.to, mail.bcc, done.id) == (("ops@sailjada.com",), (), "message-1")
    assert await step("operations_mail").find(charter(), services) is None


async def test_the_crew_summary_goes_to_the_crew_with_the_captain_unseen() -> None:
    services = world(crew_summary=True, crew_table=FakeCrewTable(CREW))
    done = await step("operations_mail").do(charter(), services)
    summary = services.mailer.sent[1]
    assert (summary.to, summary.bcc) == (("one@sailjada.com",), ("captain@sailjada.com",))
    assert done.facts == {"crew_summary": "message-2"}


async def test_a_crew_without_addresses_stops_the_mails_before_the_first() -> None:
    services = world(crew_summary=True, crew_table=FakeCrewTable())
    with pytest.raises(NeedsPerson, match="no addresses"):
        await step("operations_mail").do(charter(), services)
    assert services.mailer.sent == []


@pytest.mark.parametrize(
    ("error", "raised"),
    [(Unknown("No answer."), Unknown), (Retriable("Throttled."), NeedsPerson), (Refused("No."), NeedsPerson)],
)  # fmt: skip
async def test_a_summary_that_fails_says_that_the_first_mail_is_out(error, raised) -> None:
    mailer = FakeMailer(errors=[None, error])
    services = world(crew_summary=True, crew_table=FakeCrewTable(CREW), mailer=mailer)
    with pytest.raises(raised, match="The operations mail went out"):
        await step("operations_mail").do(charter(), services)


@pytest.mark.parametrize("name", ["calendar", "crew_event", "guest_page", "operations_mail"])
@pytest.mark.parametrize("slip", ["cash 840.75", "captain $150", "eight hundred forty dollars"])
async def test_money_stops_every_step_before_anything_leaves(name: str, slip: str) -> None:
    services = world(templates=FakeTemplates(slip))
    with pytest.raises(MoneyLeak):
        await step(name).do(charter(add_ons=slip), services)
    assert not services.calendar.entries
    assert not services.crew_service.events
    assert not services.guest_pages.objects
    assert not services.mailer.sent


async def test_money_in_the_summary_stops_the_operations_mail_too() -> None:
    class Slips(FakeTemplates):
        def operations_mail(self, charter):
            return FakeTemplates().operations_mail(charter)

    services = world(templates=Slips("840.75"), crew_summary=True, crew_table=FakeCrewTable(CREW))
    with pytest.raises(MoneyLeak, match="crew summary"):
        await step("operations_mail").do(charter(), services)
    assert services.mailer.sent == []


async def test_one_failed_upload_leaves_no_other_running_behind_it() -> None:
    class Failing(type(world().guest_pages)):
        async def put(self, key: str, body: bytes) -> None:
            if key.endswith("xhqgmdh.html"):
                raise Retriable("Slow down.")
            await super().put(key, body)

    services = world(guest_pages=Failing())
    with pytest.raises(Retriable):
        await step("guest_page").do(charter(), services)
    assert list(services.guest_pages.objects) == ["g/XHQGMDH.html"]


def test_every_step_can_be_told_by_its_name() -> None:
    assert all(step(each.name) is each for each in STEPS)
