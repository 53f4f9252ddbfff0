"""`python -m reference` writes the page; with `--check`, it says whether it is out of date."""

import sys

from infra.config import ROOT
from reference.page import page

FILE = ROOT / "docs" / "QUICK-REFERENCE.md"


def main() -> int:
    """Write the page, or compare it."""
    text = page()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if FILE.read_text(encoding="utf-8") == text:
        return 0
    print("docs/QUICK-REFERENCE.md is out of date: run `make reference`", file=sys.stderr)
    return 1


sys.exit(main())
