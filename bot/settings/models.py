"""charter.toml and the environment as types: a section is a model, a key is a field."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PrivateAttr, SecretStr, field_validator
from pydantic_core.core_schema import ValidationInfo

from bot.domain.boat import Boat, boat_for_listing
from bot.domain.frozen import Frozen
from bot.settings.guest_pages import GuestPagesSettings
from bot.settings.values import (
    Channel,
    CrewLink,
    CrewServiceUrl,
    Flag,
    MailAddress,
    NameServer,
    Operator,
    RoleArn,
    SecretReference,
    Text,
    Url,
    check_database_url,
    some,
)


class SlackSettings(Frozen):
    """Where mail arrives, and who may act on it."""

    channel: Channel
    operators: Annotated[tuple[Operator, ...], AfterValidator(some)]
    show_payout: Flag = True


class JadaCalendarSettings(Frozen):
    """The operator's own calendar. `table` is read where its API has no look-up."""

    kind: Literal["jada"]
    url: Url
    token: SecretReference
    table: Text = "JadaCalendar-Prod"


class GoogleCalendarSettings(Frozen):
    """A Google calendar, written to by a service account."""

    kind: Literal["google"]
    calendar_id: Text
    credentials: SecretReference
    url: Url = "https://www.googleapis.com/calendar/v3"


class CrewServiceSettings(Frozen):
    """The service that calls the crew. `link_secret` signs crew links when resend is "ses"."""

    url: CrewServiceUrl
    key: SecretReference
    credential: Literal["x-service-key", "x-service-key-sha256", "authorization", "body"] = (
        "x-service-key"
    )
    table: Text = "scc-events"
    function: Text = "ShipCaptainCrew"
    crew_link: CrewLink
    resend: Literal["api", "ses"] = "api"
    link_secret: SecretReference | None = Field(default=None, validate_default=True)
    role_arn: RoleArn = ""

    @field_validator("link_secret")
    @classmethod
    def _needed_to_sign(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("resend") == "ses":
            raise ValueError('is needed when resend = "ses": it signs the links that are minted')
        return value


class MailSettings(Frozen):
    """Outgoing mail."""

    sender: MailAddress
    operations: Annotated[tuple[MailAddress, ...], AfterValidator(some)]
    crew_summary: Flag = False
    role_arn: RoleArn = ""


class InboundSettings(Frozen):
    """Mail that comes by HTTP. Without the `secret` that signs it there is no such endpoint."""

    secret: SecretReference | None = None


class MoneySettings(Frozen):
    """The owner's own sums, in the payout's currency; they leave for nobody."""

    crew_cost: Decimal = Field(default=Decimal(0), ge=0)
    captain_fee: Decimal = Field(default=Decimal(0), ge=0)
    port_fee_percent: Decimal = Field(default=Decimal(0), ge=0, le=100)


class EngineSettings(Frozen):
    """How many replicas work at once on one PostgreSQL server; further ones wait as spares.

    Slack lets ten connect.
    """

    slots: int = Field(default=1, ge=1, le=10)


TOKENS = {
    "SLACK_BOT_TOKEN": "Slack app, OAuth & Permissions",
    "SLACK_APP_TOKEN": "Slack app, Basic Information, App-Level Tokens",
    "SLACK_SIGNING_SECRET": "Slack app, Basic Information, App Credentials",
}


class Environment(Frozen):
    """The environment variables that are the bot's own; AWS's are read by boto3 itself."""

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: Url = "https://slack.com/api"
    charter_database_url: SecretStr = SecretStr("sqlite:///var/charter.db")
    charter_config: Path = Path("charter.toml")
    charter_dns: NameServer = ""
    charter_slots: int | None = Field(default=None, ge=1, le=10)

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, token: SecretStr) -> SecretStr:
        return _starting("xoxb-", token, TOKENS["SLACK_BOT_TOKEN"])

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, token: SecretStr) -> SecretStr:
        return _starting("xapp-", token, TOKENS["SLACK_APP_TOKEN"])

    @field_validator("charter_database_url")
    @classmethod
    def _database(cls, url: SecretStr) -> SecretStr:
        check_database_url(url.get_secret_value())
        return url

    @property
    def on_one_machine(self) -> bool:
        """Whether the database is a file, which one bot works on."""
        return self.charter_database_url.get_secret_value().startswith("sqlite:")

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The variables that are set and not empty, over the defaults."""
        names = {name: name.upper() for name in cls.model_fields}
        return cls.model_validate({n: environ[v] for n, v in names.items() if environ.get(v)})


def _starting(prefix: str, token: SecretStr, found_in: str) -> SecretStr:
    if token.get_secret_value() and not token.get_secret_value().startswith(prefix):
        raise ValueError(f"must start with {prefix} ({found_in})")
    return token


def _one_boat_a_listing(boats: tuple[Boat, ...]) -> tuple[Boat, ...]:
    for boat in boats:
        for listing in boat.listings:
            other = boat_for_listing(boats, listing)
            if other is not None and other is not boat:
                raise ValueError(
                    f"{other.name} and {boat.name} share the listing {listing!r}; "
                    "a listing must lead to one boat"
                )
    names = [boat.name.casefold() for boat in boats]
    if len(set(names)) < len(names):
        raise ValueError("two boats have the same name")
    return boats


Boats = Annotated[tuple[Boat, ...], AfterValidator(some), AfterValidator(_one_boat_a_listing)]


class Settings(Frozen):
    """A whole charter.toml, with the environment that it runs in."""

    slack: SlackSettings
    calendar: Annotated[JadaCalendarSettings | GoogleCalendarSettings, Field(discriminator="kind")]
    crew_service: CrewServiceSettings
    guest_pages: GuestPagesSettings
    mail: MailSettings
    inbound: InboundSettings = InboundSettings()
    money: MoneySettings = MoneySettings()
    engine: EngineSettings = EngineSettings()
    boats: Boats
    _environment: Environment = PrivateAttr(default_factory=Environment)

    @property
    def environment(self) -> Environment:
        """The environment variables that it was loaded with."""
        return self._environment

    @property
    def slots(self) -> int:
        """How many replicas work at once; CHARTER_SLOTS is stronger than the file."""
        return self._environment.charter_slots or self.engine.slots

    def secret_references(self) -> Mapping[str, str]:
        """Every secret reference, by the key that holds it."""
        found = {
            "crew_service.key": self.crew_service.key,
            "guest_pages.distribution_id": self.guest_pages.distribution_id,
        }
        if isinstance(self.calendar, JadaCalendarSettings):
            found["calendar.token"] = self.calendar.token
        else:
            found["calendar.credentials"] = self.calendar.credentials
        if self.crew_service.link_secret:
            found["crew_service.link_secret"] = self.crew_service.link_secret
        if self.inbound.secret:
            found["inbound.secret"] = self.inbound.secret
        return found
