"""The asset that Lambda gets."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.config import ROOT
from infra.function import LAMBDA, THIS_MACHINE, Bundle

DOORS = ("api", "worker", "admin", "sweeper", "feedback", "report")


@pytest.fixture(scope="module")
def laptop_bundle(tmp_path_factory):
    directory = tmp_path_factory.mktemp("laptop")
    Bundle(THIS_MACHINE).try_bundle(str(directory))
    return directory


@pytest.fixture(scope="module")
def lambda_bundle(tmp_path_factory):
    directory = tmp_path_factory.mktemp("lambda")
    Bundle(LAMBDA).try_bundle(str(directory))
    return directory


@pytest.mark.parametrize("door", DOORS)
def test_a_door_opens_with_nothing_but_the_bundle(door, laptop_bundle):
    environment = {
        "STAGE": "local",
        "TABLE_NAME": "jobs",
        "QUEUE_URL": "http://127.0.0.1:1/queue",
        "DEAD_LETTER_QUEUE_URL": "http://127.0.0.1:1/dead-letters",
        "PRODUCER_KEY_SECRET_ARN": "producer",
        "ADMIN_KEY_SECRET_ARN": "admin",
        "LINK_KEY_SECRET_ARN": "links",
        "WORKER_TIMEOUT_SECONDS": "30",
        "BRAND_NAME": "Yellow Books",
        "MAIL_SENDER": "no-reply@example.com",
        "SUPPORT_ADDRESS": "support@example.com",
        "SECURITY_PAGE_URL": "https://example.com/security",
        "MAIL_TRANSPORT": "ses",
        "SIMULATOR": "true",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "POWERTOOLS_SERVICE_NAME": "signin-notifier-local",
        "PYTHONPATH": str(laptop_bundle),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.environ["PATH"],
    }
    opened = subprocess.run(  # noqa: S603 - our own arguments
        [
            *(sys.executable, "-S", "-c"),
            f"from functions.{door} import handler; print(handler.__module__)",
        ],
        env=environment,
        cwd=laptop_bundle,
        capture_output=True,
        text=True,
        check=False,
    )
    assert opened.returncode == 0, opened.stderr


def test_native_code_is_built_for_lambda(lambda_bundle):
    libraries = {library.name for library in lambda_bundle.rglob("*.so")}
    assert libraries
    assert all(name.endswith(".cpython-313-aarch64-linux-gnu.so") for name in libraries)


def test_every_aws_service_that_the_functions_call_is_there(lambda_bundle):
    called = {
        service
        for source in (ROOT / "functions").rglob("*.py")
        for service in re.findall(r'boto3\.client\(\s*"([a-z0-9]+)"', source.read_text())
    }
    assert called
    data = lambda_bundle / "botocore" / "data"
    assert {service.name for service in data.iterdir() if service.is_dir()} == called


def test_the_languages_of_the_mail_are_there_and_no_others(lambda_bundle):
    languages = {
        data.stem.partition("_")[0]
        for data in (lambda_bundle / "babel" / "locale-data").glob("*.dat")
    }
    shipped = {
        texts.stem.partition("-")[0] for texts in (ROOT / "templates" / "locales").glob("*.toml")
    }
    assert languages == {"root", *shipped}


def test_nothing_in_it_depends_on_where_it_was_built(lambda_bundle, tmp_path):
    Bundle(LAMBDA).try_bundle(str(tmp_path))
    assert _contents(tmp_path) == _contents(lambda_bundle)


def test_no_file_names_this_machine(lambda_bundle):
    here = str(Path(sys.executable).parent).encode()
    assert not [path for path, content in _contents(lambda_bundle).items() if here in content]


def _contents(directory):
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }
