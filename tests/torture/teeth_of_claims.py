"""Bugs by which something is said that is not so, or done after it was cancelled."""

from tests.torture.drawing import Step
from tests.torture.slack import CAPTAIN, MATE
from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import BOOKING, presses, waits, way
from tests.torture.weather import Fault

_FOLLOW_UPS = "bot.orchestration.follow_ups."

CLAIMS: tuple[Tooth, ...] = (
    tooth(
        "guests are said to be told of a cancellation, and are not",
        (
            _FOLLOW_UPS + "cancel:Cancel.perform",
            "said = replies.not_published(now, trouble.what, trouble.hint)",
            "said = replies.cancelled(now, live=True)",
        ),
        history=way(
            presses("cancel_charter", after=60.0),
            waits(60.0),
            faults={"s3.put #3": Fault.FORBIDDEN},
        ),
        law="Law 4: xhqgmdh: its guest page is said to tell",
    ),
    tooth(
        "the live page is said to be right, and nobody could see it",
        (
            _FOLLOW_UPS + "invalidate:Invalidate.perform",
            "trouble=error.what, url=url",
            "url=url",
        ),
        history=way(
            presses("invalidate_cache", after=60.0),
            waits(60.0),
            faults={"site.fetch #3": Fault.FORBIDDEN},
        ),
        law="Law 4: xhqgmdh: it is said what the public sees",
    ),
    tooth(
        "links of which no answer came are said not to be mailed",
        (
            _FOLLOW_UPS + "desk:FollowUps._outcome",
            "replies.failed(task.overview.booking_id, reason.what, hint)",
            "replies.failed(task.overview.booking_id, 'No crew links were mailed.')",
        ),
        history=way(
            presses("resend_crew_links", after=60.0),
            waits(60.0),
            faults={"crew_service.resend #1": Fault.AFTER},
        ),
        law="Law 4: xhqgmdh: crew links are said not to be mailed",
    ),
    tooth(
        "whoever is too late is told the contrary of what was decided",
        (
            "bot.views.replies:stale",
            '"approved" if decision.approved else "rejected"',
            '"rejected" if decision.approved else "approved"',
        ),
        history=way(Step("stale press", 30.0, MATE, BOOKING, "approve")),
        law="Law 4: xhqgmdh is said to be rejected by U0CAPTAIN",
    ),
    tooth(
        "the status calls each step done",
        (
            "bot.views.status:_step",
            "words, more = state_words(step, over=over), trouble(step, over=over)",
            "words, more = 'done in 0.6 s', ''",
        ),
        history=way(Step("type", 0.3, CAPTAIN, BOOKING, "status")),
        law="Law 4: xhqgmdh: Operations mail is said to be done at",
    ),
    tooth(
        "crew are mailed for a charter that was cancelled long ago",
        (
            "bot.store.queries.follow_ups:_is_cancelled",
            "return state == State.CANCELLED",
            "return False",
        ),
        (
            _FOLLOW_UPS + "desk:_too_late",
            "if overview.state is State.CANCELLED and not action.on_cancelled:",
            "if False:",
        ),
        history=way(
            presses("cancel_charter", after=60.0),
            Step("stale press", 90.0, CAPTAIN, BOOKING, "resend_crew_links"),
        ),
        law="Law 3: xhqgmdh was cancelled at",
    ),
    tooth(
        "crew are mailed for a charter that is cancelled in that very moment",
        (
            "bot.store.queries.follow_ups:_is_cancelled",
            "return state == State.CANCELLED",
            "return False",
        ),
        test="orchestration/test_follow_ups_race.py",
    ),
)
