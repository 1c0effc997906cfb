"""Slack: the tokens, their scopes, the channel, and those who may act."""

from bot.doctor.check import Check
from bot.doctor.world import World

# Those of manifest.yml.
SCOPES = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "usergroups:read",
        "users:read",
    }
)
_INSTALL = "Open the app at api.slack.com/apps, reinstall it and set the new SLACK_BOT_TOKEN."


async def bot_token(world: World) -> list[Check]:
    """Whose token it is, and what it may do."""
    answer = await world.slack("auth.test")
    if answer.error:
        return [Check.failure("Slack bot token", f"Slack refuses it: {answer.error}.", _INSTALL)]
    who = f"{answer.data.get('user')} in {answer.data.get('team')}"
    granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")}
    missing = ", ".join(sorted(SCOPES - granted))
    scopes = (
        Check.failure(
            "Slack scopes",
            f"Not granted: {missing}.",
            "Paste manifest.yml into the app's manifest and reinstall the app.",
        )
        if missing
        else Check.well("Slack scopes", f"All {len(SCOPES)} are granted.")
    )
    return [Check.well("Slack bot token", f"It belongs to {who}."), scopes]


async def app_token(world: World) -> list[Check]:
    """Whether Socket Mode can be opened; nothing is connected."""
    name = "Slack app token"
    if not world.settings.environment.slack_app_token.get_secret_value():
        return [Check.well(name, "Not set: events come over HTTP.")]
    answer = await world.slack("apps.connections.open", as_app=True)
    if answer.error:
        return [
            Check.failure(
                name,
                f"Socket Mode cannot be opened: {answer.error}.",
                "Turn Socket Mode on, make an app-level token with connections:write and set "
                "SLACK_APP_TOKEN.",
            )
        ]
    return [Check.well(name, "Socket Mode can be opened.")]


async def channel(world: World) -> list[Check]:
    """Whether the bot is in the channel where mail arrives."""
    name, where = "Slack channel", world.settings.slack.channel
    answer = await world.slack("conversations.info", channel=where)
    if answer.error:
        return [
            Check.failure(
                name,
                f"{where}: {answer.error}.",
                "Check slack.channel in charter.toml: it is the id at the end of the channel's "
                "details. A private channel shows only to a bot that was invited.",
            )
        ]
    found = answer.data["channel"]
    if found.get("is_archived"):
        return [Check.failure(name, f"#{found.get('name')} is archived.", "Name another channel.")]
    if not found.get("is_member"):
        return [
            Check.failure(
                name, f"The bot is not in #{found.get('name')}.", "Type /invite @Charter there."
            )
        ]
    return [Check.well(name, f"The bot is in #{found.get('name')}.")]


async def operators(world: World) -> list[Check]:
    """Whether those who may act exist."""
    return [await _operator(world, who) for who in world.settings.slack.operators]


async def _operator(world: World, who: str) -> Check:
    name, hint = f"Operator {who}", "Correct slack.operators in charter.toml."
    if who.startswith("S"):
        answer = await world.slack("usergroups.users.list", usergroup=who)
        if answer.error:
            return Check.failure(name, f"There is no such user group: {answer.error}.", hint)
        members = len(answer.data.get("users") or ())
        if not members:
            return Check.warning(name, "The user group is empty.", "Add people to it in Slack.")
        return Check.well(name, f"A user group of {members}.")
    answer = await world.slack("users.info", user=who)
    if answer.error:
        return Check.failure(name, f"There is no such user: {answer.error}.", hint)
    if answer.data["user"].get("deleted"):
        return Check.warning(name, "The user was deactivated.", hint)
    return Check.well(name, "The user exists.")
