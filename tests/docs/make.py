"""What `make` would do."""

import os
import subprocess

from tests.repository.files import ROOT


def planned(*arguments):
    """Let make plan what it is asked for; fail if it can't."""
    subprocess.run(  # noqa: S603 - our own text
        ["make", "--dry-run", *arguments],  # noqa: S607
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        timeout=60,
        check=True,
    )
