"""Every command within a line of a document is known to what it calls; an unknown one fails.

Those of the runbook are typed, in test_runbook.py; `aws` is asked in test_aws_commands.py.
"""

import json
import re
import subprocess
import sys

import pytest

from tests.docs.make import planned
from tests.docs.pages import PAGES, inline
from tests.docs.runbook import FUNCTIONS, PAGE, TOOLS, program
from tests.repository.files import ROOT

CLIENT = ROOT / "clients" / "authjs"
#: what other programs say, quoted
QUOTED = {"already exists"}  # CloudFormation


def _made(command):
    planned(*command.split()[1:])


def _scripted(command):
    """The client's package can do it, or npm itself."""
    package = json.loads((CLIENT / "package.json").read_text())
    packed = f"{package['name']}-{package['version']}.tgz"
    for one in command.split(" && "):
        npm, *words = one.split()
        known = words in (["ci"], ["pack"], ["install", packed])
        scripts = [["run", name] for name in package["scripts"]] + [["test"]]
        assert npm == "npm"
        assert known or words in scripts, f"npm does not know: {one}"


def _collected(command):
    """Python starts this, and gets as far as its arguments."""
    _, dash, module, *words = command.split()
    asked = {"pytest": ["--collect-only", "--quiet"], "bench": ["--help"]}[module]
    assert dash == "-m"
    subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-m", module, *words, *asked], cwd=ROOT, check=True, timeout=120
    )


RULES = {
    "make": _made,
    "npm": _scripted,
    "python": _collected,
    ".venv/bin/python": _collected,
    "aws": lambda command: None,  # test_aws_commands.py
}


def said(text):
    """Tell whether our code says this, as a log line or in a name."""
    files = [path for root in ("functions", "infra") for path in (ROOT / root).rglob("*.py")]
    return any(text in path.read_text() for path in files)


#: several words, the first of them as commands are written
FOUND = [
    pytest.param(page, text, id=f"{page.relative_to(ROOT)}: {text[:50]}")
    for page in PAGES
    for text in dict.fromkeys(inline(page))
    if len(text.split()) > 1 and re.fullmatch(r"[a-z.][\w./-]*", program(text))
    # a setting and its value; a line of TypeScript, which its compiler reads
    if not re.match(r"\w+ = |(import|export) ", text)
]


@pytest.mark.parametrize(("page", "text"), FOUND)
def test_a_command_within_a_line_is_known(page, text):
    name = program(text)
    if page == PAGE and name in TOOLS | set(FUNCTIONS):
        return  # typed by test_runbook.py
    if name in RULES:
        RULES[name](text)
        return
    assert text in QUOTED or said(text), f"nothing here knows this: {text}"
