"""docs/QUICK-REFERENCE.md is made of what runs."""

from infra.config import ROOT
from reference.page import page


def test_the_committed_page_is_up_to_date():
    assert (ROOT / "docs" / "QUICK-REFERENCE.md").read_text() == page()
