"""Outgoing mail by SES."""

from bot.domain.errors import NeedsPerson
from bot.domain.outgoing import Mail
from bot.services.aws import AnsweredCodeError, AwsClient

_NOT_VERIFIED = frozenset({"MessageRejected", "MailFromDomainNotVerifiedException"})
_SUSPENDED = frozenset({"AccountSuspendedException", "SendingPausedException"})


class SesMailer:
    """Sends by SES, version 2 of its API.

    Args:
        ses: a "sesv2" client in the sender's account.
        sender: an address or domain that is verified there.
    """

    def __init__(self, ses: AwsClient, sender: str) -> None:
        self._ses = ses
        self._sender = sender

    async def send(self, mail: Mail) -> str:
        """Send once and return SES's message id. Not idempotent; `bcc` is seen by nobody else.

        Raises:
            Unknown: the request went out and no answer came back.
            NeedsPerson: SES takes no mail from this sender, or none to these recipients.
        """
        try:
            answer = await self._ses.call(
                "send_email",
                about="mail from the configured sender",
                passing=_NOT_VERIFIED | _SUSPENDED,
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": list(mail.to), "BccAddresses": list(mail.bcc)},
                Content={
                    "Simple": {
                        "Subject": _utf8(mail.subject),
                        "Body": {"Text": _utf8(mail.text), "Html": _utf8(mail.html)},
                    }
                },
            )
        except AnsweredCodeError as error:
            code = error.code
        else:
            return str(answer["MessageId"])
        if code in _SUSPENDED:
            raise NeedsPerson(f"SES sends no mail for this account ({code}).", _SUSPENDED_HINT)
        raise NeedsPerson(f"SES does not take this mail ({code}).", _NOT_VERIFIED_HINT)


_SUSPENDED_HINT = "See the account dashboard of SES: sending is paused or suspended there."
_NOT_VERIFIED_HINT = (
    "Verify the sender in SES. While the account is in the SES sandbox, every recipient must be "
    "verified as well: ask AWS for production access."
)


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
