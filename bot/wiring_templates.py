"""The guests' pages and the mails as a deployment wants them."""

from bot.settings import Settings
from bot.views.guest_page import BRING, HOUSE_RULES, House
from bot.views.page_theme import Theme
from bot.views.templates import JinjaTemplates


def templates_of(settings: Settings) -> JinjaTemplates:
    """What charter.toml says of words and looks, over the bot's own."""
    pages, theme = settings.guest_pages, settings.guest_pages.theme
    return JinjaTemplates(
        public_url=pages.public_url,
        presign_url=pages.presign_url,
        house=House(
            contact=pages.contact,
            bring=BRING if pages.bring is None else pages.bring,
            rules=HOUSE_RULES if pages.house_rules is None else pages.house_rules,
            checklist=pages.checklist,
            photo_grace_hours=pages.photo_grace_hours,
            photo_limit_mb=pages.photo_limit_mb,
        ),
        theme=Theme(
            name=theme.name,
            accent=theme.accent,
            accent_dark=theme.accent_dark,
            picture=theme.picture,
            alt=theme.picture_alt,
            pictures={boat: picture for boat, picture in pages.pictures.items() if picture},
        ),
    )
