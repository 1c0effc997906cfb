"""Bugs of what people are told, and shown where nobody looks twice: asides, Homes, notifications."""

from tests.torture.drawing import Step
from tests.torture.slack import STRANGER
from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import BOOKING, way

_PAYOUT = "{overview.proposal.booking.owner_payout}"

ANSWERS: tuple[Tooth, ...] = (
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
)
