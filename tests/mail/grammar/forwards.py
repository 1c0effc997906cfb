"""How people hand on a mail: each shape as text and, where the client has its own, as HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from grammar.pages import plain_html
from grammar.tongues import TONGUES, Tongue

NAME, ADDRESS = "Boatsetter", "boatsetter@mail.boatsetter.com"
MINE = "captain@example.com"


@dataclass(frozen=True)
class Mail:
    """A mail on its way: whoever wrote it, its subject, its text and the inside of its HTML."""

    subject: str
    text: str
    html: str
    name: str = NAME
    address: str = ADDRESS
    to: str = MINE

    @property
    def sender(self) -> str:
        """As headers have it."""
        return f"{self.name} <{self.address}>"


Shape = Callable[[Mail, Tongue], tuple[str, str]]


def gmail(mail: Mail, tongue: Tongue) -> tuple[str, str]:
    """Ten hyphens."""
    line = f"---------- {tongue.forwarded} ---------"
    head = _head(tongue, ("sender", mail.sender), ("date", tongue.when), ("subject", mail.subject))
    text = f"{line}\n{head}{tongue.to}{tongue.colon} <{mail.to}>\n\n\n{mail.text}"
    attributes = "".join(f"{escape(one)}<br>" for one in f"{line}\n{head}".splitlines())
    page = (
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{attributes}'
        f"{tongue.to}{tongue.colon} &lt;<a href='mailto:{mail.to}'>{mail.to}</a>&gt;<br></div>"
        f"<br><br>{mail.html}</div>"
    )
    return text, page


def apple(mail: Mail, tongue: Tongue) -> tuple[str, str]:
    """All of it quoted."""
    pairs = (("sender", mail.sender), ("subject", mail.subject), ("date", tongue.when),
             ("to", mail.to))  # fmt: skip
    text = f"{tongue.begin}\n\n{quoted(_head(tongue, *pairs) + chr(10) + mail.text)}"
    heads = "".join(
        f'<div style="margin:0px"><span style="font-family:Helvetica"><b>{getattr(tongue, name)}'
        f"{tongue.colon} </b></span><span>{escape(value)}<br></span></div>"
        for name, value in pairs
    )
    page = (
        f'<blockquote type="cite"><div>{tongue.begin}</div><br class="Apple-interchange-newline">'
        f"{heads}<br><div>{mail.html}</div></blockquote>"
    )
    return text, page


def outlook_web(mail: Mail, tongue: Tongue) -> tuple[str, str]:
    """A line of underscores; `Sent`."""
    head = _head(
        tongue, ("sender", mail.sender), ("sent", tongue.when), ("to", f"{mail.to} <{mail.to}>"),
        ("subject", mail.subject),
    )  # fmt: skip
    rule = '<hr style="display:inline-block;width:98%" tabindex="-1">'
    page = f'{rule}<div id="divRplyFwdMsg" dir="ltr">{_bold(head)}<div>&nbsp;</div></div>'
    return f"{'_' * 32}\n{head}\n{mail.text}", page + mail.html


def outlook_2013(mail: Mail, tongue: Tongue) -> tuple[str, str]:
    """No separator."""
    head = _head(
        tongue, ("sender", f"{mail.name} [mailto:{mail.address}] "), ("sent", tongue.when),
        ("to", mail.to), ("subject", mail.subject),
    )  # fmt: skip
    border = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"
    page = f"<div style='{border}'><p class=MsoNormal>{_bold(head)}</p></div>{mail.html}"
    return f"{head}\n{mail.text}", page


def new_outlook(mail: Mail, tongue: Tongue) -> tuple[str, str]:
    """No separator, `Date`, no blank line below."""
    head = _head(
        tongue, ("sender", mail.sender), ("date", tongue.when), ("to", f"{mail.to} <{mail.to}>"),
        ("subject", mail.subject),
    )  # fmt: skip
    page = (
        f"<div id='mail-editor-reference-message-container'><p>{_bold(head)}</p>{mail.html}</div>"
    )
    return f"\n{head}{mail.text}", page


def outlook_2019(mail: Mail, tongue: Tongue) -> tuple[str, str]:
    """An attribution, the mail indented; its subject is lost."""
    line = tongue.written.format(name=mail.name, address=mail.address)
    indented = "".join(f"    {one}".rstrip() + "\n" for one in mail.text.splitlines())
    page = f"<div>{escape(line)}</div><blockquote style='margin-left:40px'>{mail.html}</blockquote>"
    return f"{line}\n\n{indented}", page


def yahoo(mail: Mail, tongue: Tongue) -> tuple[str, str]:
    """Headers run on in one line."""
    head = _head(
        tongue, ("sender", mail.sender), ("to", f"{mail.to} <{mail.to}>"), ("sent", tongue.when),
        ("subject", mail.subject),
    )  # fmt: skip
    run_on = head.replace("\n", "")
    heads = "".join(f"<div><b>{escape(one)}</b></div>" for one in head.splitlines())
    page = f"<div class='yahoo_quoted'><div>----- {tongue.forwarded} -----</div>{heads}<br>"
    return f"----- {tongue.forwarded} ----- {run_on}\n\n{mail.text}", f"{page}{mail.html}</div>"


def thunderbird(mail: Mail, tongue: Tongue) -> tuple[str, str]:
    """The subject first, tabs, and a table in HTML."""
    pairs = (
        (tongue.subject, mail.subject), (tongue.date, tongue.when), (tongue.sender, mail.sender),
        (tongue.to, mail.to),
    )  # fmt: skip
    head = "".join(f"{name}{tongue.colon} \t{value}\n" for name, value in pairs)
    table = "".join(
        f"<tr><th valign='baseline' align='right' nowrap='nowrap'>{name}{tongue.colon} </th>"
        f"<td>{escape(value)}</td></tr>"
        for name, value in pairs
    )
    line = f"-------- {tongue.forwarded} --------"
    page = (
        f"<div class='moz-forward-container'><br>{line}<table class='moz-email-headers-table'>"
        f"<tbody>{table}</tbody></table><br><br>{mail.html}</div>"
    )
    return f"\n{line}\n{head}\n\n\n{mail.text}", page


def direct(mail: Mail, _tongue: Tongue) -> tuple[str, str]:
    """Not forwarded at all, or redirected."""
    return mail.text, mail.html


SHAPES: dict[str, Shape] = {
    shape.__name__: shape
    for shape in (
        gmail, apple, outlook_web, outlook_2013, new_outlook, outlook_2019, yahoo, thunderbird,
    )
}  # fmt: skip


def forwarded(mail: Mail, shape: Shape, language: str = "en", note: str = "") -> Mail:
    """The mail, handed on by a person with a note above it."""
    tongue = TONGUES[language]
    text, page = shape(mail, tongue)
    above = f"{note.rstrip()}\n\n" if note else ""
    return Mail(
        subject=tongue.prefix + mail.subject,
        text=above + text,
        html=plain_html(above) + page,
        name="Cap Tain",
        address=MINE,
        to="charters@example.slack.com",
    )


def quoted(text: str) -> str:
    """Each line behind `> `."""
    return "".join(f"> {line}".rstrip() + "\n" for line in text.splitlines())


def _head(tongue: Tongue, *pairs: tuple[str, str]) -> str:
    return "".join(f"{getattr(tongue, name)}{tongue.colon} {value}\n" for name, value in pairs)


def _bold(head: str) -> str:
    lines = (line.partition(":") for line in head.splitlines())
    return "<br>\n".join(f"<b>{name}:</b>{escape(value)}" for name, _, value in lines)
