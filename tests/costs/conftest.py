import pytest

from costs.facts import Facts


@pytest.fixture
def facts():
    """What was counted, with milliseconds that a test can reckon with."""
    measured = {"api.p50_ms": 20.0, "worker.batch_ms": 100.0}
    return Facts(counted=Facts.read().counted, measured=measured)
