"""`python -m openapi` writes the document; with `--check`, it says whether it is out of date."""

import json
import sys
from pathlib import Path

from local.generated import write_or_check
from openapi.document import document

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"


sys.exit(
    write_or_check(
        FILE,
        json.dumps(document(), indent=2, ensure_ascii=False) + "\n",
        command="make openapi",
    )
)
