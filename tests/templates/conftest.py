from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.artefact import Artefact
from bot.domain.boat import Boat
from bot.domain.charter import Charter
from bot.views.templates import JinjaTemplates


@pytest.fixture
def templates() -> JinjaTemplates:
    return JinjaTemplates(
        public_url="https://queenofsandiego.com/g/{slug}",
        presign_url="https://crew.example/prod/g/presign",
    )


@pytest.fixture
def boat() -> Boat:
    return Boat(
        name="JADA",
        time_zone="America/Los_Angeles",
        capacity=6,
        meeting_point="1880 Harbor Island Drive, San Diego, CA 92101",
    )


@pytest.fixture
def charter(boat: Boat) -> Charter:
    return made(boat)


def made(boat: Boat, **changes: Any) -> Charter:
    values: dict[str, Any] = {
        "booking_id": "xhqgmdh",
        "marketplace": "boatsetter",
        "boat": boat,
        "starts_at": datetime(2026, 5, 30, 10, tzinfo=boat.zone),
        "ends_at": datetime(2026, 5, 30, 13, tzinfo=boat.zone),
        "passengers": 4,
        "guest_name": "Marisol",
        "add_ons": "Paddle board",
        "crew": ("captain", "crew_1"),
        "crew_tasks": ("Check fuel", "Stock cooler"),
        "payout": Decimal("840.75"),
        "currency": "USD",
        "artefacts": {
            "calendar": Artefact(id="entry-7"),
            "crew_event": Artefact(id="event-9", url="https://sailjada.com/crew/event/event-9"),
            "live_check": Artefact(id="page", url="https://queenofsandiego.com/g/xhqgmdh"),
        },
    }
    return Charter(**{**values, **changes})
