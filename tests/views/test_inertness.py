"""Whatever a mail or a service says: no limit of Slack's is passed and nothing becomes markup."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from slack_limits import assert_no_markup, check_message, check_view, texts, width
from view_samples import APPROVED, JADA, NOW, QUEEN, overview, proposal

from bot.domain.board import Board, Deed, Resent, Shelf
from bot.domain.booking import Kind
from bot.domain.charter import State
from bot.domain.progress import Conflict, Decision, StepProgress, StepState
from bot.views import replies, status
from bot.views.card import card
from bot.views.checklist import checklist
from bot.views.closing import closing
from bot.views.home import home
from bot.views.modals import edit_modal, reject_modal
from bot.views.text import clip, inert, plain

pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")

HOSTILE = [
    "",
    " ",
    "<!channel> <!here> <@U0CAPTAIN> <#C0CHARTERS> <!subteam^S0OPS>",
    "@channel @here @everyone #general",
    "see http://evil.example/a?b=c&d and www.evil.com or evil.com, mailto:a@evil.com",
    "<http://evil.example|Approve> &lt;!channel&gt; &amp;",
    "*bold* _italic_ ~struck~ `code` ```block``` > quote\n> quote\n• list",
    ":tada: :skin-tone-2: 10:00:00",
    "\u202egnp.exe\u202c \u200f\u0627\u0644\u0633\u0644\u0627\u0645",
    "\x00\x07\x1b[31mred\x1b[0m\r\n\x7f\ud800",
    "👩‍👩‍👧‍👦" * 500,
    "&" * 3100,
    "<" * 3100,
    "x" * 3100,
    "_" * 3100,
    "a.b@c:d//e" * 400,
    "\n" * 3100 + "x",
]
HOSTILES = st.integers(0, len(HOSTILE) - 1).map(lambda index: HOSTILE[index])
ANYTHING = st.one_of(
    HOSTILES,
    st.text(st.characters(), max_size=200),
    st.lists(HOSTILES, max_size=3).map(" ".join),
)
MOMENTS = st.datetimes(timezones=st.just(UTC))
STATES = st.sampled_from(list(State))
BOATS = st.sampled_from([None, JADA, QUEEN])
QUICK = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,  # the same charters each time; raise max_examples to search further
    phases=(Phase.explicit, Phase.generate),  # these trees shrink for minutes and tell no more
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def bookings(draw: st.DrawFn) -> dict:
    words = ("listing", "renter", "renter_email", "location", "add_ons", "cancellation_policy")
    fields = {name: draw(st.none() | ANYTHING) for name in words}
    numbers = st.none() | st.integers(-(10**12), 10**12)
    return fields | {
        "currency": draw(st.none() | ANYTHING),
        "passengers": draw(numbers),
        "duration_minutes": draw(numbers),
        "starts_at": draw(st.none() | MOMENTS),
        "ends_at": draw(st.none() | MOMENTS),
        "owner_payout": draw(
            st.none()
            | st.decimals(allow_nan=False, allow_infinity=False)
            | st.just(Decimal("1E+900"))
        ),
    }


@st.composite
def overviews(draw: st.DrawFn):
    state = draw(STATES)
    names = st.lists(ANYTHING, max_size=20).map(tuple)
    clashes = st.builds(
        Conflict,
        booking_id=ANYTHING,
        starts_at=MOMENTS,
        ends_at=MOMENTS,
        permalink=st.none() | ANYTHING,
    )
    fields = st.sampled_from(["renter", "starts_at", "owner_payout", "boat", "add_ons", "nonsense"])
    sold = proposal(
        draw(bookings()),
        marketplace=draw(ANYTHING),
        boat=draw(BOATS),
        crew=draw(names),
        crew_tasks=draw(names),
        unsure=draw(st.dictionaries(fields, ANYTHING)),
        words=draw(st.dictionaries(fields, ANYTHING)),
        places=draw(st.dictionaries(fields, ANYTHING)),
        edited=draw(st.dictionaries(fields | st.just("crew"), ANYTHING)),
    )
    decision = st.builds(
        Decision, user=ANYTHING, at=MOMENTS, approved=st.booleans(), reason=ANYTHING
    )
    return overview(
        state=state,
        proposal=sold,
        decision=None if state is State.PROPOSED else draw(decision),
        conflicts=tuple(draw(st.lists(clashes, max_size=9))),
        steps=draw(steps()),
    )


@st.composite
def steps(draw: st.DrawFn) -> tuple[StepProgress, ...]:
    texts = draw(st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING), max_size=12))
    return tuple(
        StepProgress(
            name=f"step_{index}",
            label=label,
            state=draw(st.sampled_from(list(StepState))),
            artefact={"id": "a", "url": draw(st.none() | ANYTHING)},
            what=what,
            hint=hint,
            started_at=NOW,
            ended_at=NOW,
        )
        for index, (label, what, hint) in enumerate(texts)
    )


@QUICK
@given(overviews(), st.booleans(), st.dictionaries(ANYTHING, ANYTHING, max_size=9))
def test_a_card_holds_whatever_the_mail_says(seen, show_payout, sums):
    check_message(card(seen, now=NOW, show_payout=show_payout, sums=sums))


@QUICK
@given(overviews())
def test_a_checklist_and_a_closing_reply_hold_whatever_the_services_say(seen):
    check_message(checklist(seen, rich=True))
    check_message(checklist(seen, rich=False))
    check_message(closing(seen))


@QUICK
@given(overviews(), st.lists(ANYTHING, max_size=8).map(lambda names: names * 15))
def test_a_modal_opens_whatever_the_mail_says(seen, boats):
    check_view(edit_modal(seen, boats, True))
    check_view(reject_modal(seen))


@QUICK
@given(overviews())
def test_status_holds_whatever_the_mail_says(seen):
    check_message(status.status(seen, now=NOW))
    check_message(status.listing([seen] * 42))
    terminal = status.status_text(seen, colour=False) + status.list_text([seen], colour=False)
    assert not any(ord(character) < 32 for character in terminal.replace("\n", ""))
    terminal.encode("utf-8")


@QUICK
@given(overviews(), ANYTHING, st.sampled_from(["done", "failed", "unknown"]), st.booleans())
def test_a_home_holds_whatever_the_mail_says(seen, text, outcome, operator):
    shelf = Shelf(charters=(seen,) * 10, total=11)
    board = Board(
        waiting=shelf,
        troubled=shelf,
        to_come=Shelf(charters=(seen,) * 30, total=31),
        since={seen.booking_id: NOW},
        resent={seen.booking_id: Resent(at=NOW, outcome=outcome)},
        deeds=(Deed(at=NOW, who=text, what=text, booking_id=text, card=text),) * 8,
    )
    notice = replies.failed(text, text, text)
    check_view(home(board, now=NOW, operator=operator, notice=notice))


@QUICK
@given(overviews(), ANYTHING, st.lists(ANYTHING, max_size=40))
def test_replies_hold_whatever_they_are_told(seen, text, many):
    told = [
        replies.not_a_booking(many),
        replies.unreadable(text),
        replies.drift(text),
        replies.recognised(Kind.CHANGED, seen, by_hand=text),
        replies.recognised_unknown(Kind.CANCELLED, text),
        replies.already_known(text, None),
        replies.refusal(many, "do this"),
        replies.stale(seen),
        replies.blocked("xhqgmdh", many),
        replies.no_such_charter(text, many),
        replies.scrubbed("xhqgmdh", many),
        replies.retry_started("xhqgmdh", many),
        replies.invalidated("xhqgmdh", trouble=text, url=text),
        replies.failed("xhqgmdh", text, text),
        replies.cancelled(seen, live=True),
        replies.not_published(seen, text, text),
        replies.ask_to_cancel(seen, now=NOW, here=True),
    ]
    for message in told:
        check_message(message)


@given(ANYTHING, st.integers(2, 400))
@settings(deadline=None, database=None, derandomize=True)
def test_inert_text_is_never_markup_and_never_too_long(text, limit):
    shown = inert(text, limit)
    assert width(shown) <= limit
    assert_no_markup(shown)
    assert "\n" not in shown


@given(ANYTHING, st.integers(1, 400))
@settings(deadline=None, database=None, derandomize=True)
def test_clipped_text_keeps_its_beginning_and_says_that_it_was_cut(text, limit):
    text = text.encode("utf-16", "ignore").decode("utf-16")
    shown = clip(text, limit)
    assert width(shown) <= limit
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_text_holds_nothing_unprintable(text):
    shown = plain(text)
    assert shown.isprintable() or "\u200d" in shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    "said", ["<!channel> you earn it", "<@U0MATE>", "http://evil.example", "*now*", ":tada:"]
)
def test_the_same_words_are_still_readable_on_the_card(said):
    message = card(overview(proposal=proposal({"renter": said})), now=NOW, show_payout=True)
    assert said in list(texts(message.blocks))


def test_an_approver_is_mentioned_only_by_a_real_id():
    seen = overview(
        state=State.RUNNING, decision=APPROVED.model_copy(update={"user": "U1|<!here>"})
    )
    message = card(seen, now=datetime.now(UTC), show_payout=False)
    check_message(message)
    assert "<@" not in message.text
