"""Who wrote a mail, as far as its signature tells."""

from enum import StrEnum

from bot.domain.frozen import Frozen


class Proof(StrEnum):
    """What became of a mail's signature. Persisted with every proposal."""

    VERIFIED = "verified"
    FAILED = "failed"
    UNTOLD = "untold"


class Sender(Frozen):
    """Whether the marketplace itself wrote the mail.

    `why`: half a sentence for the card, to follow what the proof is called there.
    """

    proof: Proof = Proof.UNTOLD
    why: str = "a forwarded mail does not prove who wrote it"

    @property
    def failed(self) -> bool:
        """Whether somebody may have tampered with the mail; to be said loudly."""
        return self.proof is Proof.FAILED
