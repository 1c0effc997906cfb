"""The modals: one input for every field of a booking and for the crew, and a reason to reject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
    TimePickerElement,
)
from slack_sdk.models.views import View

from bot.domain.booking import WHAT_AN_ID_IS
from bot.domain.progress import Overview
from bot.views import blocks
from bot.views.inputs import (
    CAPTAINS,
    CREW,
    CREW_TASKS,
    END_DATE,
    END_TIME,
    START_DATE,
    START_TIME,
    boat_value,
    shown_values,
)
from bot.views.press import (
    CHOOSE_BOAT,
    EDIT_MODAL,
    INPUT,
    REASON,
    REJECT_MODAL,
    REMEMBER_LISTING,
    Press,
)
from bot.views.sight import LABELS, shortened
from bot.views.text import plain, shown_id

_LONGEST_REASON = 500
_LONGEST_HINT = 500
_MOST_BOATS = 100


@dataclass(frozen=True)
class _Form:
    """What a modal is drawn from. `shown`: what each input begins with, by block id."""

    overview: Overview
    shown: Mapping[str, str]


def edit_modal(overview: Overview, boats: Sequence[str], listing_unknown: bool) -> dict[str, Any]:
    """A modal for everything that a card says; `edits.parse_edit` reads what it sends back."""
    form = _Form(overview, shown_values(overview))
    confirms = "Saving confirms every field as it stands here, the unsure ones included."
    parts = [
        blocks.small(f"Times are the boat's local time. {confirms}"),
        *_what(form, boats, listing_unknown),
        *_when(form),
        *_who(form),
        *_money(form),
        *_crew(form),
    ]
    return _modal(EDIT_MODAL, f"Edit {shown_id(overview.booking_id)}", "Save", overview, parts)


_REJECTED_SINCE = (
    "The database was restored from a backup, and this may have been set up since. To end it, "
    "approve it, which finds what is there, and press Cancel charter: Reject ends nothing."
)


def reject_modal(overview: Overview) -> dict[str, Any]:
    """A modal that asks why."""
    text = "Nothing is set up for a rejected booking, and the card keeps the reason."
    if overview.restored:
        text = _REJECTED_SINCE
    reason = PlainTextInputElement(action_id=INPUT, multiline=True, max_length=_LONGEST_REASON)
    parts = [blocks.small(text), _input(_Form(overview, {}), REASON, "Reason", reason)]
    return _modal(
        REJECT_MODAL, f"Reject {shown_id(overview.booking_id)}", "Reject", overview, parts
    )


def _what(form: _Form, boats: Sequence[str], listing_unknown: bool) -> list[Block]:
    parts = [_text(form, "booking_id", hint=WHAT_AN_ID_IS)]
    options = [_option(name) for name in boats[:_MOST_BOATS]]
    if options:
        chosen = form.shown.get(CHOOSE_BOAT)
        menu = StaticSelectElement(
            action_id=INPUT,
            options=options,
            initial_option=next((option for option in options if option.value == chosen), None),
            placeholder="Choose the boat",
        )
        parts.append(_input(form, CHOOSE_BOAT, "Boat", menu, optional=False))
    parts.append(_text(form, "listing", hint="What the marketplace calls the boat."))
    if listing_unknown and form.overview.proposal.booking.listing:
        remember = Option(
            value=REMEMBER_LISTING, text=_words("This listing is always this boat", 75)
        )
        box = CheckboxesElement(action_id=INPUT, options=[remember])
        parts.append(_input(form, REMEMBER_LISTING, "Remember", box))
    return parts


def _when(form: _Form) -> list[Block]:
    shown = form.shown
    end_hint = "Left empty, the end follows from the duration."
    minutes_hint = "Used only when the end is empty; otherwise it follows from start and end."

    def date(block: str, label: str, hint: str = "") -> Block:
        picker = DatePickerElement(action_id=INPUT, initial_date=shown.get(block))
        return _input(form, block, label, picker, hint=hint)

    def time(block: str, label: str, hint: str = "") -> Block:
        picker = TimePickerElement(action_id=INPUT, initial_time=shown.get(block))
        return _input(form, block, label, picker, hint=hint)

    minutes = _number(form, "duration_minutes")
    return [
        date(START_DATE, "Start date", _doubt(form, "starts_at")),
        time(START_TIME, "Start time"),
        date(END_DATE, "End date", _doubt(form, "ends_at") or end_hint),
        time(END_TIME, "End time", end_hint),
        _input(form, "duration_minutes", "Duration in minutes", minutes, hint=minutes_hint),
    ]


def _who(form: _Form) -> list[Block]:
    captain = form.shown.get("captain")
    options = [_option(name) for name in CAPTAINS]
    menu = StaticSelectElement(
        action_id=INPUT,
        options=options,
        initial_option=next((option for option in options if option.value == captain), None),
    )
    return [
        _input(form, "passengers", LABELS["passengers"], _number(form, "passengers")),
        _text(form, "renter"),
        _text(form, "renter_email"),
        _text(form, "location"),
        _input(form, "captain", LABELS["captain"], menu),
        _text(form, "add_ons", multiline=True),
    ]


def _money(form: _Form) -> list[Block]:
    return [
        _text(form, "owner_payout", hint="What the owner earns, such as 840.75."),
        _text(form, "currency", hint="Three letters, such as USD."),
        _text(form, "cancellation_policy", multiline=True),
    ]


def _crew(form: _Form) -> list[Block]:
    hint = "One a line. Left as it is when another boat is chosen: that boat's usual one."
    return [
        _text(form, CREW, label="Crew to be called", multiline=True, hint=hint),
        _text(form, CREW_TASKS, label="Their tasks", multiline=True, hint=hint),
    ]


def _text(
    form: _Form, block: str, *, label: str = "", hint: str = "", multiline: bool = False
) -> Block:
    box = PlainTextInputElement(
        action_id=INPUT,
        initial_value=form.shown.get(block),
        multiline=multiline,
        max_length=3000,
    )
    return _input(form, block, label or LABELS[block], box, hint=hint)


def _number(form: _Form, block: str) -> NumberInputElement:
    shown = form.shown.get(block)
    return NumberInputElement(
        action_id=INPUT, is_decimal_allowed=False, initial_value=shown, min_value="1"
    )


def _input(
    form: _Form,
    block: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str = "",
    optional: bool = True,
) -> Block:
    said = _doubt(form, block) or hint
    return InputBlock(
        block_id=block,
        label=_words(label, 100),
        element=element,
        hint=_words(said, _LONGEST_HINT) if said else None,
        optional=optional,
    )


def _doubt(form: _Form, field: str) -> str:
    """Why a field must be looked at, with the words that it was read from."""
    proposal = form.overview.proposal
    if field not in proposal.unsure:
        return ""
    said, place = plain(proposal.words.get(field, ""), 150), proposal.places.get(field, "")
    where = f" ({plain(place, 40)})" if place else ""
    why = shortened(proposal.unsure[field], 200) or "confirm it."
    return f"Not sure: {why}" + (f" The mail: “{said}”{where}" if said else "")


def _modal(
    callback: str, title: str, submit: str, overview: Overview, parts: Sequence[Block]
) -> dict[str, Any]:
    press = Press(booking_id=overview.booking_id, version=overview.version)
    view = View(
        type="modal",
        callback_id=callback,
        title=_words(title, 24),
        submit=_words(submit, 24),
        close=_words("Not now", 24),
        private_metadata=press.encode(),
        blocks=parts,
    )
    return dict(view.to_dict())


def _option(name: str) -> Option:
    return Option(value=boat_value(name) or "-", text=_words(name, 75))


def _words(text: str, limit: int) -> PlainTextObject:
    return PlainTextObject(text=plain(text, limit) or "-", emoji=False)
