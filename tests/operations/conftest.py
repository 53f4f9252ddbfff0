"""A stage as its owner has filled it in."""

import pytest

from infra.config import StageConfig
from tests.adapters.conftest import service  # noqa: F401 - a service on loopback


@pytest.fixture
def config_of():
    """Return a way to make a stage's settings."""

    def make(stage="prod", **changes):
        return StageConfig.model_validate(
            {
                "stage": stage,
                "brand_name": "Yellow Books",
                "mail_sender": "no-reply@example.com",
                "support_address": "support@example.com",
                "security_page_url": "https://example.com/security",
                "alarm_email": "oncall@example.com",
                "public_url": "https://notices.example.com",
                "region": "eu-west-1",
            }
            | changes
        )

    return make
