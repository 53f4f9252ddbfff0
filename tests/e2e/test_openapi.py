"""The deployed API does what docs/openapi.json promises, whatever it is sent."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.process import ROOT, wait_until

DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text())
TRIALS = [
    (method, path, mode)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    # where nothing can be said, nothing wrong can be
    if mode is GenerationMode.POSITIVE or operation.get("parameters") or "requestBody" in operation
]
#: not those on methods and on refused data: an unknown method is an unknown route here, and
#: some rules can't be told in a schema
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
]


@pytest.fixture(scope="module", autouse=True)
def what_was_replayed_is_over(stack):
    """Leave an empty queue: some of the requests replay what other tests have left dead."""
    yield
    wait_until(lambda: stack.queue_depth("QueueUrl") == 0, seconds=120, what="an empty queue")


@pytest.mark.parametrize(("method", "path", "mode"), TRIALS)
def test_every_answer_is_as_described(stack, method, path, mode):
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.config.update(base_url=stack.url)
    operation = schema[path][method]
    key = stack.admin_key if path.startswith("/api/admin") else stack.producer_key

    @settings(
        max_examples=20,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers_as_described(case):
        case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {key}"})

    answers_as_described()
