"""What the fuzzer once found stays harmless; the fuzzer itself is `tests/fuzz/read_mail.py`."""

import pytest

from tests.fuzz.property import CORPUS, hold


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_bytes_that_once_mattered_are_read_or_refused(path):
    hold(path.read_bytes())
