"""What is asked of the process that mail is read in: plain data in, plain data out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.boat import Boat
from bot.domain.booking import Reading
from bot.mail.examination import Examination
from bot.mail.marketplaces import MARKETPLACES
from bot.mail.reader import examine_bytes, read_slack_file, read_text, unescaped
from bot.mail.signature import Keys, Original, judged, key_names

_DOMAINS = {marketplace.name: marketplace.domains for marketplace in MARKETPLACES}
_HOST = re.compile(r"@([A-Za-z0-9.-]{1,253})>?\s*\Z")


@dataclass(frozen=True)
class Read:
    """A mail that was read.

    Attributes:
        reading: what it says.
        original: the mail itself, if its signature can only be judged with keys.
        key_names: the TXT records that hold those.
    """

    reading: Reading
    original: Original | None = None
    key_names: tuple[str, ...] = ()


def read_mail(raw: bytes, name: str, boats: tuple[Boat, ...], received_at: datetime) -> Read:
    """Read a file, and judge its signature as far as that goes without keys.

    Raises:
        Unreadable: there is nothing to read in it.
    """
    examination = examine_bytes(raw, name=name, boats=boats)
    original = _original(examination)
    if original is None:
        return Read(examination.reading)
    names = key_names(original)
    if names:
        return Read(examination.reading, original, names)
    return Read(judged_reading(examination.reading, original, {}, received_at))


def judged_reading(
    reading: Reading, original: Original, keys: Keys, received_at: datetime
) -> Reading:
    """The reading, with what `keys` tell of its sender."""
    return reading.model_copy(update={"sender": judged(original, keys, received_at)})


def read_pasted(text: str, boats: tuple[Boat, ...]) -> Read:
    """Read the words of a Slack message; raises as `read_mail`."""
    return Read(read_text(unescaped(text), boats=boats))


def read_file(file: Mapping[str, Any], boats: tuple[Boat, ...], html: bytes | None) -> Read:
    """Read a mail that Slack took apart; raises as `read_mail`."""
    return Read(read_slack_file(file, boats=boats, html=html))


def _original(examination: Examination) -> Original | None:
    """The very mail that was read, if it is no forward and its bytes are there."""
    chosen, marketplace = examination.chosen, examination.reading.marketplace
    if not chosen.is_original or not chosen.envelope.raw:
        return None
    domains = _DOMAINS.get(marketplace or "") or _domains_of(chosen.envelope.sender)
    return Original(chosen.envelope.raw, domains)


def _domains_of(sender: str) -> tuple[str, ...]:
    """Those of the marketplace whose From it is; none if it is nobody's that is known here.

    Data for machines may be anybody's, so that its reader has no domains does not mean that any
    marketplace may vouch for it: only the one that the mail says it is from.
    """
    host = _HOST.search(sender)
    if host is None:
        return ()
    own = f".{host[1].lower()}"
    return next(
        (known for known in _DOMAINS.values() if any(own.endswith(f".{each}") for each in known)),
        (),
    )
