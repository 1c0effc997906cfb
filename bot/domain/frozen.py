from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: immutable, closed to unknown fields, and silent about its input in errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
