import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = {
    "requirements.lock": ("build", "sandbox", "test"),
    "requirements-run.lock": ("build", "sandbox"),
}
PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;]+)( ; .+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def pins(lock: str) -> dict[str, Version]:
    found = (PIN.fullmatch(line) for line in (ROOT / lock).read_text().splitlines())
    return {canonicalize_name(pin["name"]): Version(pin["version"]) for pin in found if pin}


def required(extras: tuple[str, ...]) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for extra in extras for line in optional[extra])]
    return [r for r in map(Requirement, lines) if r.name != project["name"]]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_a_hash_or_a_comment(lock: str):
    before = ""
    for line in (ROOT / lock).read_text().splitlines():
        assert PIN.fullmatch(line) or HASH.fullmatch(line) or line.lstrip().startswith("# "), line
        if PIN.fullmatch(before):
            assert HASH.fullmatch(line), before
        before = line


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_host(lock: str):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"(?i)--(extra-)?index|--find-links|--trusted-host| @ ", text)


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_the_lock_holds_all_that_is_asked_for(lock: str, extras: tuple[str, ...]):
    pinned = pins(lock)
    for requirement in required(extras):
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version, prereleases=True), requirement


def test_both_locks_agree():
    everything, run = pins("requirements.lock"), pins("requirements-run.lock")
    assert run.items() <= everything.items()
