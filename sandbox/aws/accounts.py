"""The three accounts of the rehearsal, and what is named how in them."""

REGION = "us-west-2"

BOT_ACCOUNT = "111111111111"
CREW_ACCOUNT = "222222222222"
GUEST_ACCOUNT = "333333333333"

BOT_USER = "charter-bot"
MAIL_ROLE = f"arn:aws:iam::{BOT_ACCOUNT}:role/charter-bot-mail"
CREW_ROLE = f"arn:aws:iam::{CREW_ACCOUNT}:role/charter-bot-crew"
GUEST_ROLE = f"arn:aws:iam::{GUEST_ACCOUNT}:role/charter-bot-guest-pages"

CALENDAR_TABLE = "JadaCalendar-Prod"  # partition key id
CREW_TABLE = "scc-events"  # partition key event_id
BOOKING_INDEX = "booking_id-index"  # on both tables, everything projected
CREW_FUNCTION = "ShipCaptainCrew"

GUEST_BUCKET = "queenofsandiego.com"
HOUSE_BUCKET = "sailjada.com"
REWRITE_FUNCTION = "charter-guest-pages"

JADA_SECRET = "charter/jada"
CREW_SECRET = "charter/scc"
GUEST_SECRET = "charter/guest"

SENDER = "charters@sailjada.com"
CREW_SENDER = "crew@sailjada.com"
SENDER_DOMAIN = "sailjada.com"
