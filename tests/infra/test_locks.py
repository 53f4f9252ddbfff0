"""What is installed is what was locked, wherever it comes from."""

import json
import re

import pytest

from infra.config import ROOT


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.stem
)
def test_every_python_package_is_pinned_by_hash(lock):
    packages = re.split(r"\n(?=\S)", re.sub(r"^ *#.*\n", "", lock.read_text(), flags=re.MULTILINE))
    assert packages
    for package in packages:
        assert re.match(r"[\w.\[\],-]+==\S+( ; .*)? \\\n +--hash=sha256:[0-9a-f]{64}", package)


@pytest.mark.parametrize("folder", [".", "clients/authjs"])
def test_every_npm_package_is_pinned_by_hash(folder):
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
