"""The header names and separators of mail clients in the languages that people run them in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """A client's language. `written`: the line above a quotation, `{name}` and `{address}` in it."""

    sender: str
    sent: str
    date: str
    to: str
    subject: str
    when: str
    forwarded: str
    begin: str
    written: str
    prefix: str = "Fwd: "
    colon: str = ":"


TONGUES = {
    "en": Tongue(
        "From", "Sent", "Date", "To", "Subject", "Wednesday, August 5, 2026 9:14 AM",
        "Forwarded message", "Begin forwarded message:",
        'On 05/08/2026 09:14, "{name}" <{address}> wrote:',
    ),
    "de": Tongue(
        "Von", "Gesendet", "Datum", "An", "Betreff", "Mittwoch, 5. August 2026 09:14",
        "Weitergeleitete Nachricht", "Anfang der weitergeleiteten Nachricht:",
        "Am 05.08.2026 um 09:14 schrieb {name} <{address}>:", "WG: ",
    ),
    "es": Tongue(
        "De", "Enviado el", "Fecha", "Para", "Asunto", "miércoles, 5 de agosto de 2026 9:14",
        "Mensaje reenviado", "Inicio del mensaje reenviado:",
        "El 5 ago 2026, a las 9:14, {name} <{address}> escribió:", "RV: ",
    ),
    "fr": Tongue(
        "De", "Envoyé", "Date", "À", "Objet", "mercredi 5 août 2026 09:14",
        "Message transféré", "Début du message réexpédié :",
        "Le mer. 5 août 2026 à 09:14, {name} <{address}> a écrit :", "TR : ", "\u00a0:",
    ),
    "it": Tongue(
        "Da", "Inviato", "Data", "A", "Oggetto", "mercoledì 5 agosto 2026 09:14",
        "Messaggio inoltrato", "Inizio messaggio inoltrato:",
        "Il giorno mer 5 ago 2026 alle ore 09:14 {name} <{address}> ha scritto:", "I: ",
    ),
    "pt": Tongue(
        "De", "Enviada em", "Data", "Para", "Assunto", "quarta-feira, 5 de agosto de 2026 09:14",
        "Mensagem encaminhada", "Início da mensagem reencaminhada:",
        "Em qua., 5 de ago. de 2026 às 09:14, {name} <{address}> escreveu:", "ENC: ",
    ),
    "nl": Tongue(
        "Van", "Verzonden", "Datum", "Aan", "Onderwerp", "woensdag 5 augustus 2026 09:14",
        "Doorgestuurd bericht", "Begin doorgestuurd bericht:",
        "Op wo 5 aug 2026 om 09:14 schreef {name} <{address}>:", "Doorst: ",
    ),
}  # fmt: skip
