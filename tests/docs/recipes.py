"""The recipes of docs/CLIENTS.md, as they stand there."""

import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "docs" / "CLIENTS.md").read_text()


def recipe(heading):
    """Return the one block of code below a heading."""
    section = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL
    )[1]
    [code] = re.findall(r"^```\w+\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return code


def run(heading):
    """Run a Python recipe as a module; return its names."""
    names = {"__name__": "recipe"}
    exec(compile(recipe(heading), heading, "exec"), names)  # noqa: S102 - our own text
    return names
