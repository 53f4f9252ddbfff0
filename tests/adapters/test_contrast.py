"""Inks on colours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.contrast import ink_on, ratio


@pytest.mark.parametrize(
    ("one", "other", "contrast"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0000FF", "#ffffff", 8.59)],
)
def test_the_contrast_is_the_one_that_wcag_defines(one, other, contrast):
    assert ratio(one, other) == ratio(other, one) == pytest.approx(contrast, abs=0.01)


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_on_any_colour_the_ink_is_legible(color):
    assert ratio(ink_on(color), color) >= 4
