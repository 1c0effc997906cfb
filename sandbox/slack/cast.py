"""Who and what is in the rehearsal's workspace."""

from sandbox.slack.state import Channel, Group, Identity, User

IDENTITY = Identity(
    team_id="T0CHARTERS",
    team_name="Charters",
    team_domain="charters",
    app_id="A0CHARTERS",
    bot_id="B0CHARTERBOT",
    bot_user="U0CHARTERBOT",
    bot_name="charterbot",
    bot_token="xoxb-sandbox-000000000000-charters",
    app_token="xapp-1-A0CHARTERS-sandbox-000000000000",
    verification_token="sandbox-verification",
)

SCOPES = (
    "channels:history",
    "groups:history",
    "channels:read",
    "groups:read",
    "files:read",
    "files:write",
    "chat:write",
    "commands",
    "users:read",
    "usergroups:read",
)
EVENTS = ("message.channels", "message.groups", "app_home_opened")


def users() -> list[User]:
    return [
        User("U0CAPTAIN", "captain", "Cap Tain"),
        User("U0MATE", "mate", "First Mate"),
        User("U0CREW", "crew", "Crew One"),
        User("U0STRANGER", "stranger", "Stranger"),
        User("U0CHARTERBOT", "charterbot", "Charter Bot", is_bot=True),
        User("USLACKBOT", "slackbot", "Slackbot"),
    ]


def groups() -> list[Group]:
    return [Group("S0OPS", "ops", "Operators", ["U0MATE"])]


def channels() -> list[Channel]:
    everyone = {"U0CAPTAIN", "U0MATE", "U0CREW", "U0STRANGER"}
    return [
        Channel("C0CHARTERS", "charters", members=everyone | {"U0CHARTERBOT"}),
        Channel("C0DOCK", "dock", members=set(everyone)),
        Channel("C0YARD", "yard", members=everyone | {"U0CHARTERBOT"}),
        Channel("G0OWNERS", "owners", members={"U0CAPTAIN"}, is_private=True),
    ]
