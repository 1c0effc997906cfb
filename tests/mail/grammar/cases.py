"""The golden mails: every shape, kind, language, layout and encoding, and what is odd about people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import cycle

from grammar.forwards import SHAPES
from grammar.mime import Coding
from grammar.noise import BELOW, NOTES
from grammar.pages import PAGES, UNSEEN
from grammar.sold import Sold
from grammar.texts import LAYOUTS
from grammar.tongues import TONGUES
from grammar.wording import KINDS, Wording, accepted, approved, cancelled, changed, instant
from grammar.wrappings import Wrapping

BARGE = Sold()
JADA = Sold(
    "xhqgmdh", "Sail San Diego Bay aboard JADA", "Marisol", datetime(2026, 5, 30, 10),  # noqa: DTZ001
    180, "America/Los_Angeles", 4, "San Diego, CA", "Captained", None, Decimal("840.75"), "moderate",
)  # fmt: skip
HERON = Sold(
    "kxwgpzt", "Night Heron: Key West after dark", "Zoë O'Brien-Müller",
    datetime(2026, 7, 3, 19, 30), 150, "America/New_York", 6, "Key West, FL", "Bareboat",  # noqa: DTZ001
    "Fishing gear, Cooler with ice", Decimal("1120.00"), "flexible",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One golden mail. `unsure`: the fields that a person must confirm."""

    name: str
    wording: Wording
    how: Wrapping
    unsure: tuple[str, ...] = ()


def cases() -> Iterator[Case]:
    """All of them, the same at every call."""
    yield from _shapes()
    yield from _nested()
    yield from _languages()
    yield from _kinds()
    yield from _layouts()
    yield from _codings()
    yield from _noise()
    yield from _moments()
    yield from _people()


def _shapes() -> Iterator[Case]:
    """Each client's forward of each kind that sells or calls off, as text, HTML and both."""
    carriers = cycle(("text", "html", "both"))
    for shape in SHAPES:
        for written, sold in ((instant, BARGE), (approved, JADA), (cancelled, HERON)):
            how = Wrapping((shape,), carrier=next(carriers))
            yield Case(f"{shape}-{written.__name__}-{how.carrier}", written(sold), how)
        next(carriers)
    for carrier in ("text", "html", "both", "attached", "file"):
        yield Case(f"direct-{carrier}", instant(HERON), Wrapping((), carrier=carrier))
    for shape in ("gmail", "apple", "outlook_web"):
        attached = Wrapping((shape,), carrier="attached")
        yield Case(f"attached-to-{shape}", approved(BARGE), attached)


def _nested() -> Iterator[Case]:
    """A forward of a forward, in every pair of clients."""
    sold, carriers = cycle((BARGE, JADA, HERON)), cycle(("text", "html"))
    kinds = cycle((instant, approved, accepted, cancelled, changed))
    for outer in SHAPES:
        for inner in SHAPES:
            how = Wrapping((inner, outer), carrier=next(carriers))
            yield Case(f"{inner}-in-{outer}", next(kinds)(next(sold)), how)


def _languages() -> Iterator[Case]:
    """Clients that do not speak English; the marketplace always does."""
    kinds, carriers = cycle((instant, cancelled, approved)), cycle(("text", "text", "html"))
    for language in sorted(set(TONGUES) - {"en"}):
        for shape in SHAPES:
            how = Wrapping((shape,), language, carrier=next(carriers))
            yield Case(f"{language}-{shape}", next(kinds)(HERON), how)


def _kinds() -> Iterator[Case]:
    """Every kind, direct and handed on."""
    shapes, sold = cycle(SHAPES), cycle((BARGE, JADA, HERON))
    for name, written in KINDS.items():
        how = Wrapping((next(shapes),), carrier="both", page="paragraphs")
        yield Case(f"kind-{name}", written(next(sold)), how)
        yield Case(f"kind-{name}-direct", written(next(sold)), Wrapping((), page="rows"))


def _layouts() -> Iterator[Case]:
    """Every markup, every text layout, everything unseen."""
    for page in PAGES:
        yield Case(f"page-{page}", instant(BARGE), Wrapping(("gmail",), page=page, carrier="html"))
    for layout in LAYOUTS:
        yield Case(f"text-{layout}", instant(HERON), Wrapping(("apple",), layout=layout))
    for unseen in UNSEEN:
        how = Wrapping((), unseen=unseen, carrier="html", page="bold")
        yield Case(f"unseen-{unseen}", instant(JADA), how)


def _codings() -> Iterator[Case]:
    """What the bytes are and what they claim to be."""
    for charset, claimed, transfer in (
        ("utf-8", "utf-8", "base64"), ("utf-8", "utf-8", "8bit"), ("utf-8", "UTF8", "8bit"),
        ("utf-8", None, "8bit"), ("utf-8", "us-ascii", "quoted-printable"),
        ("utf-8", "iso-8859-1", "base64"), ("utf-8", "windows-1252", "8bit"),
        ("utf-8", "x-unknown", "quoted-printable"), ("cp1252", "windows-1252", "quoted-printable"),
        ("cp1252", "iso-8859-1", "8bit"), ("cp1252", "utf-8", "base64"), ("cp1252", None, "8bit"),
        ("cp1252", "no-such-charset", "base64"), ("utf-16", "utf-16", "base64"),
        ("utf-16-le", "utf-16le", "base64"), ("utf-16-be", "utf-16", "base64"),
        ("utf-16", None, "base64"), ("utf-8-sig", "utf-8", "base64"),
    ):  # fmt: skip
        for carrier in ("text", "html"):
            coding = Coding(charset, claimed, transfer)
            name = f"{charset}-as-{claimed or 'nothing'}-{transfer}-{carrier}".lower()
            yield Case(name, instant(HERON), Wrapping(carrier=carrier, coding=coding))
    entities = Coding("us-ascii", "us-ascii", "7bit")
    yield Case("entities-7bit", instant(HERON), Wrapping(carrier="html", coding=entities))
    for newline, name in (("\n", "lf"), ("\r\n", "crlf"), ("\r", "cr")):
        for carrier in ("both", "attached"):
            how = Wrapping(carrier=carrier, coding=Coding(newline=newline))
            yield Case(f"{name}-{carrier}", instant(HERON), how)
    for subject in ("b", "q", "raw", "cut"):
        long = cancelled(HERON.but(renter="Zoë Ångström-Müller y Núñez de la Peña, the third"))
        yield Case(f"subject-{subject}", long, Wrapping((), coding=Coding(subject=subject)))
    for shape in SHAPES:
        flows = Coding(flowed=True)
        yield Case(f"flowed-{shape}", instant(_LONG), Wrapping((shape,), coding=flows))
        yield Case(f"wrapped-{shape}", approved(_LONG), Wrapping((shape,), width=76))


def _noise() -> Iterator[Case]:
    """Notes above, signatures below, marks in between."""
    shapes = cycle(SHAPES)
    for note in NOTES:
        how = Wrapping((next(shapes),), note=note, carrier="both")
        yield Case(f"note-{note}", instant(BARGE), how)
    for below in BELOW:
        how = Wrapping((next(shapes),), below=below, carrier="both")
        yield Case(f"below-{below}", instant(BARGE), how)
    for seed in range(1, 9):
        yield Case(f"marks-{seed}", instant(JADA), Wrapping((next(shapes),), seed=seed))


def _moments() -> Iterator[Case]:
    """Times at which clocks do odd things, in zones that are not one another's."""
    odd = (
        ("midnight", HERON.but(start=datetime(2026, 8, 1, 0, 0))),  # noqa: DTZ001
        ("noon", JADA.but(start=datetime(2026, 8, 1, 12, 0))),  # noqa: DTZ001
        ("to-midnight", BARGE.but(start=datetime(2026, 8, 1, 21, 0))),  # noqa: DTZ001
        ("over-midnight", HERON.but(start=datetime(2026, 12, 31, 22, 30))),  # noqa: DTZ001
        ("clocks-forward", BARGE.but(start=datetime(2026, 3, 8, 0, 30))),  # noqa: DTZ001
        ("clocks-back", JADA.but(start=datetime(2026, 11, 1, 0, 15))),  # noqa: DTZ001
        ("leap-day", HERON.but(start=datetime(2028, 2, 29, 9, 0), minutes=45)),  # noqa: DTZ001
        ("a-week", JADA.but(minutes=7 * 24 * 60)),
    )
    for name, sold in odd:
        yield Case(f"moment-{name}", instant(sold), Wrapping())
    twice = BARGE.but(start=datetime(2026, 11, 1, 1, 30))  # noqa: DTZ001
    yield Case("moment-twice", instant(twice), Wrapping(), ("starts_at",))


def _people() -> Iterator[Case]:
    """Names that look like something else, or are not in Latin letters."""
    renters = {
        "start": "Start", "obrien": "O'Brien-Müller", "chinese": "李小龙", "hebrew": "משה כהן",
        "arabic": "محمد علي", "comma": "Smith, Jr., John", "emoji": "Ana 🌊", "captain": "Cap Tain",
        "has": "Has Been", "from": "From Here",
    }  # fmt: skip
    for name, renter in renters.items():
        yield Case(f"renter-{name}", instant(BARGE.but(renter=renter)), Wrapping(carrier="both"))
    titles = {
        "colons": "JADA: Sail: San Diego", "date": "Fleet Week Sep 11, 2026 • 11:00 AM special",
        "bullet": "Sunset • Bay • Wine", "emoji": "🚤 Party! 🎉", "captain": "Captain's choice",
        "amount": "The $99 sunset sail (from $840.75)", "renter": "Renter favourite", "long": _TITLE,
        "approved": "approved", "hours": "3 hours of sunshine",
    }  # fmt: skip
    for name, title in titles.items():
        yield Case(
            f"listing-{name}",
            instant(BARGE.but(listing=title, zone=JADA.zone)),  # nobody's boat, so nobody's zone
            Wrapping(carrier="both", page="divs"),
            ("starts_at", "ends_at"),
        )


_TITLE = (
    "The very best sailing that there is on Lake Travis, with a captain, a cooler, a slide, two "
    "paddle boards and a song for each of your friends, if they like songs at all"
)
_LONG = BARGE.but(
    renter="Maria Magdalena Theresia von und zu Hohenfels-Langenburg, on behalf of her friends",
    add_ons="Fishing gear, Cooler with ice, Paddle board (2), Tube, Bluetooth speaker, Sunscreen",
)
