"""What is installed is what was locked: all of it, each by its hash, wherever it comes from."""

import json
import re

import pytest

from tests.repository.files import ROOT, tracked

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
each_lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
each_npm_lock = pytest.mark.parametrize(
    "lock", tracked("package-lock.json"), ids=lambda path: path.parent.name
)


def entries(lock):
    """Return each package's lines, without comments."""
    text = re.sub(r"^ *#.*\n", "", lock.read_text(), flags=re.MULTILINE)
    return re.split(r"\n(?=\S)", text.strip())


def names(lock):
    return {re.match(r"[\w.-]+", entry)[0] for entry in entries(lock)}


def asked(path):
    """Return the names in a requirements file, and in those that it includes."""
    found = set()
    for line in path.read_text().splitlines():
        if included := re.match(r"-r (\S+)", line):
            found |= asked(path.parent / included[1])
        elif name := re.match(r"[\w.-]+", line):
            found.add(name[0])
    return found


def packages(lock):
    found = json.loads(lock.read_text())["packages"]
    del found[""]
    return found


@each_lock
def test_every_python_package_is_locked_by_version_and_hash(lock):
    assert entries(lock)
    for entry in entries(lock):
        first, *hashes = re.split(r" \\\n +", entry)
        assert re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.!+-]+( ; .+)?", first)
        assert hashes
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", text) for text in hashes)


@each_lock
def test_every_python_package_that_is_asked_for_is_locked(lock):
    wanted = asked(lock.with_suffix(".in"))
    assert wanted
    assert wanted - names(lock) == set()


def test_the_functions_get_the_versions_that_are_tested():
    first_lines = [
        {entry.split(" ", 1)[0] for entry in entries(ROOT / "requirements" / name)}
        for name in ("functions.txt", "dev.txt")
    ]
    assert first_lines[0] <= first_lines[1]


@each_lock
def test_no_python_lock_names_an_index(lock):
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host", lock.read_text())


@each_npm_lock
def test_every_npm_package_is_locked_by_hash_and_without_an_address(lock):
    assert packages(lock)
    for package in packages(lock).values():
        assert re.fullmatch(r"sha512-[\w+/]{86}==", package["integrity"])
        assert "resolved" not in package
    assert "://" not in json.dumps([p.get("dependencies") for p in packages(lock).values()])


@each_npm_lock
def test_npm_leaves_addresses_out_whoever_updates_a_lock(lock):
    settings = (lock.parent / ".npmrc").read_text().splitlines()
    assert "omit-lockfile-registry-resolved=true" in settings


@each_npm_lock
def test_every_npm_package_that_is_asked_for_is_locked_at_that_version(lock):
    wanted = json.loads((lock.parent / "package.json").read_text())["devDependencies"]
    assert wanted
    locked = {name: packages(lock)[f"node_modules/{name}"]["version"] for name in wanted}
    assert locked == wanted


def test_every_installation_asks_for_the_hashes():
    makefile = (ROOT / "Makefile").read_text()
    installs = re.findall(r"^.*(?:pip install|pip sync).*$", makefile, re.MULTILINE)
    assert installs
    assert all("--require-hashes" in line for line in installs)
    assert not re.search(r"npm (install|i)\b", makefile)
