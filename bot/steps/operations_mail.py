from bot.domain.artefact import Artefact
from bot.domain.charter import Charter
from bot.domain.errors import NeedsPerson, ServiceError, Unknown
from bot.domain.mail_parts import MailParts
from bot.domain.outgoing import Mail
from bot.steps.base import StepServices
from bot.steps.guard import guard_mail

_CAPTAIN = "captain"
_SEE = "Ask the operations manager whether it arrived: Retry would send it again."


class OperationsMailStep:
    """The mail that tells the operations manager what was set up; on demand one to the crew.

    `find` has nothing honest to say: the mail service keeps no list of what it sent. So `do` runs
    at most once unasked, and after a time-out a person decides.
    """

    name = "operations_mail"
    label = "Operations mail"
    needs: tuple[str, ...] = ("crew_event", "live_check")
    repeatable = False
    reads_back = False

    async def find(self, charter: Charter, services: StepServices) -> Artefact | None:  # noqa: ARG002 - the step's shape
        """Always None; see the class."""
        return None

    async def do(self, charter: Charter, services: StepServices) -> Artefact:
        """See `Step.do`. All mails are made and guarded before the first one leaves."""
        operations = _mail(
            services.templates.operations_mail(charter), to=services.operations, bcc=()
        )
        guard_mail("operations mail", operations, charter, services)
        summary = await _crew_summary(charter, services)
        try:
            sent = Artefact(id=await services.mailer.send(operations))
        except Unknown as error:
            # Whoever looks at the mail service finds no list of mails there.
            raise Unknown(error.what, _SEE) from error
        if summary is None:
            return sent
        return sent.model_copy(update={"facts": {"crew_summary": await _second(summary, services)}})


async def _crew_summary(charter: Charter, services: StepServices) -> Mail | None:
    """The crew's mail, if this deployment wants one: to the crew, with the captain in BCC."""
    if not services.crew_summary:
        return None
    captain, others = await _addresses(charter, services)
    parts = services.templates.crew_summary(charter)
    mail = _mail(parts, to=others or services.operations, bcc=captain)
    guard_mail("crew summary", mail, charter, services)
    return mail


async def _addresses(
    charter: Charter, services: StepServices
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The captain's addresses and the other members', as the crew service has them."""
    event_id = charter.artefacts["crew_event"].id
    event = await services.crew_table.get(event_id) if services.crew_table else None
    by_address = {
        address: _CAPTAIN in {str(member.get(key, "")).lower() for key in ("id", "role", "name")}
        for member in (event.crew if event else ())
        if (address := str(member.get("email") or ""))
    }
    if not by_address:
        raise NeedsPerson(
            "The crew summary has nobody to go to: the stored crew event has no addresses.",
            "Check the crew in the crew service, or set crew_summary = false in charter.toml, "
            "then press Retry. No mail was sent.",
        )
    captain = tuple(address for address, is_captain in by_address.items() if is_captain)
    return captain, tuple(a for a, is_captain in by_address.items() if not is_captain)


async def _second(summary: Mail, services: StepServices) -> str:
    """Send the crew's mail, now that the first is out and nothing can be simply tried again."""
    try:
        return await services.mailer.send(summary)
    except ServiceError as error:
        said = "The operations mail went out; the crew summary "
        if isinstance(error, Unknown):
            raise Unknown(f"{said}may not have: {error.what}", error.hint) from error
        hint = f"{error.hint} Retry sends both again.".strip()
        raise NeedsPerson(f"{said}did not: {error.what}", hint) from error


def _mail(parts: MailParts, *, to: tuple[str, ...], bcc: tuple[str, ...]) -> Mail:
    return Mail(to=to, bcc=bcc, subject=parts.subject, text=parts.text, html=parts.html)
