"""What every test of a delivery starts from."""

import pytest

from tests.domain.deliver.delivery import World


@pytest.fixture
def world():
    return World()
