"""What a mail says for machines: JSON-LD and microdata in its HTML, and calendars.

None of it is shown to whoever reads the mail, so none of it can make a mail unreadable: what is
damaged is left out, with a note.
"""

from bot.mail.structured.data import Data, data_in

__all__ = ["Data", "data_in"]
