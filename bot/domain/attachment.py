"""Whether a mail's file hangs in a thread, as far as is known."""

from enum import StrEnum


class Attachment(StrEnum):
    """Where whoever wants to see a mail finds it."""

    THERE = "there"
    """It is in the thread, or about to be."""
    HELD_BACK = "held back"
    """It may hold what this channel must not see: the payout, or the renter's address."""
    FAILED = "failed"
    """Slack would not take it."""
    UNKNOWN = "unknown"
    """It was sent, and Slack does not say whether it arrived."""
