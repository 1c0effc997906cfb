"""Whom a person at the page can act as, and what each may do."""

from types import MappingProxyType

ROLES = MappingProxyType(
    {
        "U0CAPTAIN": "Operator",
        "U0MATE": "Second operator",
        "U0CREW": "Crew member",
        "U0STRANGER": "Stranger",
    }
)
