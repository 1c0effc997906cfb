from collections.abc import Mapping
from typing import Any

from bot.domain.charter import Charter
from bot.domain.money import assert_no_money
from bot.domain.outgoing import Mail
from bot.steps.base import StepServices


def guard(
    what: str, body: str | bytes | Mapping[str, Any], charter: Charter, services: StepServices
) -> None:
    """Every outgoing body passes here before it leaves.

    Raises:
        MoneyLeak: it holds one of the charter's amounts.
    """
    assert_no_money(what, body, charter, services.costs)


def guard_mail(what: str, mail: Mail, charter: Charter, services: StepServices) -> None:
    """A mail's subject and both its bodies, each as it leaves."""
    for part in (mail.subject, mail.text, mail.html):
        guard(what, part, charter, services)
