"""Who the crew are. The crew service alone knows their addresses."""

from collections.abc import Iterable
from types import MappingProxyType

_PEOPLE = MappingProxyType(
    {
        "captain": {"name": "Cap Tain", "email": "captain@example.com", "role": "captain"},
        "crew_1": {"name": "Crew One", "email": "crew.one@example.com", "role": "crew"},
        "crew_2": {"name": "Crew Two", "email": "crew.two@example.com", "role": "crew"},
        "crew_3": {"name": "Crew Three", "email": "crew.three@example.com", "role": "crew"},
    }
)
CAPTAIN_ADDRESS = _PEOPLE["captain"]["email"]


class UnknownCrewError(ValueError):
    """Somebody who is not on the roster was asked for."""


def members(needed: Iterable[str]) -> list[dict[str, str]]:
    """The members of an event, in the order in which they were asked for."""
    asked = list(needed)
    unknown = [name for name in asked if name not in _PEOPLE]
    if unknown:
        raise UnknownCrewError(f"not on the roster: {', '.join(unknown)}")
    return [{"id": name, **_PEOPLE[name]} for name in asked]
