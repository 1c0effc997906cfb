"""Outgoing mail: the sender, and whether the account may write to everybody."""

from bot.doctor.check import Check
from bot.doctor.world import World


async def sender(world: World) -> list[Check]:
    """Whether the sender's address or its domain is verified."""
    address = world.settings.mail.sender
    for identity in (address, address.partition("@")[2]):
        found = await world.aws(
            "sesv2",
            "get_email_identity",
            role_arn=world.settings.mail.role_arn,
            about="the sender's identity",
            absent=frozenset({"NotFoundException"}),
            EmailIdentity=identity,
        )
        if found.get("VerifiedForSendingStatus"):
            return [Check.well("Mail sender", f"{identity} is verified in SES.")]
    return [
        Check.failure(
            "Mail sender",
            f"Neither {address} nor its domain is verified in SES.",
            "Verify the domain in SES (three DNS records), in the region that the bot uses.",
        )
    ]


async def account(world: World) -> list[Check]:
    """Whether SES sends at all, and to people whom it does not know."""
    name = "Mail account"
    answer = await world.aws("sesv2", "get_account", role_arn=world.settings.mail.role_arn)
    if not answer.get("SendingEnabled", True):
        return [
            Check.failure(name, "SES sends nothing for this account.", "See the SES dashboard.")
        ]
    if not answer.get("ProductionAccessEnabled"):
        return [
            Check.warning(
                name,
                "SES is in sandbox mode: it writes only to addresses that are verified.",
                "Ask for production access in SES, or verify each address in mail.operations.",
            )
        ]
    return [Check.well(name, "SES may write to everybody.")]
