"""How people hand on a mail: each function takes a subject and a text and gives what arrives."""

import html
import json
from email import policy
from email.message import EmailMessage

SENDER = "Boatsetter <boatsetter@mail.boatsetter.com>"
POLICY = policy.SMTP.clone(linesep="\n")


def gmail(subject: str, text: str) -> str:
    return (
        "FYI\n\n---------- Forwarded message ---------\n"
        f"From: {SENDER}\nDate: Wed, Aug 5, 2026 at 9:14 AM\nSubject: {subject}\n"
        f"To: <captain@example.com>\n\n\n{text}"
    )


def apple(subject: str, text: str) -> str:
    inner = (
        f"From: {SENDER}\nSubject: {subject}\nDate: August 5, 2026 at 9:14:00 AM PDT\n"
        f"To: captain@example.com\n\n{text}"
    )
    return "FYI\n\nBegin forwarded message:\n\n" + quoted(inner)


def outlook_web(subject: str, text: str) -> str:
    return (
        "________________________________\n"
        f"From: {SENDER}\nSent: Wednesday, August 5, 2026 9:14 AM\n"
        f"To: captain@example.com <captain@example.com>\nSubject: {subject}\n\n{text}"
    )


def outlook_2013(subject: str, text: str) -> str:
    return (
        "From: Boatsetter [mailto:boatsetter@mail.boatsetter.com] \n"
        "Sent: Wednesday, August 5, 2026 9:14 AM\nTo: captain@example.com\n"
        f"Subject: {subject}\n\n{text}"
    )


def new_outlook(subject: str, text: str) -> str:
    return (
        f"\nFrom: {SENDER}\nDate: Wednesday, August 5, 2026 at 9:14 AM\n"
        f"To: captain@example.com <captain@example.com>\nSubject: {subject}\n{text}"
    )


def outlook_2019(_subject: str, text: str) -> str:
    indented = "".join(f"    {line}\n" for line in text.splitlines())
    return f'Ours.\n\nOn 05/08/2026 09:14, "Boatsetter" wrote:\n\n{indented}'


def yahoo(subject: str, text: str) -> str:
    return (
        f"----- Forwarded Message ----- From: {SENDER}To: captain@example.com "
        f"<captain@example.com>Sent: Wednesday, August 5, 2026 at 09:14:00 AM PDT"
        f"Subject: {subject}\n\n{text}"
    )


def thunderbird(subject: str, text: str) -> str:
    return (
        f"\n\n-------- Forwarded Message --------\nSubject: \t{subject}\n"
        f"Date: \tWed, 5 Aug 2026 16:14:00 +0000\nFrom: \t{SENDER}\n"
        f"To: \tcaptain@example.com\n\n\n\n{text}"
    )


def nested(subject: str, text: str) -> str:
    inner = gmail(subject, text).replace("FYI", "Yours? Start\nJan 1, 2020 • 9:00 AM\n$1.00")
    return (
        "From: First Mate <mate@example.com>\nSent: Thursday, August 6, 2026 9:00 AM\n"
        f"To: Cap Tain <captain@example.com>\nSubject: Fwd: {subject}\n\n{quoted(inner)}"
    )


SHAPES = (
    gmail, apple, outlook_web, outlook_2013, new_outlook, outlook_2019, yahoo, thunderbird, nested,
)  # fmt: skip


def quoted(text: str) -> str:
    return "".join(f"> {line}".rstrip() + "\n" for line in text.splitlines())


def as_html(text: str) -> str:
    lines = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.splitlines())
    hidden = '<div style="display:none">Booking ID: preview1</div>'
    return f"<!doctype html><html><body>{hidden}{lines}</body></html>"


def eml(
    subject: str,
    text: str | None,
    markup: str | None = None,
    *,
    sender: str = "Cap Tain <captain@example.com>",
    encoding: str = "quoted-printable",
) -> EmailMessage:
    mail = EmailMessage(policy=POLICY)
    mail["From"], mail["To"], mail["Subject"] = sender, "charters@example.slack.com", subject
    if text is not None:
        mail.set_content(text, cte=encoding)
        if markup is not None:
            mail.add_alternative(markup, subtype="html", cte=encoding)
    elif markup is not None:
        mail.set_content(markup, subtype="html", cte=encoding)
    return mail


def both(subject: str, text: str) -> bytes:
    return eml(f"Fwd: {subject}", text, as_html(text)).as_bytes()


def html_only(subject: str, text: str) -> bytes:
    return eml(f"Fwd: {subject}", None, as_html(text), encoding="base64").as_bytes()


def attached(subject: str, text: str) -> bytes:
    outer = eml("from this morning", "Attached. $12.00\n")
    outer.add_attachment(eml(subject, text, sender=SENDER))
    return outer.as_bytes()


def slack(subject: str, text: str) -> bytes:
    file = {"mode": "email", "subject": f"Fwd: {subject}", "plain_text": text}
    return json.dumps({"event": {"type": "message", "files": [file]}}).encode()


def plain(_subject: str, text: str) -> bytes:
    return text.encode()


CARRIERS = (both, html_only, attached, slack, plain)
