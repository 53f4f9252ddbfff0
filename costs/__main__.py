"""`python -m costs` counts and writes docs/COST.md; with `--check`, it says what is out of date."""

import sys
from typing import Final

from costs.document import document
from costs.facts import COUNTED, Facts, Missing
from infra.config import ROOT
from local.generated import asked_to_check, write_or_check

DOCUMENT: Final = ROOT / "docs" / "COST.md"


def main() -> int:
    """Write the document, or compare it with what the committed figures make of it."""
    if not asked_to_check():
        from costs.counting import counted  # noqa: PLC0415 - the check counts nothing, and is quick

        COUNTED.write_text(counted(), encoding="utf-8")
    try:
        text = document(Facts.read())
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    return write_or_check(DOCUMENT, text, command="make cost")


sys.exit(main())
