"""The policies that people are told to use, filled in for the rehearsal."""

import json
from pathlib import Path
from string import Template

from sandbox.aws import accounts

DEPLOY = Path(__file__).parents[2] / "deploy"


def policy(name: str, distribution_id: str = "") -> str:
    """The filled-in `deploy/iam/{name}.json`.

    Raises:
        KeyError: it holds a placeholder that is not documented.
    """
    text = (DEPLOY / "iam" / f"{name}.json").read_text(encoding="utf-8")
    filled = Template(text).substitute(
        BOT_ACCOUNT=accounts.BOT_ACCOUNT,
        CREW_ACCOUNT=accounts.CREW_ACCOUNT,
        GUEST_ACCOUNT=accounts.GUEST_ACCOUNT,
        REGION=accounts.REGION,
        BOT_USER=accounts.BOT_USER,
        CALENDAR_TABLE=accounts.CALENDAR_TABLE,
        CREW_TABLE=accounts.CREW_TABLE,
        CREW_FUNCTION=accounts.CREW_FUNCTION,
        BUCKET=accounts.GUEST_BUCKET,
        DISTRIBUTION_ID=distribution_id,
        SENDER=accounts.SENDER,
    )
    return json.dumps(json.loads(filled))


def rewrite_function() -> bytes:
    """The code of the guest site's viewer-request function."""
    return (DEPLOY / "cloudfront" / "rewrite.js").read_bytes()
