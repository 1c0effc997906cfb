"""What can go wrong with an outside system, said once: nothing above a service knows HTTP.

Every error is flat text (and a number), because it crosses a database on its way to a person.
"""


class ServiceError(Exception):
    """A call to an outside system did not do what was asked.

    Attributes:
        what: what happened, in words for the operator; never a secret, contact or amount.
        hint: what a person can do about it; empty when there is nothing to do but wait.
    """

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class Retriable(ServiceError):  # noqa: N818 - named for what it permits
    """Certainly no effect; asking again may help. `after`: seconds the service asked us to wait."""

    def __init__(self, what: str, hint: str = "", after: float | None = None) -> None:
        super().__init__(what, hint)
        self.after = after


class Unknown(ServiceError):  # noqa: N818
    """The request went out and no answer came back: it may or may not have had its effect."""


class NeedsPerson(ServiceError):  # noqa: N818
    """Certainly no effect, and only a person can mend the cause: a key, a permission, a setting."""


class Refused(ServiceError):  # noqa: N818
    """The service understood this very request and said no; the same request will never succeed."""


class MoneyLeak(Refused):
    """An outgoing body holds one of the charter's amounts and was stopped before it left."""
