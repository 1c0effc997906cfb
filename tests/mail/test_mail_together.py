"""Mails that are read at the same time are read as each would be alone."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.mail.markup import seen_text

_READERS, _MAILS = 8, 200


@pytest.fixture
def many_turns() -> Iterator[None]:
    """Threads that interrupt each other in the middle of everything."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("many_turns")
def test_no_mail_gets_the_words_of_another():
    mails = [[f"Mail {i} line {line}" for line in range(20)] for i in range(_MAILS)]
    pages = ["".join(f"<p>{line}</p>" for line in mail) for mail in mails]
    with ThreadPoolExecutor(_READERS) as readers:
        texts = list(readers.map(seen_text, pages))
    assert [[line for line in text.splitlines() if line] for text in texts] == mails
