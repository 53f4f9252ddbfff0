"""`python -m costs` counts and writes docs/COST.md; with `--check`, it says what is out of date."""

import sys
from typing import Final

from costs.document import document
from costs.facts import COUNTED, ROOT, Facts, Missing

DOCUMENT: Final = ROOT / "docs" / "COST.md"


def main() -> int:
    """Write the document, or compare it with what the committed figures make of it."""
    checks = "--check" in sys.argv[1:]
    if not checks:
        from costs.counting import counted  # noqa: PLC0415 - the check counts nothing, and is quick

        COUNTED.write_text(counted(), encoding="utf-8")
    try:
        text = document(Facts.read())
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    if not checks:
        DOCUMENT.write_text(text, encoding="utf-8")
        return 0
    if DOCUMENT.read_text(encoding="utf-8") == text:
        return 0
    print("docs/COST.md is out of date: run `make cost`", file=sys.stderr)
    return 1


sys.exit(main())
