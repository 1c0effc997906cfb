"""Real mail that is no booking gives no booking.

CHARTER_MAIL_CORPUS names a folder of mails, one a file, in folders of any depth:

    CHARTER_MAIL_CORPUS=~/mails pytest tests/mail/test_mail_corpus.py
"""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.domain.booking import Kind
from bot.mail.reader import read_bytes
from bot.mail.unreadable import Unreadable

CORPUS = os.environ.get("CHARTER_MAIL_CORPUS", "")
SOLD = {Kind.NEW, Kind.CHANGED, Kind.CANCELLED}


@pytest.mark.skipif(not CORPUS, reason="CHARTER_MAIL_CORPUS names no folder of mails")
@pytest.mark.timeout(3600)
def test_no_mail_of_the_corpus_is_a_booking(boats, capsys):
    mails = sorted(path for path in Path(CORPUS).rglob("*") if path.is_file())
    outcomes: Counter[str] = Counter()
    sold = []
    for path in mails:
        try:
            reading = read_bytes(path.read_bytes(), name=path.name, boats=boats)
        except Unreadable as error:
            outcomes[f"unreadable: {error.reason}"] += 1
            continue
        outcomes[reading.kind.value] += 1
        if reading.kind in SOLD:
            sold.append(path)

    counted = "".join(f"\n{count:7} {outcome}" for outcome, count in outcomes.most_common())
    with capsys.disabled():
        sys.stdout.write(f"\n{len(mails)} mails:{counted}\n")
    assert mails, f"there is no file under {CORPUS}"
    assert sold == []
