"""What `make` would do, and whether it knows what it is told."""

import os
import re
import subprocess
import sys

from tests.repository.files import ROOT


def planned(*arguments):
    """Return what make would do; fail if it can't, or does not know a variable that is given."""
    known = set(re.findall(r"\$\((\w+)|^(\w+) \?=", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name, equals, _ in (argument.partition("=") for argument in arguments):
        assert not equals or name in {n for either in known for n in either}, f"no variable {name}"
    done = subprocess.run(  # noqa: S603 - our own text
        ["make", "--dry-run", *arguments],  # noqa: S607
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"make does not know: {' '.join(arguments)}"
    return done.stdout


def complete(*arguments):
    """Let make plan what it is asked for; fail if it would ask for a variable."""
    assert 'test -n ""' not in planned(*arguments), f"a variable is missing: {' '.join(arguments)}"


if __name__ == "__main__":
    planned(*sys.argv[1:])
