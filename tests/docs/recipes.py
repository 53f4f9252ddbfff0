"""The recipes of docs/CLIENTS.md, as they stand there."""

from tests.docs.pages import FENCE, sections
from tests.repository.files import ROOT

SECTIONS = sections(ROOT / "docs" / "CLIENTS.md")


def recipe(heading):
    """Return the one block of code below a heading."""
    [(_, code)] = FENCE.findall(SECTIONS[heading])
    return code


def run(heading):
    """Run a Python recipe as a module; return its names."""
    names = {"__name__": "recipe"}
    exec(compile(recipe(heading), heading, "exec"), names)  # noqa: S102 - our own text
    return names
