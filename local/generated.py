"""Documents that are made of what runs: written again, or compared by `make check`."""

import sys
from pathlib import Path


def asked_to_check() -> bool:
    """Tell whether the command line asks for a comparison."""
    return "--check" in sys.argv[1:]


def write_or_check(file: Path, text: str, *, command: str) -> int:
    """Write the document, or with `--check` compare it; return the exit status."""
    if not asked_to_check():
        file.write_text(text, encoding="utf-8")
        return 0
    if file.read_text(encoding="utf-8") == text:
        return 0
    print(f"docs/{file.name} is out of date: run `{command}`", file=sys.stderr)
    return 1
