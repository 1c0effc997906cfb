"""What a person does about a run that needs one, and the buttons for it."""

from slack_sdk.models.blocks import ButtonElement

from bot.domain.charter import State
from bot.domain.progress import Overview, StepState
from bot.views import blocks
from bot.views.blocks import Line
from bot.views.press import ARRIVED, RETRY
from bot.views.text import shown_id

_IT_ARRIVED = "It arrived"


def what_to_press(overview: Overview) -> Line:
    """What comes before Retry, and what Retry does."""
    unsettled = [s for s in overview.troubled if s.state is StepState.UNKNOWN]
    if not unsettled:
        return (
            blocks.glue("Once the cause is mended, press "),
            blocks.bold("Retry"),
            blocks.glue(": it does only what is not done."),
        )
    names = ", ".join(step.label for step in unsettled)
    see = blocks.words(f"First see with your own eyes whether this happened: {names}.", 400)
    if not _mail_is_asked_for(overview):
        return (
            see,
            blocks.glue(" Then press "),
            blocks.bold("Retry"),
            blocks.glue(": it looks again where it can, and does only what is not done."),
        )
    return (
        see,
        blocks.glue(" If the operations mail arrived, press "),
        blocks.bold(_IT_ARRIVED),
        blocks.glue("; if not, "),
        blocks.bold("Retry"),
        blocks.glue(" sends it. Of all else Retry does only what is not done."),
    )


def settling_buttons(overview: Overview, *, among_others: bool = False) -> list[ButtonElement]:
    """Retry, and where nobody but a person can say whether the mail went out, that it did.

    `among_others`: see `blocks.button`.
    """
    if overview.state is not State.NEEDS_PERSON:
        return []
    name, asked = shown_id(overview.booking_id), _mail_is_asked_for(overview)
    sure = blocks.confirmation(
        f"Retry {name}?",
        "The operations mail is sent, although it may have arrived already.",
        yes="Retry",
    )
    retry = blocks.button(
        overview,
        RETRY,
        "Retry",
        style="primary",
        confirm=sure if asked else None,
        among_others=among_others,
    )
    if not asked:
        return [retry]
    seen = blocks.confirmation(
        f"Has {name}'s operations mail arrived?",
        "If somebody has seen it, it counts as sent, and nothing sends it again.",
        yes=_IT_ARRIVED,
    )
    arrived = blocks.button(overview, ARRIVED, _IT_ARRIVED, confirm=seen, among_others=among_others)
    return [arrived, retry]


def _mail_is_asked_for(overview: Overview) -> bool:
    mail = overview.step("operations_mail")
    return mail is not None and mail.state is StepState.UNKNOWN
