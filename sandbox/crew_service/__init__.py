"""ShipCaptainCrew: calls the crew as soon as an event is created."""

from sandbox.crew_service.credentials import CrewSwitches, digest
from sandbox.crew_service.service import CrewService

__all__ = ["CrewService", "CrewSwitches", "digest"]
