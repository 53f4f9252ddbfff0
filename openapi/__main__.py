"""`python -m openapi` writes the document; with `--check`, it says whether it is out of date."""

import json
import sys
from pathlib import Path

from openapi.document import document

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"


def main() -> int:
    """Write the document, or compare it."""
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if FILE.read_text(encoding="utf-8") == text:
        return 0
    print("docs/openapi.json is out of date: run `make openapi`", file=sys.stderr)
    return 1


sys.exit(main())
