"""What looks like a setting's value and can't work on AWS."""

import pytest

from tests.infra.test_config import loaded


@pytest.mark.parametrize(
    "name", ["localtime", "right/UTC", "posix/Asia/Tokyo", "America", "a" * 300, "asia/tokyo"]
)
def test_a_time_zone_that_lambda_has_not_is_refused(name, tmp_path):
    with pytest.raises(SystemExit, match=r"prod\.toml: default_time_zone: write an IANA name"):
        loaded(tmp_path, "prod", f'default_time_zone = "{name}"')


@pytest.mark.parametrize("name", ["UTC", "Asia/Tokyo", "America/Argentina/Buenos_Aires"])
def test_a_time_zone_that_lambda_has_is_accepted(name, tmp_path):
    assert loaded(tmp_path, "prod", f'default_time_zone = "{name}"').default_time_zone == name
