"""Block elements and composition objects, checked as Slack checks them."""

from collections.abc import Mapping

from sandbox.slack import limits
from sandbox.slack.schema import (
    Check,
    anything,
    boolean,
    choice,
    exactly_one,
    integer,
    listing,
    one_of,
    record,
    string,
)

KIND = {"type": anything}
IDENTIFIER = string(limits.ID)
WEB_LINK = string(limits.URL, pattern=r"^https?://")
DATE = string(10, pattern=r"^\d{4}-\d{2}-\d{2}$")
TIME = string(5, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
NUMBER = string(40, pattern=r"^-?\d+(\.\d+)?$")


def plain(longest: int, shortest: int = 1) -> Check:
    fields = {"type": anything, "text": string(longest, shortest), "emoji": boolean}
    return one_of({"plain_text": record(fields, ("text",))}, "text object")


def text(longest: int, shortest: int = 1) -> Check:
    marked = {"type": anything, "text": string(longest, shortest), "verbatim": boolean}
    return one_of(
        {
            "mrkdwn": record(marked, ("text",)),
            "plain_text": plain(longest, shortest),
        },
        "text object",
    )


CONFIRM = record(
    {
        "title": plain(limits.CONFIRM_TITLE),
        "text": text(limits.CONFIRM_TEXT),
        "confirm": plain(limits.CONFIRM_BUTTON),
        "deny": plain(limits.CONFIRM_BUTTON),
        "style": choice("primary", "danger"),
    },
    ("title", "text"),
)


def option(label: Check, description: Check) -> Check:
    fields = {
        "text": label,
        "value": string(limits.OPTION_VALUE),
        "description": description,
        "url": WEB_LINK,
    }
    return record(fields, ("text", "value"))


PLAIN_OPTION = option(plain(limits.OPTION_TEXT), plain(limits.OPTION_TEXT))
MARKED_OPTION = option(text(limits.OPTION_TEXT), text(limits.OPTION_TEXT))
OPTION_GROUP = record(
    {"label": plain(limits.OPTION_TEXT), "options": listing(PLAIN_OPTION, limits.OPTIONS)},
    ("label", "options"),
)
DISPATCH = record(
    {"trigger_actions_on": listing(choice("on_enter_pressed", "on_character_entered"), most=2)}
)

COMMON: Mapping[str, Check] = {**KIND, "action_id": IDENTIFIER}
INPUT: Mapping[str, Check] = {
    **COMMON,
    "placeholder": plain(limits.PLACEHOLDER),
    "focus_on_load": boolean,
}
PICKER: Mapping[str, Check] = {**INPUT, "confirm": CONFIRM}
SELECT: Mapping[str, Check] = {
    **PICKER,
    "options": listing(PLAIN_OPTION, limits.OPTIONS),
    "option_groups": listing(OPTION_GROUP, limits.OPTIONS),
}
CHOOSER: Mapping[str, Check] = {
    **COMMON,
    "confirm": CONFIRM,
    "focus_on_load": boolean,
    "options": listing(MARKED_OPTION, limits.FEW_OPTIONS),
}
TYPED: Mapping[str, Check] = {**INPUT, "dispatch_action_config": DISPATCH}
OPTIONS_OR_GROUPS = exactly_one("options", "option_groups")

BUTTON = record(
    {
        **COMMON,
        "text": plain(limits.BUTTON_TEXT),
        "value": string(limits.BUTTON_VALUE),
        "url": WEB_LINK,
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(limits.BUTTON_TEXT),
    },
    ("text",),
)
STATIC_SELECT = record({**SELECT, "initial_option": PLAIN_OPTION}, (), OPTIONS_OR_GROUPS)
MULTI_STATIC_SELECT = record(
    {
        **SELECT,
        "initial_options": listing(PLAIN_OPTION, limits.OPTIONS),
        "max_selected_items": integer,
    },
    (),
    OPTIONS_OR_GROUPS,
)
USERS_SELECT = record({**PICKER, "initial_user": string(limits.ID)})
PLAIN_TEXT_INPUT = record(
    {
        **TYPED,
        "initial_value": string(limits.INPUT_LENGTH, 0),
        "multiline": boolean,
        "min_length": integer,
        "max_length": integer,
    }
)
NUMBER_INPUT = record(
    {
        **TYPED,
        "is_decimal_allowed": boolean,
        "initial_value": NUMBER,
        "min_value": NUMBER,
        "max_value": NUMBER,
    },
    ("is_decimal_allowed",),
)
DATEPICKER = record({**PICKER, "initial_date": DATE})
TIMEPICKER = record({**PICKER, "initial_time": TIME, "timezone": string(limits.ID)})
DATETIMEPICKER = record(
    {**COMMON, "initial_date_time": integer, "confirm": CONFIRM, "focus_on_load": boolean}
)
CHECKBOXES = record(
    {**CHOOSER, "initial_options": listing(MARKED_OPTION, limits.FEW_OPTIONS)}, ("options",)
)
RADIO_BUTTONS = record({**CHOOSER, "initial_option": MARKED_OPTION}, ("options",))
OVERFLOW = record(
    {**COMMON, "confirm": CONFIRM, "options": listing(PLAIN_OPTION, limits.OVERFLOW_OPTIONS)},
    ("options",),
)
SLACK_FILE = record({"id": string(limits.ID), "url": WEB_LINK}, (), exactly_one("id", "url"))
PICTURE: Mapping[str, Check] = {
    **KIND,
    "image_url": WEB_LINK,
    "slack_file": SLACK_FILE,
    "alt_text": string(limits.ALT_TEXT, 0),
}
IMAGE = record(PICTURE, ("alt_text",), exactly_one("image_url", "slack_file"))

PICKERS: Mapping[str, Check] = {
    "static_select": STATIC_SELECT,
    "multi_static_select": MULTI_STATIC_SELECT,
    "users_select": USERS_SELECT,
    "datepicker": DATEPICKER,
    "timepicker": TIMEPICKER,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
}
PRESSED: Mapping[str, Check] = {"button": BUTTON, "overflow": OVERFLOW}
SECTION_ACCESSORIES = one_of({**PRESSED, **PICKERS, "image": IMAGE}, "element")
ACTION_ELEMENTS = one_of({**PRESSED, **PICKERS, "datetimepicker": DATETIMEPICKER}, "element")
INPUT_ELEMENTS = one_of(
    {
        **PICKERS,
        "datetimepicker": DATETIMEPICKER,
        "plain_text_input": PLAIN_TEXT_INPUT,
        "number_input": NUMBER_INPUT,
    },
    "element",
)
