from pathlib import Path

import pytest

from bot.domain.boat import Boat

MAILS = Path(__file__).parent.parent / "mails"


@pytest.fixture(scope="session")
def boats() -> tuple[Boat, ...]:
    return (
        Boat(
            name="JADA",
            listings=("Sail San Diego Bay aboard JADA",),
            time_zone="America/Los_Angeles",
            capacity=6,
        ),
        Boat(
            name="Party Barge",
            listings=("Lake Travis Party Barge",),
            time_zone="America/Chicago",
            capacity=14,
        ),
        Boat(
            name="Night Heron",
            listings=("Night Heron: Key West after dark",),
            time_zone="America/New_York",
            capacity=6,
        ),
    )


@pytest.fixture(scope="session")
def mails() -> Path:
    return MAILS
