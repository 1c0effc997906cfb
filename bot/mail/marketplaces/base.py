"""What a marketplace's reader is. A new one is a file beside this and a line in the registry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.booking import Kind
from bot.mail.document import Document, Words


@dataclass(frozen=True)
class Extract:
    """What a mail says, in its own words. `found`: by booking field, every place that says it."""

    kind: Kind
    found: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)


class Marketplace(Protocol):
    """One marketplace's grammar.

    Attributes:
        name: persisted with every booking, so never renamed lightly.
        sure_id: a booking id that needs no confirmation, as a whole and in lower case.
        currency: what a bare `$` means in its mails.
        domains: whose signature proves that a mail is its own. None if anybody may write it, as
            data for machines: then those of the marketplace whose From the mail bears count, and
            where that is nobody's that is known here, its sender cannot be told.
    """

    name: str
    sure_id: re.Pattern[str]
    currency: str
    domains: tuple[str, ...]

    def can_handle(self, document: Document) -> bool:
        """Whether the mail is this marketplace's, known template or not."""

    def read(self, document: Document) -> Extract:
        """What it is about and what it says."""
