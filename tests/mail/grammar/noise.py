"""What stands around and between the words: marks that nobody sees, notes, signatures."""

import random

MARKS = ("\u200e", "\u200f", "\u202a", "\u202c", "\u2066", "\u2069", "\u200b", "\u200d", "\ufeff",
         "\u00ad", "\u2060", "\u034f")  # fmt: skip
SPACES = ("\u00a0", "\u202f", "\u2009", "  ")

NOTES = {
    "fyi": "FYI",
    "dates": "Can we do this? We have Sep 19, 2026 • 9:00 AM for $1,250.00 already.",
    "start": "Start\nJan 1, 2020 • 9:00 AM\nEnd\nJan 1, 2020 • 11:00 AM\nPassengers\n40\n$1.00",
    "ids": "Like the last one:\nBooking ID: zzzzzzz\nRenter: Somebody Else\nYou earn\n$5.00",
    "headers": "From: Tuesday on the dock is closed.\nTo: all of us, sorry.\nDate: see above",
    "greeting": "Hi Ana,\n\nplease put this one in.\n\nThanks,\nCap Tain\n+1 (619) 555-0100",
}
BELOW = {
    "signature": "-- \nCap Tain\nCaptain\nQueen of San Diego\n+1 (619) 555-0100\nLocation\nSan Diego",
    "iphone": "Sent from my iPhone",
    "disclaimer": (
        "This e-mail and any files with it are confidential and intended solely for the person\n"
        "to whom they are addressed. If you have received it in error, please delete it.\n"
        "Registered in England No. 01234567. Start: 1999. Duration: perpetual."
    ),
    "phone": "Call me: (619) 555-0100, office hours 9:00 AM to 5:00 PM, $0.10 a minute",
}


def marked(text: str, seed: int) -> str:
    """Unseen marks in labels, values and ids, odd spaces for plain ones."""
    chance = random.Random(seed)
    lines = (_marked_line(line, chance) for line in text.split("\n"))
    return "\n".join(lines)


def _marked_line(line: str, chance: random.Random) -> str:
    return "".join(_marked_char(char, chance) for char in line)


def _marked_char(char: str, chance: random.Random) -> str:
    if char == " " and chance.random() < 0.2:
        return chance.choice(SPACES)
    return chance.choice(MARKS) + char if chance.random() < 0.08 else char
