from typing import Any

import pytest

from bot.domain.errors import NeedsPerson, Retriable, Unknown
from bot.domain.outgoing import Mail
from bot.services.aws import AwsAccounts, AwsLimits
from bot.services.mailer import SesMailer

MAIL = Mail(
    to=("ops@sailjada.com",),
    bcc=("captain@sailjada.com", "mate@sailjada.com"),
    subject="JADA on 30 May: ready for Zoë",
    text="Ahoy, Zoë",
    html="<p>Ahoy, Zoë</p>",
)


@pytest.fixture
def verified(emulator: Any) -> None:
    """The sender's domain is verified, and the account still in SES's sandbox."""
    ses = emulator.admin("sesv2", emulator.home)
    ses.put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://x.example", ProductionAccessEnabled=False
    )
    try:
        ses.create_email_identity(EmailIdentity="sailjada.com")
    except ses.exceptions.AlreadyExistsException:
        return


@pytest.mark.usefixtures("verified")
async def test_a_mail_arrives_with_both_bodies_and_its_blind_copies(
    accounts: AwsAccounts, emulator: Any
) -> None:
    before = len(emulator.mailbox(emulator.home))
    message_id = await SesMailer(accounts.client("sesv2"), "charters@sailjada.com").send(MAIL)
    (mail,) = emulator.mailbox(emulator.home)[before:]
    assert mail["MessageId"] == message_id
    assert mail["Source"] == "charters@sailjada.com"
    assert (mail["To"], mail["BCC"], mail["CC"]) == ([*MAIL.to], [*MAIL.bcc], [])
    assert (mail["Subject"], mail["BodyText"], mail["BodyHtml"]) == (
        MAIL.subject,
        MAIL.text,
        MAIL.html,
    )


@pytest.mark.usefixtures("verified")
async def test_an_unverified_sender_or_recipient_is_explained_without_addresses(
    accounts: AwsAccounts,
) -> None:
    ses = accounts.client("sesv2")
    stranger = MAIL.model_copy(update={"bcc": ("stranger@example.com",)})
    for sender, mail in (("me@example.com", MAIL), ("charters@sailjada.com", stranger)):
        with pytest.raises(NeedsPerson, match="MessageRejected") as told:
            await SesMailer(ses, sender).send(mail)
        assert "SES sandbox" in told.value.hint
        assert "example.com" not in repr(told.value)


@pytest.mark.usefixtures("accounts")
async def test_a_mail_whose_fate_is_unclear_is_never_sent_again_here(
    stand_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", stand_in.url)
    own = AwsAccounts(limits=AwsLimits(read=0.3, threads=1))
    mailer = SesMailer(own.client("sesv2"), "charters@sailjada.com")
    for status, code, expected in (
        (400, "SendingPausedException", NeedsPerson),
        (429, "TooManyRequestsException", Retriable),
        (500, "InternalFailure", Unknown),
    ):
        stand_in.answers(status, {"message": "canary"}, X_Amzn_ErrorType=code)
        with pytest.raises(expected, match=code):
            await mailer.send(MAIL)
    stand_in.never_answers()
    with pytest.raises(Unknown, match="did not answer in time"):
        await mailer.send(MAIL)
    assert len(stand_in.asked) == 4
    await own.close()
