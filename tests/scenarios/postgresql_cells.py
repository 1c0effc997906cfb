"""The row of PostgreSQL: a charter each for a fault and how often it is met, at every moment alike.

A moment is a change that the bot, or its engine, is about to commit. The charters go through each of
them together, because most of what befalls them is waiting.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from math import inf

import sqlalchemy as sa
from booking_mails import booking_mail
from outcomes import replies, until
from scenario_world import World

from sandbox.slack.seen import Message, Sent
from tests.matrix.faults import Fault
from tests.postgresql_wire import Broken, Trouble, Wire

TIMES = {"once": 1, "twice": 2, "for ever": inf}
NOTES = "Dock B. Payout $840.75."
SCRUBBED = "removed from the stored crew event"
WENT_WRONG = "Something went wrong inside the bot"
_SHOWN_AS = "XHQGMDH"
_SECONDS = 60.0
_BY_BOTH_LANES = 4


@dataclass(frozen=True)
class Kind:
    """What becomes of the COMMIT; with an error, the server's code and words for it."""

    broken: Broken
    code: str = ""
    words: str = ""


FAULTS = {
    Fault.TIMEOUT_BEFORE: Kind(Broken.SILENT_BEFORE),
    Fault.TIMEOUT_AFTER: Kind(Broken.SILENT_AFTER),
    Fault.FAILED: Kind(Broken.ERROR_BEFORE, "XX000", "unexpected chunk number"),
    Fault.FAILED_AFTER: Kind(Broken.ERROR_AFTER, "08P01", "server conn crashed?"),  # as a pooler
    Fault.RESET_BEFORE: Kind(Broken.RESET_BEFORE),
    Fault.RESET_AFTER: Kind(Broken.RESET_AFTER),
    Fault.DRIP: Kind(Broken.DRIP),
    Fault.TRUNCATED: Kind(Broken.CUT_OFF),
    Fault.HTML: Kind(Broken.HTML),
    Fault.DISK_FULL: Kind(Broken.ERROR_BEFORE, "53100", "No space left on device"),
    Fault.LOCKED: Kind(Broken.ERROR_BEFORE, "40P01", "deadlock detected"),
}
# What is said to those who connect; without words they are hung up on.
REFUSALS = {
    Fault.BUSY: ("53300", 'too many connections for role "charter"'),
    Fault.UNAVAILABLE: ("57P03", "the database system is starting up"),
    Fault.UNAUTHORISED: ("28P01", 'password authentication failed for user "charter"'),
    Fault.FORBIDDEN: ("28000", 'no pg_hba.conf entry for host "198.51.100.7"'),
    Fault.DNS: (),
}
_PRESSED = "as the press is accepted"
# What a transaction says that is of the moment, besides the booking's id.
MOMENTS = {
    "as the mail arrives": (rb"INSERT INTO mails",),
    "as the card is made": (rb"INSERT INTO charters",),
    _PRESSED: (rb"INSERT INTO \"?dbos\"?.\"?workflow_status",),
    "as Approve is pressed": (rb"INSERT INTO steps",),
    "in the run": (rb"UPDATE steps",),
    "as the run ends": (rb"INSERT INTO audit", rb"run done"),
    "as Scrub is pressed": (rb"INSERT INTO follow_ups",),
    "as Scrub is answered": (rb"UPDATE follow_ups",),
}
DONE = "set up; everything there once."
_SCRUBBED = "answered: done; everything there once."
ENDS = {moment: _SCRUBBED if "Scrub" in moment else DONE for moment in MOMENTS}
_SCRUBBED_SO = "SELECT 1 FROM audit WHERE booking_id = :id AND what = 'scrub_revenue done'"
_APPROVED = "SELECT 1 FROM charters WHERE booking_id = :id AND run = 1"


@dataclass
class Cell:
    """A charter that meets one fault so many times at every moment; `meanwhile` by the moment."""

    booking_id: str
    fault: Fault
    times: str
    mail: Sent | None = None
    card: Message | None = None
    troubles: dict[str, Trouble] = field(default_factory=dict)
    meanwhile: dict[str, str] = field(default_factory=dict)

    @property
    def endless(self) -> bool:
        """Whether people have to look before it is mended. What is only slow ends by itself."""
        return self.times == "for ever" and self.fault is not Fault.DRIP

    def line(self, moment: str) -> str:
        """What is written down of it."""
        seen = self.meanwhile.get(moment, "")
        return f"- {moment}, {self.times}: {f'{seen} HEALED: ' if seen else ''}{ENDS[moment]}"


@dataclass
class Row:
    """All its cells, in one rehearsal with one bot. `database`: the server's, past the wire."""

    world: World
    wire: Wire
    database: sa.Engine
    cells: list[Cell]

    def play(self) -> None:
        """Everything that people do, until it came to its end."""
        captain = self.world.captain
        self._arm("as the mail arrives", "as the card is made")
        for cell in self.cells:
            cell.mail = captain.forwards(booking_mail(cell.booking_id))
        self._look("as the mail arrives", "SELECT 1 FROM mails WHERE ts = :ts")
        self._look("as the card is made", "SELECT 1 FROM charters WHERE booking_id = :id")
        for cell in self.cells:
            cell.card = self._card(cell)
        self._arm(_PRESSED, "as Approve is pressed", "in the run", "as the run ends")
        self._press("approve")
        self._look(_PRESSED, _APPROVED)
        for cell in self.cells:
            if cell.fault is Fault.FAILED:
                self._press_again(cell, _PRESSED)
        self._look("as Approve is pressed", _APPROVED)
        done = "SELECT 1 FROM steps WHERE booking_id = :id AND state = 'done'"
        self._look("in the run", done, _BY_BOTH_LANES)
        self._look("as the run ends", f"{_APPROVED} AND state = 'done'")
        for cell in self.cells:
            self.world.said(_card_of(cell), "is set up", _SECONDS)
            [event] = self.world.sandbox.crew_events(cell.booking_id)
            self.world.sandbox.write_event_by_hand(event["event_id"], notes=NOTES)
        self._arm("as Scrub is pressed", "as Scrub is answered")
        self._press("scrub_revenue")
        begun = "SELECT 1 FROM follow_ups WHERE booking_id = :id"
        self._look("as Scrub is pressed", begun)
        self._look("as Scrub is answered", _SCRUBBED_SO)
        for cell in self.cells:
            self.world.said(_card_of(cell), SCRUBBED, _SECONDS)

    def _arm(self, *moments: str) -> None:
        for cell in self.cells:
            kind = FAULTS[cell.fault]
            for moment in moments:
                about = (*MOMENTS[moment], cell.booking_id.encode())
                times = TIMES[cell.times]
                trouble = Trouble(kind.broken, about, times, kind.code, kind.words)
                cell.troubles[moment] = self.wire.add(trouble)

    def _press(self, button: str) -> None:
        """All at once: Slack waits for each acknowledgement, which may be late."""
        with ThreadPoolExecutor(len(self.cells)) as hands:
            list(hands.map(partial(self._press_one, button), self.cells))

    def _press_one(self, button: str, cell: Cell) -> None:
        shown = self.world.closing(_card_of(cell)) if button == "scrub_revenue" else _card_of(cell)
        self.world.captain.clicks(shown, button)

    def _press_again(self, cell: Cell, moment: str) -> None:
        """As a person does who was told that something went wrong."""
        for times in range(1, 3 if cell.times == "twice" else 2):
            until(lambda times=times: cell.troubles[moment].met >= times, f"{cell}: {moment}")
            self._press_one("approve", cell)

    def _look(self, moment: str, past: str, enough: int = 2) -> None:
        """Wait until it was met; where it goes on for ever, look what people see, and mend it.

        `past`: true as soon as the charter has gone on although the fault is still there, because
        the change was made and is not made again. `enough`: how often it is met before they look.
        """
        for cell in self.cells:
            once = not cell.endless or (cell.fault, moment) == (Fault.FAILED, _PRESSED)
            self._until_met(cell, moment, past, 1 if once else enough)
        for cell in self.cells:
            if cell.endless:
                if not self._is(past, cell):
                    cell.meanwhile[moment] = self._status(cell)
                cell.troubles[moment].times = 0

    def _until_met(self, cell: Cell, moment: str, past: str, times: int) -> None:
        def met() -> bool:
            trouble = cell.troubles[moment]
            return trouble.met >= times or bool(trouble.met and self._is(past, cell))

        until(met, f"{cell.booking_id}, {cell.fault}, {cell.times}: {moment}", _SECONDS)

    def _is(self, query: str, cell: Cell) -> bool:
        about = {"id": cell.booking_id, "ts": cell.mail.ts if cell.mail else ""}
        with self.database.connect() as connection:
            return connection.scalar(sa.text(query), about) is not None

    def _card(self, cell: Cell) -> Message:
        return self.world.slack.wait_for_message(
            f"Booking: {cell.booking_id.upper()}", timeout=_SECONDS
        )

    def _status(self, cell: Cell) -> str:
        [said] = self.world.captain.types(f"/charter status {cell.booking_id}")
        first, _, booking = re.sub(r"\s+", " ", said).partition(" Boat:")
        steps = booking.partition(" Steps ")[2].partition(" As of")[0]
        shown = f"{first}. Steps {steps}" if steps else first.partition(" Did you mean")[0]
        shown = re.sub(r" in [\d.]+ s|, attempt \d+", "", shown).replace(". Open ", ". ")
        return f"“{shown.replace(cell.booking_id.upper(), _SHOWN_AS).strip()}”"


def answers(world: World, cell: Cell) -> list[str]:
    """What was answered to Scrub in the thread."""
    return [r.plain for r in replies(world, _card_of(cell)) if SCRUBBED in r.plain]


def _card_of(cell: Cell) -> Message:
    assert cell.card is not None
    return cell.card
