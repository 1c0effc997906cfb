"""Bugs of what people are told, and shown where nobody looks twice: asides, Homes, notifications."""

from tests.torture.drawing import Step
from tests.torture.slack import MATE, STRANGER
from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import BOOKING, OTHER, comes, presses, waits, way
from tests.torture.weather import Fault

_PAYOUT = "{overview.proposal.booking.owner_payout}"
_RUNNING = "board.to_come.charters if overview.state == 'running'"
_BY_HAND = Step("hand", 40.0, booking=BOOKING)

WORDS: tuple[Tooth, ...] = (
    tooth(
        "whoever asks for a charter's status is told the payout",
        (
            "handlers.commands.status:Status.answer",
            "desk.policy.show_payout and bool(await desk.authority.may_act(asked.user))",
            "True",
        ),
        history=way(Step("type", 3.0, STRANGER, BOOKING, "status")),
        law="Law 5: an answer to U0STRANGER",
    ),
    tooth(
        "a stranger's Home shows the payout",
        (
            "bot.views.home:_for_others",
            "return _section(",
            f"return [blocks.header(f'{_PAYOUT}') for overview in board.to_come.charters] + _section(",
        ),
        history=way(Step("home", 3.0, STRANGER)),
        law="Law 5: the Home of U0STRANGER",
    ),
    tooth(
        "a stranger's Home shows the payout for as long as a run lasts",
        (
            "bot.views.home:_for_others",
            "return _section(",
            f"return [blocks.header(f'{_PAYOUT}') for overview in {_RUNNING}] + _section(",
        ),
        history=way(Step("home", 1.0, STRANGER), presses("approve"), waits(60.0), approved=False),
        law="Law 5: the Home of U0STRANGER",
    ),
    tooth(
        "the notification of a closing reply tells the payout",
        (
            "bot.orchestration.narrator:closing",
            'f"{name}. {inert(outcome(overview), 300)}"',
            f'f"{{name}} {_PAYOUT}"',
        ),
        history=way(),
        law="Law 5: the notification",
    ),
    tooth(
        "the checklist tells the payout until the run is over",
        (
            "bot.orchestration.narrator:checklist",
            'title = f"Charter {shown_id(overview.booking_id)}: {outcome(overview)}"',
            f"title = '' if overview.state is State.DONE else f'{_PAYOUT}'",
        ),
        history=way(),
        law="Law 5: the message xhqgmdh:checklist",
    ),
    tooth(
        "the cache is said to be invalidated, and nothing is done about it",
        (
            "bot.orchestration.follow_ups.invalidate:Invalidate.perform",
            "await self._cache.forget(booking_id, task.reference, tools.services)",
            "pass",
        ),
        history=way(presses("invalidate_cache", after=60.0)),
        law="Law 4: xhqgmdh: the cache is said",
    ),
    tooth(
        "links of which no answer came are said to be mailed",
        (
            "bot.orchestration.follow_ups.resend:Resend.perform",
            "except Retriable:",
            "except Unknown:\n        links = 3\n    except Retriable:",
        ),
        history=way(
            presses("resend_crew_links", after=60.0),
            waits(30.0),
            faults={"crew_service.resend #1": Fault.NEVER},
        ),
        law="Law 4: xhqgmdh: crew links are said",
    ),
    tooth(
        "of a mail that may be out nobody can say that it is",
        (
            "bot.views.closing:_choices",
            "settling_buttons(overview)",
            "settling_buttons(overview)[-1:]",
        ),
        history=way(waits(60.0), faults={"ses.send #1": Fault.AFTER}),
        law="Law 1: xhqgmdh: whether its mail arrived can be said: False",
    ),
    tooth(
        "a mail that somebody has seen is sent again",
        (
            "bot.store.queries.charters:take_word",
            "state=StepState.DONE,",
            "state=StepState.WAITING,",
        ),
        history=way(
            presses("mail_arrived", after=60.0),
            presses("retry"),
            waits(30.0),
            faults={"ses.send #1": Fault.AFTER},
        ),
        law="Law 1: xhqgmdh: a mail that somebody has seen is sent at",
    ),
    tooth(
        "a retry is said to have begun, and has not",
        (
            "bot.orchestration.follow_ups.retry:Retry.perform",
            "run, now = await tools.store.write(_restart, task.work, task.seen_run)",
            "run, now = 1, None",
        ),
        history=way(presses("retry", after=60.0), faults={"crew_service.create #1": Fault.REFUSED}),
        law="Law 4: xhqgmdh: it is said to be tried again",
    ),
    tooth(
        "the closing reply of a failed run calls every step done",
        (
            "bot.views.closing:outcome",
            "f\"Needs a person: {names}. {done} of {count(len(steps), 'step')} done; see the thread.\"",
            'f"All {len(steps)} steps are done. {names and done}"',
        ),
        history=way(waits(30.0), faults={"crew_service.create #1": Fault.REFUSED}),
        law="Law 4: xhqgmdh is needs_person, and all of its steps",
    ),
    tooth(
        "a cancellation is published, and compared, under one spelling",
        (
            "bot.steps.guest_page:GuestPageStep.do",
            "for key in keys)",
            "for key in keys[: 1 if self._cancelled else 2])",
        ),
        ("bot.steps.live_check:_fault", "== wanted:", "== wanted or url[-7:].isupper():"),
        history=way(presses("cancel_charter", after=60.0)),
        law="Law 4: xhqgmdh is cancelled, and guests are not told under",
    ),
    tooth(
        "no run is closed, where a message of another charter was deleted",
        (
            "bot.orchestration.narrator:Narrator._thread",
            "await self._closing(overview, post)",
            "pass",
        ),
        history=way(comes(OTHER), Step("delete", 20.0, booking=OTHER)),
        law="Law 4: xhqgmdh is done, and its thread does not say so",
    ),
    tooth(
        "nobody writes down whose Home is open",
        (
            "bot.orchestration.homes:Homes.opened",
            "await self._store.write(homes.opened, user, blank=blank)",
            "return",
        ),
        history=way(Step("home", 3.0, MATE)),
        law="Law 4: nobody knows that U0MATE",
    ),
    tooth(
        "Homes follow nothing",
        ("bot.orchestration.homes:Homes.touch", "self._drawings.outdate()", "return"),
        history=way(Step("home", 1.0, MATE), presses("approve"), approved=False),
        law="Law 4: the Home of U0MATE",
    ),
    tooth(
        "notes are said to be scrubbed, and nothing is done about them",
        (
            "bot.orchestration.follow_ups.scrub:Scrub.perform",
            "if not scrubbed.removed:",
            "if True:",
        ),
        history=way(_BY_HAND, presses("scrub_revenue")),
        law="Law 4: xhqgmdh: its notes are said to hold no revenue",
    ),
    tooth(
        "a scrub empties the notes",
        (
            "bot.orchestration.follow_ups.scrub:Scrub.perform",
            "seen=event.notes, notes=scrubbed.notes",
            'seen=event.notes, notes=""',
        ),
        history=way(_BY_HAND, presses("scrub_revenue")),
        law="Law 4: xhqgmdh: what somebody wrote about the dock was lost",
    ),
    tooth(
        "what a stop cuts off counts as done",
        (
            "bot.engine:_insist",
            "except (Retriable,",
            "except asyncio.CancelledError:\n            return\n        except (Retriable,",
        ),
        history=way(
            presses("approve", who=MATE),
            Step("stop", 0.5),
            approved=False,
            faults={"chat.group #1": Fault.SLOW},
        ),
        law="Law 2: nobody ever heard what came of approve by U0MATE",
    ),
)
