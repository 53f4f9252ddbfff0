"""The SES transport: what it asks for, and what each answer of SES means for a job."""

import pytest
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from functions.adapters.ses import BY_CODE
from functions.domain.errors import (
    AccountDeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from functions.domain.failure import failure_of
from tests.adapters.ses import JOB, MAIL, SENDER, SENDER_ADDRESS, answered, failed, mailer
from tests.builders import a_mail


def test_a_mail_is_taken_by_ses(aws):
    client = aws("sesv2")
    client.create_email_identity(EmailIdentity=SENDER_ADDRESS)

    mailer(client).send(MAIL, job=JOB)

    (taken,) = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    assert (taken.source, taken.subject, taken.body) == (SENDER, MAIL.subject, MAIL.html)
    assert taken.destinations == {"ToAddresses": ["user@example.com"]}


def test_a_sender_that_ses_has_not_verified_is_an_account_matter(aws):
    error = failed(aws("sesv2"))
    assert isinstance(error, AccountDeliveryError)
    assert error.sentence == "SES has not verified the sender."


def test_the_request_is_simple_content_tagged_with_the_job(client_of, refusing_url):
    client = client_of("sesv2", refusing_url)
    with Stubber(client) as stubber:
        stubber.add_response(
            "send_email",
            {"MessageId": "1"},
            {
                "FromEmailAddress": SENDER,
                "Destination": {"ToAddresses": ["user@example.com"]},
                "Content": {
                    "Simple": {
                        "Subject": {"Data": MAIL.subject, "Charset": "UTF-8"},
                        "Body": {
                            "Text": {"Data": MAIL.text, "Charset": "UTF-8"},
                            "Html": {"Data": MAIL.html, "Charset": "UTF-8"},
                        },
                        "Headers": [
                            {"Name": "Reply-To", "Value": "support@yellowbooks.mn"},
                            {"Name": "Auto-Submitted", "Value": "auto-generated"},
                        ],
                    }
                },
                "ConfigurationSetName": "signin-notifier",
                "EmailTags": [{"Name": "jobId", "Value": JOB.job_id}],
            },
        )
        mailer(client).send(MAIL, job=JOB)
        stubber.assert_no_pending_responses()


def test_every_error_of_ses_own_model_has_its_class(ses):
    operation = ses.meta.service_model.operation_model("SendEmail")
    modelled = {shape.error_code for shape in operation.error_shapes}
    assert modelled
    assert modelled - BY_CODE.keys() == set()


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_an_error_is_classed_by_its_name_and_keeps_it(service, ses, code):
    error = answered(service, ses, code)
    kind, sentence = BY_CODE[code]
    assert (type(error), error.error_type, error.sentence) == (kind, code, sentence)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("TooManyRequestsException", TransientDeliveryError),
        ("ThrottlingException", TransientDeliveryError),
        ("ServiceUnavailable", TransientDeliveryError),
        ("InternalFailure", TransientDeliveryError),
        ("BadRequestException", PermanentDeliveryError),
        ("MessageRejected", PermanentDeliveryError),
        ("AccountSuspendedException", AccountDeliveryError),
        ("SendingPausedException", AccountDeliveryError),
        ("MailFromDomainNotVerifiedException", AccountDeliveryError),
        ("NotFoundException", AccountDeliveryError),
        ("LimitExceededException", AccountDeliveryError),
        ("AccessDeniedException", AccountDeliveryError),
        ("ExpiredTokenException", AccountDeliveryError),
        ("Unheard", AccountDeliveryError),
    ],
)
def test_what_an_answer_means_for_the_job(service, ses, code, kind):
    assert type(answered(service, ses, code)) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Maximum sending rate exceeded.", TransientDeliveryError),
        ("Rate exceeded", TransientDeliveryError),
        ("Daily message quota exceeded.", AccountDeliveryError),
        ("DAILY QUOTA EXCEEDED", AccountDeliveryError),
    ],
)
@pytest.mark.parametrize("code", ["TooManyRequestsException", "ThrottlingException", "Throttling"])
def test_the_daily_quota_comes_as_throttling_but_is_an_account_matter(
    service, ses, code, text, kind
):
    error = answered(service, ses, code, status=429, text=text)
    assert (type(error), error.error_type) == (kind, code)


@pytest.mark.parametrize(
    ("identities", "kind"),
    [
        (SENDER_ADDRESS, AccountDeliveryError),
        (SENDER, AccountDeliveryError),
        (SENDER_ADDRESS.upper(), AccountDeliveryError),
        (f"user@example.com, {SENDER_ADDRESS}", AccountDeliveryError),
        (f"{SENDER_ADDRESS}.", AccountDeliveryError),
        ("user@example.com", PermanentDeliveryError),
        (f"re-{SENDER_ADDRESS}", PermanentDeliveryError),
        (f"{SENDER_ADDRESS}.example.com", PermanentDeliveryError),
    ],
)
def test_an_unverified_address_is_an_account_matter_only_if_it_is_the_senders(
    service, ses, identities, kind
):
    text = (
        "Email address is not verified. The following identities failed the check in region "
        f"EU-CENTRAL-1: {identities}"
    )
    error = answered(service, ses, "MessageRejected", text=text)
    assert (type(error), error.error_type) == (kind, "MessageRejected")


def test_the_text_of_any_other_answer_decides_nothing(service, ses):
    text = f"Email address is not verified: {SENDER_ADDRESS}. Daily quota exceeded."
    error = answered(service, ses, "BadRequestException", text=text)
    assert type(error) is PermanentDeliveryError


@pytest.mark.parametrize("code", ["RequestTimeout", "RequestTimeoutException"])
def test_a_request_that_ses_did_not_read_in_time_is_transient(service, ses, code):
    error = answered(service, ses, code, status=408)
    assert (type(error), error.error_type) == (TransientDeliveryError, code)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_that_ses_itself_reports_is_transient(service, ses, status):
    error = answered(service, ses, "Unheard", status=status)
    assert type(error) is TransientDeliveryError


def test_a_mail_that_the_client_itself_refuses_is_permanent(ses):
    error = failed(ses, a_mail(recipient=7))
    assert (type(error), error.error_type) == (PermanentDeliveryError, "ParamValidation")


def test_missing_credentials_are_an_account_matter(ses):
    def lose(**_):
        raise NoCredentialsError

    ses.meta.events.register("before-sign.sesv2", lose)
    error = failed(ses)
    assert (type(error), error.error_type) == (AccountDeliveryError, "NoCredentials")


def test_the_cause_is_kept_for_its_frames(service, ses):
    error = answered(service, ses, "MessageRejected")
    assert type(error.__cause__).__name__ == "MessageRejected"
    assert "send_email" in failure_of(error).stack_trace
