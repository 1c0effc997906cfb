from collections.abc import Iterable, Mapping

from bot.mail.document import Words

Found = Mapping[str, tuple[Words, ...]]


def together(items: Iterable[Found]) -> Found:
    """What several items say of one booking, by field; one that nobody names is not among them."""
    found: dict[str, tuple[Words, ...]] = {}
    for item in items:
        for name, words in item.items():
            found[name] = (*found.get(name, ()), *words)
    return {name: words for name, words in found.items() if words}
