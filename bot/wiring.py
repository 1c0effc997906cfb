"""The only place where implementations are chosen."""

import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from os import environ
from urllib.parse import urlsplit

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.booking import Booking
from bot.domain.money import Costs, OwnerSums
from bot.engine import Engine
from bot.orchestration.authority import Authority
from bot.orchestration.homes import Homes
from bot.orchestration.mail_reader import MailReader
from bot.orchestration.narrator import Narrator
from bot.orchestration.policy import Policy
from bot.orchestration.posts import Posts
from bot.orchestration.quarantine import Quarantine
from bot.redaction import Redactor
from bot.services.aws import AwsAccounts
from bot.services.calendar import JadaCalendar
from bot.services.crew_links import ApiLinks, MintedLinks
from bot.services.crew_service import ShipCaptainCrew
from bot.services.crew_table import DynamoCrewTable
from bot.services.dynamo import BookingLookup
from bot.services.edge import CloudFrontEdge
from bot.services.google_calendar import GOOGLE_TOKEN_URL, GoogleCalendar, GoogleToken
from bot.services.guest_pages import S3GuestPages
from bot.services.http import HttpService, tls
from bot.services.mailer import SesMailer
from bot.services.ports import Calendar, CrewLinks, CrewTable, Secrets
from bot.services.public_site import GuestSite
from bot.services.secrets import SecretStore
from bot.services.slack import SlackChat
from bot.services.text_records import DnsTextRecords
from bot.settings import Environment, GoogleCalendarSettings, Settings
from bot.steps.base import StepServices
from bot.store.store import Store
from bot.views.text import money
from bot.wiring_templates import templates_of


def utc_now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


class Outside:
    """Every outside system but Slack, each with one client, made at the start."""

    def __init__(self, settings: Settings, redactor: Redactor) -> None:
        self._settings = settings
        self._tls = tls()
        self._closing = AsyncExitStack()
        self.aws = AwsAccounts()
        self._closing.push_async_callback(self.aws.close)
        self.secrets: Secrets = SecretStore(
            environ, self.aws.client("secretsmanager"), hide=redactor.hide
        )
        crew, pages, mail = settings.crew_service, settings.guest_pages, settings.mail
        crew_dynamodb = self.aws.client("dynamodb", crew.role_arn)
        self.crew_table: CrewTable = DynamoCrewTable(crew_dynamodb, crew.table)
        templates = templates_of(settings)
        crew_service = ShipCaptainCrew(
            self._http("The crew service", crew.url),
            self.secrets,
            key=crew.key,
            credential=crew.credential,
            lookup=BookingLookup(crew_dynamodb, crew.table, "event_id"),
            crew_link=crew.crew_link,
            function=crew.function,
        )
        mailer = SesMailer(self.aws.client("sesv2", mail.role_arn), sender=mail.sender)
        public = urlsplit(pages.public_url)
        self.steps = StepServices(
            calendar=self._calendar(),
            crew_service=crew_service,
            guest_pages=S3GuestPages(
                self.aws.client("s3", pages.role_arn),
                bucket=pages.bucket,
                key=pages.key,
                case_alias=pages.case_alias,
            ),
            edge=CloudFrontEdge(
                self.aws.client("cloudfront", pages.role_arn),
                self.secrets,
                distribution_id=pages.distribution_id,
            ),
            public_site=GuestSite(
                self._http("The guest site", f"{public.scheme}://{public.netloc}"),
                pages.public_url,
            ),
            mailer=mailer,
            templates=templates,
            operations=mail.operations,
            costs=costs_of(settings),
            crew_summary=mail.crew_summary,
            crew_table=self.crew_table,
        )
        self.crew_links: CrewLinks = (
            ApiLinks(crew_service)
            if crew.link_secret is None or crew.resend == "api"
            else MintedLinks(
                self.crew_table,
                mailer,
                templates,
                self.secrets,
                signing_secret=crew.link_secret,
                crew_link=crew.crew_link,
                now=utc_now,
            )
        )

    async def close(self) -> None:
        """Give every connection back."""
        await self._closing.aclose()

    def _calendar(self) -> Calendar:
        calendar = self._settings.calendar
        if isinstance(calendar, GoogleCalendarSettings):
            token = GoogleToken(
                self._http("Google's sign-in", GOOGLE_TOKEN_URL),
                self.secrets,
                credentials=calendar.credentials,
            )
            http = self._http("Google Calendar", calendar.url)
            return GoogleCalendar(http, token, calendar_id=calendar.calendar_id)
        return JadaCalendar(
            self._http("The calendar", calendar.url),
            self.secrets,
            token=calendar.token,
            lookup=BookingLookup(self.aws.client("dynamodb"), calendar.table, "id"),
        )

    def _http(self, name: str, url: str) -> HttpService:
        service = HttpService(name, url, verify=self._tls)
        self._closing.push_async_callback(service.close)
        return service


@dataclass(frozen=True)
class House:
    """The parts of a running bot that are chosen here and used elsewhere."""

    store: Store
    engine: Engine
    outside: Outside
    client: AsyncWebClient
    chat: SlackChat
    authority: Authority
    policy: Policy
    posts: Posts
    narrator: Narrator
    homes: Homes
    reader: MailReader


def build(settings: Settings, redactor: Redactor) -> House:
    """Choose and connect everything. Opens and migrates the database; asks nothing of the network.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be opened or migrated.
    """
    environment = settings.environment
    hide_environment(environment, redactor)
    outside = Outside(settings, redactor)  # its clients are made in the background, meanwhile
    store = Store.open(database_url(environment))
    client = slack_client(environment)
    chat = SlackChat(client)
    policy = policy_of(settings, redactor)
    posts = Posts(store, chat, utc_now)
    authority = Authority(settings.slack.operators, chat, clock=time.monotonic)
    homes = Homes(store, chat, authority, utc_now)
    engine = Engine(database_url(environment), slots=settings.slots)
    narrator = Narrator(store, posts, policy, utc_now, changed=homes.touch, alone=engine.alone)
    return House(
        store=store,
        engine=engine,
        outside=outside,
        client=client,
        chat=chat,
        authority=authority,
        policy=policy,
        posts=posts,
        narrator=narrator,
        homes=homes,
        reader=MailReader(Quarantine(), DnsTextRecords(environment.charter_dns)),
    )


def hide_environment(environment: Environment, redactor: Redactor) -> None:
    """Have the log never show a token."""
    redactor.hide(
        environment.slack_bot_token.get_secret_value(),
        environment.slack_app_token.get_secret_value(),
        environment.slack_signing_secret.get_secret_value(),
    )


def policy_of(settings: Settings, redactor: Redactor) -> Policy:
    """What the deployment has decided."""
    costs = costs_of(settings)

    def sums(booking: Booking) -> Mapping[str, str]:
        if booking.owner_payout is None:
            return {}
        owner = OwnerSums.of(booking.owner_payout, costs)
        return {"Net to the owner": money(owner.net, booking.currency)}

    def hide(booking: Booking) -> None:
        if booking.owner_payout is not None:
            owner = OwnerSums.of(booking.owner_payout, costs)
            redactor.hide_amount(owner.payout, owner.net, owner.port_fee)

    return Policy(
        channel=settings.slack.channel,
        boats=settings.boats,
        show_payout=settings.slack.show_payout,
        sums=sums,
        hide=hide,
    )


def costs_of(settings: Settings) -> Costs:
    """The owner's costs, as configured."""
    return Costs(**settings.money.model_dump())


def database_url(environment: Environment) -> str:
    """Where the bot's tables are."""
    return environment.charter_database_url.get_secret_value()


def slack_client(environment: Environment) -> AsyncWebClient:
    """The Web API, as the bot."""
    return AsyncWebClient(
        token=environment.slack_bot_token.get_secret_value(),
        base_url=f"{environment.slack_api_url.rstrip('/')}/",
    )
