"""The SES transport, and the one table from its errors to their classes."""

import re
from typing import TYPE_CHECKING, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
)

from functions.domain.errors import (
    AccountDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    UnknownDeliveryError,
)
from functions.domain.model import Job, Mail

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client

_Kind = tuple[type[DeliveryError], str]

_THROTTLED: Final[_Kind] = (TransientDeliveryError, "SES takes mails more slowly than we send.")
_QUOTA: Final[_Kind] = (AccountDeliveryError, "The account's sending quota is used up.")
_REFUSED: Final[_Kind] = (PermanentDeliveryError, "SES refused this mail.")
_RESTRICTED: Final[_Kind] = (AccountDeliveryError, "SES does not let the account send now.")
_UNVERIFIED: Final[_Kind] = (AccountDeliveryError, "SES has not verified the sender.")
_BUSY: Final[_Kind] = (TransientDeliveryError, "SES had a fault of its own and did not send.")
_UNREAD: Final[_Kind] = (TransientDeliveryError, "SES did not get the request in time.")
_UNREACHED: Final[_Kind] = (TransientDeliveryError, "SES could not be reached.")
_UNANSWERED: Final[_Kind] = (
    UnknownDeliveryError,
    "SES gave no clear answer; the mail may or may not have left.",
)

#: what `SendEmail` can answer by name
#: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
#: https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html
BY_CODE: Final[dict[str, _Kind]] = {
    "TooManyRequestsException": _THROTTLED,
    "ThrottlingException": _THROTTLED,
    "Throttling": _THROTTLED,
    "LimitExceededException": _QUOTA,
    "MessageRejected": _REFUSED,
    "BadRequestException": _REFUSED,
    "AccountSuspendedException": _RESTRICTED,
    "SendingPausedException": _RESTRICTED,
    "MailFromDomainNotVerifiedException": _UNVERIFIED,
    "NotFoundException": (AccountDeliveryError, "SES does not know the configuration set."),
    "InternalFailure": _BUSY,
    "InternalServerError": _BUSY,
    "InternalServiceErrorException": _BUSY,
    "ServiceUnavailable": _BUSY,
    "ServiceUnavailableException": _BUSY,
}

#: whoever answers so waited for the one behind it, which may have sent the mail all the same
_GATEWAY_TIMEOUT: Final = 504
#: whoever answers so has not read the request: https://www.rfc-editor.org/rfc/rfc9110#name-408-request-timeout
_REQUEST_TIMEOUT: Final = 408

_ADDRESS = re.compile(r"[^\s,;:<>]+@[^\s,;:<>]+")

#: the request never left this machine, or no connection was made
_NEVER_LEFT: Final = (
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
)


class SesMailer:
    """Sends through SES v2, one attempt per call (see `functions.domain.ports.Mailer`).

    The client must not retry by itself: SES has no idempotency token.
    """

    def __init__(self, client: "SESV2Client", *, sender: str, configuration_set: str) -> None:
        """Take the sender as it stands in the mail: `Brand <address>`."""
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, mail: Mail, *, job: Job) -> None:
        """Hand the mail to SES as simple content, tagged with the job's id."""
        try:
            self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [mail.recipient]},
                Content={
                    "Simple": {
                        "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                        "Body": {
                            "Text": {"Data": mail.text, "Charset": "UTF-8"},
                            "Html": {"Data": mail.html, "Charset": "UTF-8"},
                        },
                        "Headers": [{"Name": name, "Value": value} for name, value in mail.headers],
                    }
                },
                ConfigurationSetName=self._configuration_set,
                EmailTags=[{"Name": "jobId", "Value": job.job_id}],
            )
        except ClientError as error:
            raise _answered(error, sender=self._sender) from error
        except BotoCoreError as error:
            raise _unanswered(error) from error


def _answered(error: ClientError, *, sender: str) -> DeliveryError:
    # Whoever answers in place of SES may give a number.
    code = str(error.response["Error"]["Code"])
    # The texts name addresses: they decide here, and are kept nowhere.
    text = error.response["Error"].get("Message", "")
    kind, sentence = _kind(code, status=error.response["ResponseMetadata"]["HTTPStatusCode"])
    if (kind, sentence) == _THROTTLED and "quota" in text.lower():
        kind, sentence = _QUOTA
    elif code == "MessageRejected" and "not verified" in text.lower():
        # In the sandbox SES says the same of recipients.
        address = sender.rpartition("<")[2].rstrip(">").lower()
        if address in {named.rstrip(".") for named in _ADDRESS.findall(text.lower())}:
            kind, sentence = _UNVERIFIED
    return kind(error_type=code, sentence=sentence)


def _kind(code: str, *, status: int) -> _Kind:
    if status == _GATEWAY_TIMEOUT:
        return _UNANSWERED
    if code in BY_CODE:
        return BY_CODE[code]
    # An answer without a name of its own may come from anything between us and SES.
    unnamed = code.isdigit() or not code
    if status == _REQUEST_TIMEOUT:
        return _UNANSWERED if unnamed else _UNREAD
    if status < 500:  # noqa: PLR2004
        return _RESTRICTED
    return _UNANSWERED if unnamed else _BUSY


def _unanswered(error: BotoCoreError) -> DeliveryError:
    name = type(error).__name__.removesuffix("Error")
    if isinstance(error, ParamValidationError):
        kind, sentence = _REFUSED
    elif isinstance(error, NoCredentialsError | PartialCredentialsError):
        kind, sentence = _RESTRICTED
    elif isinstance(error, _NEVER_LEFT):
        kind, sentence = _UNREACHED
    else:
        kind, sentence = _UNANSWERED
    return kind(error_type=name, sentence=sentence)
