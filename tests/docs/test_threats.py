"""docs/THREATS.md names every door, and beside each threat a test that there is."""

import re

import pytest

from infra.config import ROOT

TEXT = (ROOT / "docs" / "THREATS.md").read_text()
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^(?:async )?def (test_\w+)\(", path.read_text(), re.MULTILINE)
}
NAMED = re.findall(r"`(test_\w+)`", TEXT)


@pytest.mark.parametrize("name", NAMED)
def test_every_test_that_is_named_exists(name):
    assert name in TESTS


def test_every_threat_has_a_test():
    table, _, _ = TEXT.partition("\n## ")
    threats = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert threats == [line for line in threats if re.search(r"`test_\w+` \|$", line)]


def test_every_door_is_there():
    doors = {
        path.stem
        for path in (ROOT / "functions").glob("*.py")
        if re.search(r"^handler = ", path.read_text(), re.MULTILINE)
    }
    assert doors
    assert doors <= set(re.findall(r"^\| ([a-z ]+) \|", TEXT, re.MULTILINE))
