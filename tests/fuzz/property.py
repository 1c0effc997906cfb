"""What must hold of any bytes whatever that arrive as a mail."""

import json
import time
from pathlib import Path

from bot.domain.boat import Boat
from bot.mail.reader import examine_bytes
from bot.mail.unreadable import Unreadable

CORPUS = Path(__file__).parent / "corpus"
MAILS = Path(__file__).parents[1] / "mails"
SECONDS = 0.25  # of the processor's time, for one mail
BOATS = (
    Boat(
        name="JADA",
        listings=("Sail San Diego Bay aboard JADA",),
        time_zone="America/Los_Angeles",
        capacity=6,
    ),
)


class BrokenError(AssertionError):
    """The reader did what it must never do."""


def hold(raw: bytes, name: str = "mail.eml") -> float:
    """Read bytes as a mail and return the seconds of processor time that it took.

    Raises:
        BrokenError: the reading contradicts itself.
        Exception: whatever got out of the reader, which must raise nothing but `Unreadable`.
    """
    began = time.process_time()
    try:
        reading = examine_bytes(raw, name=name, boats=BOATS).reading
    except Unreadable as error:
        if not error.reason.strip():
            raise BrokenError("unreadable without a reason") from error
        return time.process_time() - began
    took = time.process_time() - began
    json.dumps(reading.as_json())
    for field, value in reading.booking:
        if value is not None and (field not in reading.fields or not reading.fields[field].words):
            raise BrokenError(f"{field} was read from nowhere")
    if any(found.sure != (found.why is None) for found in reading.fields.values()):
        raise BrokenError("a doubt without a reason, or a reason without a doubt")
    return took
