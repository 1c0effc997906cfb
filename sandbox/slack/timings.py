"""How long Slack waits for what, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timings:
    ack: float = 3.0
    trigger: float = 3.0
    response_url: float = 30 * 60.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    goodbye: float = 10.0

    def scaled_retries(self, scale: float) -> "Timings":
        """The same, with events re-delivered after `scale` times Slack's delays."""
        retries = tuple(delay * scale for delay in self.retries)
        return Timings(self.ack, self.trigger, self.response_url, retries, self.goodbye)
