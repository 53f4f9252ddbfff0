"""What is said of the API and the report page, as a stranger reaches them."""

import socket
from dataclasses import replace

import pytest

from operations.checks.answers import look_at_answers

PROBLEM = b'{"type": "urn:signin-notifier:problem:unauthenticated", "status": 401}'
NOINDEX = (("X-Robots-Tag", "noindex"),)


@pytest.fixture
def served(service, stage_of):
    """A stage whose API is the service."""
    stage = stage_of("dev", public_url=None)
    return replace(stage, outputs={"ApiUrl": service.url})


def test_an_api_that_refuses_a_stranger_s_key_and_link_is_well(service, served, the_one):
    service.answers(401, PROBLEM)
    service.answers(404, b"<html>", NOINDEX)
    findings = list(look_at_answers(served))
    the_one(findings, "API", "well")
    the_one(findings, "links", "well")
    assert service.paths == ["/api/jobs/signin-doctor", f"/report/AQ{'A' * 70}"]


def test_a_stranger_s_page_behind_the_links_is_told_with_its_address(service, served, the_one):
    service.answers(401, PROBLEM)
    service.answers(404, b"<html>a parked domain")
    said = the_one(look_at_answers(served), "links", "WRONG")
    assert f"{service.url} answered 404, which is not ours" in said
    assert "A custom domain" in said


@pytest.mark.parametrize("status", [200, 403, 500, 503])
def test_a_service_that_answers_otherwise_is_told_with_its_status(status, service, served, the_one):
    service.answers(status, b"{}")
    findings = list(look_at_answers(served))
    assert f"answered {status}" in the_one(findings, "API", "WRONG")
    assert f"answered {status}" in the_one(findings, "links", "WRONG")


def test_somebody_else_s_401_is_not_taken_for_ours(service, served, the_one):
    service.answers(401, b"{}")
    the_one(look_at_answers(served), "API", "WRONG")


def test_a_domain_that_leads_nowhere_is_told(service, served, the_one):
    service.answers(401, PROBLEM)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and does not listen
        nowhere = f"https://127.0.0.1:{bound.getsockname()[1]}"
        config = served.config.model_copy(update={"public_url": nowhere})
        findings = list(look_at_answers(replace(served, config=config)))
    the_one(findings, "API", "well")
    assert f"{nowhere} was not reached" in the_one(findings, "links", "WRONG")


def test_an_emulator_s_api_is_asked_where_the_emulator_is(service, stage_of, the_one):
    service.answers(401, PROBLEM)
    service.answers(404, b"", NOINDEX)
    stage = replace(
        stage_of("local", account="000000000000", public_url=None),
        outputs={"ApiId": "a1b2"},
        client_options={"endpoint_url": service.url},
    )
    the_one(look_at_answers(stage), "API", "well")
    assert service.paths[0] == "/_aws/execute-api/a1b2/$default/api/jobs/signin-doctor"
