"""Messages about mails that came without one of their own, and about those that drifted."""

import re

from slack_sdk.models.blocks import RichTextElementParts

from bot.domain.attachment import Attachment
from bot.domain.booking import Kind
from bot.domain.message import Message
from bot.views import blocks
from bot.views.blocks import Element, Line
from bot.views.text import inert, plain

_BEFORE = {
    Kind.CHANGED: "a change of a booking. What I said then stands in its thread or the booking's.",
    Kind.CANCELLED: "a cancellation. What I said then stands in its thread or the booking's.",
    Kind.INFORMATIONAL: "for information only, so nothing was done.",
    Kind.UNRECOGNISED: "no booking that I can read. What I said then stands in its thread.",
}
_SUBJECT, _SENDER, _MARKETPLACE, _COMMAND = 200, 150, 40, 150
# Without digits, which could be an amount's.
_DOMAIN = re.compile(r"[A-Za-z-]{1,63}(?:\.[A-Za-z-]{1,63}){1,5}")
_WITHHELD = "not shown here, for it may name the payout or the renter"


def came_by_http(
    subject: str,
    sender: str,
    *,
    marketplace: str | None,
    key: str,
    attachment: Attachment,
    shows_money: bool,
) -> Message:
    """The first message of a thread about a mail that came by HTTP.

    Subjects, names and addresses may hold amounts and are a renter's own, so where crew read the
    channel it says no more than which marketplace's mail it is, or whose domain it came from.
    """
    if shows_money:
        subject = plain(subject, _SUBJECT) or "no subject"
        sender = plain(sender, _SENDER) or "nobody named"
    else:
        subject = _WITHHELD
        sender = plain((marketplace or "").title(), _MARKETPLACE) or _domain(sender) or _WITHHELD
    lines: list[Line] = [
        (blocks.bold("A mail came in by HTTP."),),
        blocks.fact("Subject", subject, _SUBJECT),
        blocks.fact("From", sender, _SENDER),
        _where(attachment, key),
    ]
    fallback = f"A mail came in by HTTP: {inert(subject, _SUBJECT)} from {inert(sender)}"
    return blocks.message(fallback, [blocks.rich(lines)])


def drift_alarm(
    marketplace: str, *, key: str, attachment: Attachment, mail_link: str | None
) -> Message:
    """To everybody: a known sender writes in a form that is not known."""
    who = plain(marketplace.title(), _MARKETPLACE)
    what = f"{who} mail in a form that I do not know. Nothing was set up."
    advice = (
        "Please read the mail yourself: if it is a booking, it has to be set up by hand until the "
        "reader knows its template. Others like it within the hour are answered in their threads "
        "alone."
    )
    lines: list[Line] = [
        (blocks.bold(what),),
        (blocks.words(advice, 400),),
        (blocks.glue("The mail: "), blocks.link(mail_link, "its message"), blocks.glue(".")),
        _where(attachment, key),
        (
            blocks.glue("For whoever mends the reader: "),
            _typed("charter parse --explain FILE"),
            blocks.glue(" shows where it lost its way."),
        ),
    ]
    return blocks.message(f"{inert(what, 200)} {advice}", [blocks.rich(lines)])


def read_before(kind: Kind, *, anew: bool = False) -> Message:
    """To whoever points at a mail that has no card. `anew`: it was read again just now."""
    when = "This was read once more" if anew else "This was read before"
    text = f"{when}: {_BEFORE.get(kind, 'a booking whose card is gone.')}"
    return blocks.message(text, [blocks.rich([(blocks.words(text, 300),)])])


def _where(attachment: Attachment, key: str) -> Line:
    """Where the mail itself is to be had."""
    command = _typed(f"charter mail {key}")
    match attachment:
        case Attachment.THERE:
            return (blocks.words("Its file is in this thread."),)
        case Attachment.HELD_BACK:
            begins = "It is not attached, for it may name the payout or the renter's address. "
            ends = " prints it."
        case Attachment.FAILED:
            begins, ends = "Slack would not take its file; the log says why. ", " prints it."
        case Attachment.UNKNOWN:
            begins = "Slack does not say whether its file arrived in this thread. If it did not, "
            ends = " prints it."
    where = f"{ends} Type it where the bot runs."
    return (blocks.glue(begins), command, blocks.glue(where))


def _domain(sender: str) -> str:
    """The domain of the sender's address; empty if nothing there looks like one."""
    found = sender.rpartition("@")[2].rstrip("> ")
    return found.lower() if _DOMAIN.fullmatch(found) else ""


def _typed(command: str) -> Element:
    """What somebody types, as such."""
    return RichTextElementParts.Text(text=plain(command, _COMMAND), style={"code": True})
