"""What is played: which call of an operation meets the fault, and what people do there."""

from dataclasses import dataclass
from typing import Any

from bot.views.press import RESEND, SCRUB
from tests.matrix.server import PAGE
from tests.torture.people import PAYOUTS, _file
from tests.torture.slack import CAPTAIN, CHANNEL
from tests.torture.world import Delivery, World

BOOKING = "xhqgmdh"
REVENUE = f"Bring sunscreen. Payout: ${PAYOUTS[0]}"
_URL = "https://files.slack.com/files-pri/F1/mail.eml"


@dataclass(frozen=True)
class Moment:
    """`first`: the call that is the first to meet the fault. `button`: what is pressed at last."""

    operation: str
    when: str = ""
    first: int = 1
    button: str = ""
    by_file: bool = False

    @property
    def name(self) -> str:
        """For a heading."""
        return f"{self.operation}, {self.when}" if self.when else self.operation


MOMENTS = (
    Moment("Slack post", "of the card"),
    Moment("Slack post", "in the thread", first=2),
    Moment("Slack update"),
    Moment("Slack file download", by_file=True),
    Moment("calendar find", "before the entry is made"),
    Moment("calendar find", "to read the entry back", first=2),
    Moment("calendar create"),
    Moment("crew service find", "before the crew is called"),
    Moment("crew service find", "to read the event back", first=2),
    Moment("crew service create"),
    Moment("crew service resend", button=RESEND),
    Moment("S3 get", "before the page is put"),
    Moment("S3 get", "to read the page back", first=3),
    Moment("S3 put"),
    Moment("CloudFront invalidate"),
    Moment("CloudFront status"),
    Moment("public site fetch"),
    Moment("SES send"),
    Moment("DynamoDB get", button=SCRUB),
    Moment("DynamoDB update", button=SCRUB),
    Moment("Secrets Manager get"),
)
OTHER_VALUES: dict[str, Any] = {"chat.download": PAGE, "site.fetch": PAGE}


def drops_a_file(world: World) -> None:
    """The captain drops an `.eml` into the channel, which must be fetched before it can be read."""
    text = _file(BOOKING, 1)["plain_text"]
    raw = (
        "From: Cap Tain <captain@example.com>\nTo: charters@example.com\n"
        "Subject: Fwd: You have a new Instant Booking for Jan 6, 2031.\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
        "---------- Forwarded message ---------\n"
        "From: Boatsetter <boatsetter@mail.boatsetter.com>\n"
        "Subject: You have a new Instant Booking for Jan 6, 2031.\n\n" + text
    ).encode()
    world.workspace.files[_URL] = raw
    file = {
        "id": "F1",
        "mode": "hosted",
        "filetype": "eml",
        "name": "mail.eml",
        "mimetype": "message/rfc822",
        "size": len(raw),
        "url_private_download": _URL,
    }
    ts = world.workspace.next_ts()
    event = {"type": "message", "subtype": "file_share", "channel": CHANNEL, "ts": ts}
    event |= {"user": CAPTAIN, "files": [file]}
    world.workspace.mails.append(event)
    body = {"event_id": "Ev1", "event": event}
    key = f"mail:{CHANNEL}:{ts}:F1"
    world.deliver(Delivery(0.0, "event", "message", body, who=CAPTAIN, key=key))
