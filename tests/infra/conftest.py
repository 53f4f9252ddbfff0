"""Each stage is synthesized, and each bundle built, once per session: that takes seconds."""

import pytest

from infra.bundle import LAMBDA, THIS_MACHINE, Bundle
from tests.infra.templates import a_config, synthesize


@pytest.fixture(scope="session")
def local(tmp_path_factory):
    return synthesize(a_config("local"), tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="session")
def dev(tmp_path_factory):
    return synthesize(a_config("dev"), tmp_path_factory.mktemp("dev"))


@pytest.fixture(scope="session")
def prod(tmp_path_factory):
    return synthesize(a_config("prod"), tmp_path_factory.mktemp("prod"))


@pytest.fixture(scope="session", params=["local", "dev", "prod"])
def any_stage(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session", params=["dev", "prod"])
def stage_on_aws(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def laptop_bundle(tmp_path_factory):
    directory = tmp_path_factory.mktemp("laptop")
    Bundle(THIS_MACHINE).try_bundle(str(directory))
    return directory


@pytest.fixture(scope="session")
def lambda_bundle(tmp_path_factory):
    directory = tmp_path_factory.mktemp("lambda")
    Bundle(LAMBDA).try_bundle(str(directory))
    return directory
