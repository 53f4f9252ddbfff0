"""What is said of SES: may this account send, as this sender, and does it."""

import pytest

from operations.checks.ses import SIMULATOR, look_at_ses
from operations.findings import Verdict
from tests.operations.checks.conftest import HEALTHY

TOKENS = {f"DkimRecord{n}": f"t{n}._domainkey.example.com CNAME t{n}.dkim.x" for n in (1, 2, 3)}


@pytest.fixture
def domain(stage_of):
    """A stage that mails as a whole domain."""
    stage = stage_of(sender_identity="domain")
    stage.outputs.update(TOKENS)
    return stage


def verified(session, *, sending=True, dkim="SUCCESS"):
    session.answers(
        "sesv2.GetEmailIdentity",
        {"VerifiedForSendingStatus": sending, "DkimAttributes": {"Status": dkim}},
    )


def test_a_stage_that_can_mail_is_well_in_every_line(session, domain):
    verified(session)
    session.client("ses").verify_domain_identity(Domain="example.com")
    findings = list(look_at_ses(domain))
    assert {found.verdict for found in findings} == {Verdict.WELL}, findings
    assert [f.subject for f in findings] == ["sender", "DKIM", "sandbox", "sending", "rate", "mail"]


def test_a_domain_is_asked_for_where_the_sender_is_one_and_an_address_where_it_is_not(
    session, stage_of, the_one
):
    client = session.client("sesv2")
    client.create_email_identity(EmailIdentity="no-reply@example.com")
    said = the_one(look_at_ses(stage_of()), "sender", "WRONG")
    assert said.startswith("no-reply@example.com is not verified")
    assert "Open the link" in said


def test_a_sender_that_ses_does_not_know_asks_for_a_deployment(domain, the_one):
    said = the_one(look_at_ses(domain), "sender", "WRONG")
    assert "does not know example.com in eu-west-1" in said
    assert "make deploy STAGE=prod" in said


@pytest.mark.parametrize("status", ["PENDING", "FAILED", "TEMPORARY_FAILURE", "NOT_STARTED"])
def test_dkim_records_that_ses_has_not_found_are_spelled_out(status, session, domain, the_one):
    verified(session, sending=False, dkim=status)
    findings = list(look_at_ses(domain))
    said = the_one(findings, "DKIM", "WRONG")
    assert status in said
    assert said.splitlines()[1:] == list(TOKENS.values())
    assert "Publish the DKIM records" in the_one(findings, "sender", "WRONG")


def test_an_address_needs_no_dkim_records(session, stage, told):
    verified(session, dkim="NOT_STARTED")
    assert not told(look_at_ses(stage), "DKIM")


@pytest.mark.parametrize(("stage", "verdict"), [("prod", "WRONG"), ("dev", "well")])
def test_the_sandbox_is_wrong_for_prod_and_enough_for_dev(
    stage, verdict, session, stage_of, the_one
):
    session.answers("sesv2.GetAccount", HEALTHY | {"ProductionAccessEnabled": False})
    said = the_one(look_at_ses(stage_of(stage)), "sandbox", verdict)
    assert "verified addresses only" in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SendingEnabled": False, "EnforcementStatus": "SHUTDOWN"}, "SES is paused"),
        ({"EnforcementStatus": "PROBATION"}, "under review (PROBATION)"),
        (
            {"SendQuota": HEALTHY["SendQuota"] | {"SentLast24Hours": 50_000.0}},
            "quota of 50000 mails a day is used up",
        ),
    ],
)
def test_an_account_that_may_not_send_now_is_told(changes, words, session, stage, the_one):
    session.answers("sesv2.GetAccount", HEALTHY | changes)
    assert words in the_one(look_at_ses(stage), "sending", "WRONG")


def test_an_account_without_a_daily_quota_has_not_used_it_up(session, stage, the_one):
    endless = HEALTHY["SendQuota"] | {"Max24HourSend": -1.0}
    session.answers("sesv2.GetAccount", HEALTHY | {"SendQuota": endless})
    the_one(look_at_ses(stage), "sending", "well")


def test_a_rate_that_ses_does_not_take_is_told_with_the_one_that_it_takes(stage_of, the_one):
    said = the_one(look_at_ses(stage_of(mails_per_second=15)), "rate", "WRONG")
    assert "mails_per_second is 15, and SES takes 14" in said
    assert "stages/prod.toml" in said


def test_the_emulator_s_rate_is_none(stage_of, the_one):
    stage = stage_of("local", account="000000000000", mails_per_second=1000)
    assert "emulator" in the_one(look_at_ses(stage), "rate", "unknown")


def test_one_mail_really_goes_to_the_simulator(session, stage, the_one):
    ses = session.client("ses")
    ses.verify_email_identity(EmailAddress="no-reply@example.com")
    before = int(ses.get_send_quota()["SentLast24Hours"])
    assert SIMULATOR in the_one(look_at_ses(stage), "mail", "well")
    assert int(ses.get_send_quota()["SentLast24Hours"]) == before + 1


def test_a_mail_that_ses_refuses_is_told_with_its_reason(stage, the_one):
    said = the_one(look_at_ses(stage), "mail", "WRONG")
    assert "not verified no-reply@example.com" in said


def test_what_the_credentials_may_not_ask_is_said_and_hides_nothing_else(session, stage, the_one):
    session.refuses("sesv2.GetAccount", "AccessDeniedException", status=403)
    findings = list(look_at_ses(stage))
    assert "may not ask (GetAccount)" in the_one(findings, "sandbox", "unknown")
    assert "SES refused" in the_one(findings, "mail", "WRONG")


def test_what_an_emulator_does_not_know_is_said(session, stage, the_one):
    session.refuses("sesv2.GetAccount", "NotImplemented", status=501)
    said = the_one(look_at_ses(stage), "sandbox", "unknown")
    assert "GetAccount was answered with NotImplemented" in said


def test_a_stage_that_mails_otherwise_asks_nothing_of_ses(stage_of):
    [found] = look_at_ses(stage_of(mail_transport="smtp", smtp_host="smtp.example.com"))
    assert found.verdict is Verdict.UNKNOWN
    assert 'mail_transport is "smtp"' in found.sentence
