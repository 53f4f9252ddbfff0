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
    return replace(stage_of("dev"), outputs={"ApiUrl": service.url, "PublicUrl": service.url})


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


def test_links_are_followed_where_mails_lead_whatever_the_file_says_now(service, served, the_one):
    service.answers(401, PROBLEM)
    service.answers(404, b"", NOINDEX)
    config = served.config.model_copy(update={"public_url": "https://changed.example.com"})
    the_one(look_at_answers(replace(served, config=config)), "links", "well")


def test_a_domain_that_leads_nowhere_is_told(service, served, the_one):
    service.answers(401, PROBLEM)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and does not listen
        nowhere = f"https://127.0.0.1:{bound.getsockname()[1]}"
        outputs = {**served.outputs, "PublicUrl": nowhere}
        findings = list(look_at_answers(replace(served, outputs=outputs)))
    the_one(findings, "API", "well")
    assert f"{nowhere} was not reached" in the_one(findings, "links", "WRONG")


def test_the_laptop_s_api_is_asked_where_the_emulator_is_and_its_links_where_mails_lead(
    service, stage_of, the_one
):
    service.answers(401, PROBLEM)
    service.answers(404, b"", NOINDEX)
    stage = replace(
        stage_of("local", account="000000000000"),
        outputs={
            "ApiId": "a1b2",
            "ApiUrl": "https://a1b2.execute-api.example",
            "PublicUrl": f"{service.url}/front-door",
        },
        client_options={"endpoint_url": service.url},
    )
    findings = list(look_at_answers(stage))
    the_one(findings, "API", "well")
    assert the_one(findings, "links", "well") == f"{service.url}/front-door shows the report page."
    assert service.paths == [
        "/_aws/execute-api/a1b2/$default/api/jobs/signin-doctor",
        f"/front-door/report/AQ{'A' * 70}",
    ]


def test_an_emulator_without_a_front_door_is_asked_for_the_links_too(service, stage_of, the_one):
    service.answers(401, PROBLEM)
    service.answers(404, b"", NOINDEX)
    unresolved = "https://a1b2.execute-api.example"
    stage = replace(
        stage_of("local", account="000000000000"),
        outputs={"ApiId": "a1b2", "ApiUrl": unresolved, "PublicUrl": unresolved},
        client_options={"endpoint_url": service.url},
    )
    the_one(look_at_answers(stage), "links", "well")
    assert service.paths[1].startswith("/_aws/execute-api/a1b2/$default/report/")
