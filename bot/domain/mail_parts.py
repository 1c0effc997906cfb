from dataclasses import dataclass


@dataclass(frozen=True)
class MailParts:
    """A mail's words. `subject` is one line."""

    subject: str
    text: str
    html: str
