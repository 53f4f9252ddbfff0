"""The asset that Lambda gets: what is in it, and what is not."""

import re
import sys
from pathlib import Path

import pytest

from infra.bundle import LAMBDA, Bundle
from infra.config import ROOT

MAX_BYTES = 25_000_000


@pytest.fixture(scope="module", params=["lambda_bundle", "laptop_bundle"])
def bundle(request):
    return request.getfixturevalue(request.param)


def test_it_stays_small(bundle):
    weights = {path: len(content) for path, content in _contents(bundle).items()}
    heaviest = sorted(weights, key=weights.get, reverse=True)[:10]
    assert sum(weights.values()) <= MAX_BYTES, heaviest


def test_no_tests_and_no_bytecode_are_in_it(bundle):
    parts = {part for path in _contents(bundle) for part in Path(path).parts}
    assert parts.isdisjoint({"__pycache__", "test", "tests"})
    assert not [part for part in parts if part.endswith(".pyc")]


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
