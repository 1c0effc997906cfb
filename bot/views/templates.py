"""What guests, crew and the operations manager get: allow-listed values into templates.

No template is given a charter, only the words made of it here, so none can show its money.
"""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.domain.charter import Charter
from bot.domain.mail_parts import MailParts
from bot.domain.outgoing import GuestPage
from bot.views.guest_page import GuestPageView, House
from bot.views.letters import Letters
from bot.views.page_theme import Theme

_FOLDER = Path(__file__).resolve().parents[2] / "templates"


class JinjaTemplates:
    """Guest page and mails from the files under `templates/`.

    Args:
        public_url: where guests find their page; holds "{slug}".
        presign_url: where the page asks for leave to upload a photo.
        house: what all guests are told.
        theme: how their pages look.
    """

    def __init__(
        self,
        *,
        public_url: str,
        presign_url: str,
        house: House | None = None,
        theme: Theme | None = None,
    ) -> None:
        self._files = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=select_autoescape(("html.j2",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages = GuestPageView(
            self._rendered,
            _FOLDER / "guest_page",
            public_url=public_url,
            presign_url=presign_url,
            house=house or House(),
            theme=theme or Theme(),
        )
        self._letters = Letters(self._rendered, public_url)

    def guest_page(self, charter: Charter, *, cancelled: bool = False) -> bytes:
        """The guest's page: one self-contained HTML file in UTF-8.

        `cancelled`: the kind page that says that the charter will not take place.
        """
        return self._pages.page(GuestPage.of(charter, cancelled=cancelled))

    def operations_mail(self, charter: Charter) -> MailParts:
        """To the operations manager, when the charter is set up."""
        return self._letters.operations(charter)

    def crew_summary(self, charter: Charter) -> MailParts:
        """To the crew, where the deployment wants a second mail."""
        return self._letters.crew_summary(charter)

    def crew_link_mail(self, event_name: str, link: str) -> MailParts:
        """To one crew member, with a fresh magic link."""
        return self._letters.crew_link(event_name, link)

    def _rendered(self, name: str, values: Mapping[str, object]) -> str:
        return self._files.get_template(name).render(values)
