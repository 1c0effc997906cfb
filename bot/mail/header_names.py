"""What mail clients call a mail's headers when they quote it, in the languages they speak."""

from collections.abc import Mapping

_BY_ROLE: Mapping[str, str] = {
    "from": "From|Von|De|Da|Van|Från|Fra|Od|Lähettäjä|Kimden|От|Expéditeur|Mittente|Remitente"
    "|Afsender|Avsender|Avsändare|Nadawca|发件人|寄件者|差出人",
    "date": "Date|Sent|Datum|Gesendet|Gesendet am|Fecha|Enviado|Enviado el|Enviado em|Enviada"
    "|Enviada em|Envoyé|Envoyé le|Data|Data di invio|Inviato|Inviato il|Verzonden|Skickat|Dato"
    "|Sendt|Wysłano|Wysłane|Päivämäärä|Lähetetty|Odesláno|Tarih|Gönderildi|Дата|Отправлено"
    "|日期|发送时间|寄件日期|日付|送信日時|日時",
    "subject": "Subject|Betreff|Asunto|Objet|Sujet|Oggetto|Assunto|Onderwerp|Ämne|Emne|Temat"
    "|Aihe|Předmět|Konu|Тема|主题|主旨|件名",
    "to": "To|An|Para|À|A|Aan|Till|Til|Do|Komu|Vastaanottaja|Kime|Кому|收件人|收件者|宛先"
    "|Destinataire|Destinatario|Cc|Bcc|Cci|Cco|Ccn|Kopie|Kopia|Copie|Copia|Cópia|Копия|抄送"
    "|Reply-To|Antwort an|Répondre à|Responder a|Rispondi a|Antwoord aan|Resent-From"
    "|Organization|Newsgroups|Importance|Wichtigkeit|Importancia|Attachments|Anlagen",
}
# The part that a header plays, by its name in any language, case folded.
ROLES: Mapping[str, str] = {
    name.casefold(): role for role, names in _BY_ROLE.items() for name in names.split("|")
}
# What clients put before the subject of what is handed on, and of what is answered.
_FORWARDS = "fwd|fw|wg|tr|transf|rv|enc|doorst|vb|vl|vid|fs|pd|ilt|i|továb|转发|轉寄|転送"
# In Norwegian `VS` hands on, which is told by the name that its From bears.
REPLIES = "re|aw|antw|sv|vs|odp|ynt|res|ref|rif|r|vá|απ|отв|回复|答复|回覆|返信"
PREFIXES = f"{_FORWARDS}|{REPLIES}"
HANDS_ON_IN_NORWEGIAN, NORWEGIAN_FROM = "vs", "fra"
# Words of the line that stands above what is handed on, and never above what is answered.
FORWARDED = (
    "forwarded|weitergeleitet|reenviad|transféré|réexpédié|transmis|inoltrat|encaminhad"
    "|doorgestuurd|vidarebefordra|videresen|viderebef|przekaz|przesłan|välitet|přepos|iletil"
    "|пересл|пересыл|转发|轉寄|転送"
)
# A verb that tells who wrote what follows, and how such a line begins where it names no address.
WROTE = (
    "wrote|schrieb|a écrit|escribió|ha scritto|scrisse|escreveu|schreef|skrev|napisał"
    "|napisał\\(a\\)|kirjoitti|napsal|yazd\u0131|написал|写道|のメール"
)
OPENS_ATTRIBUTION = "On|Am|Le|El|Il|Em|Op|Den|Dnia|W dniu|A|Il giorno"
