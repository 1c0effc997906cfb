"""A plugin of pytest: plants one bug, and its test must fail. Without one, it plants nothing."""

import os
from collections.abc import Iterator

import pytest

from tests.torture.plant import planted
from tests.torture.teeth import TEETH


@pytest.fixture(autouse=True, scope="session")
def _bitten() -> Iterator[None]:
    with planted(*TEETH[int(os.environ["BITTEN_BY"])].edits):
        yield
