"""`python -m reference` writes the page; with `--check`, it says whether it is out of date."""

import sys

from infra.config import ROOT
from local.generated import write_or_check
from reference.page import page

sys.exit(write_or_check(ROOT / "docs" / "QUICK-REFERENCE.md", page(), command="make reference"))
