"""What whoever has the key may write into an event."""

import json
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

_FIXED = ("event_id", "booking_id", "service_key")


class InvalidEventError(ValueError):
    """It cannot be stored. `fields` names what is wrong, "crew_tasks.0"; "" is the whole."""

    def __init__(self, error: ValidationError, *, but: str = "") -> None:
        super().__init__("invalid")
        self.fields = [
            ".".join(str(part) for part in fault["loc"])
            for fault in error.errors()
            if fault["type"] != but or len(fault["loc"]) > 1
        ]


class NewEvent(BaseModel):
    """What a POST must hold; more is stored too."""

    model_config = ConfigDict(extra="allow")

    event_name: str = Field(min_length=1)
    booking_id: str = Field(min_length=1)
    calendar_entry_id: str = Field(min_length=1)
    start_time: AwareDatetime
    end_time: AwareDatetime
    duration_hours: float = Field(gt=0)
    guest_count: int = Field(ge=0)
    crew_needed: list[str] = Field(min_length=1)
    crew_tasks: list[str]
    notes: str = ""


class _Member(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    email: str = Field(min_length=3)


class _Changes(NewEvent):
    """What a PATCH may hold besides, or instead."""

    crew: list[_Member] = []
    answers: dict[str, dict[str, Any]] = {}
    confirmed: dict[str, str] = {}
    checklist: dict[str, dict[str, Any]] = {}
    photos: dict[str, dict[str, Any]] = {}
    captain_knows: dict[str, str] = {}


def new_event(body: bytes) -> NewEvent:
    """The event that a POST asks for.

    Raises:
        InvalidEventError: something is missing or of another type.
    """
    try:
        return NewEvent.model_validate_json(body)
    except ValidationError as error:
        raise InvalidEventError(error) from None


def changes(body: bytes) -> dict[str, Any]:
    """The attributes that a PATCH sets, exactly as sent, but for those that are not its to set.

    Raises:
        InvalidEventError: something is of another type than in a new event.
    """
    try:
        _Changes.model_validate_json(body, strict=True)
    except ValidationError as error:
        invalid = InvalidEventError(error, but="missing")
        if invalid.fields:
            raise invalid from None
    return {name: value for name, value in json.loads(body).items() if name not in _FIXED}
