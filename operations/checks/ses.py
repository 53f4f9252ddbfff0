"""SES: may this account send, and as this sender? And does it?"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from operations.findings import Finding, answered, unknown, well, wrong
from operations.stage import Stage

if TYPE_CHECKING:
    from types_boto3_sesv2.type_defs import GetAccountResponseTypeDef

#: it takes every mail, also from the sandbox, and no quota nor reputation counts it
#: https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
SIMULATOR: Final = "success@simulator.amazonses.com"
_REFUSALS: Final = (
    *("MessageRejected", "MailFromDomainNotVerifiedException", "BadRequestException"),
    *("AccountSuspendedException", "SendingPausedException", "NotFoundException"),
)


def look_at_ses(stage: Stage) -> Iterator[Finding]:
    """Find out whether mails leave."""
    config = stage.config
    if config.mail_transport != "ses":
        yield unknown(
            "mail",
            f'SES is not asked, mail_transport is "{config.mail_transport}".'
            " Post a sign-in and see whether its mail arrives.",
        )
        return
    yield from answered("sender", partial(_sender, stage))
    yield from answered("sandbox", partial(_account, stage))
    yield from answered("mail", partial(_mail, stage))


def _sender(stage: Stage) -> Iterator[Finding]:
    config = stage.config
    whole_domain = config.sender_identity == "domain"
    identity = config.mail_sender.partition("@")[2] if whole_domain else config.mail_sender
    client = stage.ses_client()
    try:
        found = client.get_email_identity(EmailIdentity=identity)
    except client.exceptions.NotFoundException:
        deploy = f"make deploy STAGE={config.stage}"
        yield wrong("sender", f"SES does not know {identity} in {stage.region}. Deploy: {deploy}")
        return
    do = (
        "Publish the DKIM records below"
        if whole_domain
        else "Open the link in the mail that SES sent there (again: docs/OPERATIONS.md, The sender)"
    )
    yield (
        well("sender", f"{identity} is verified.")
        if found["VerifiedForSendingStatus"]
        else wrong("sender", f"{identity} is not verified, so that SES takes no mail. {do}.")
    )
    if whole_domain:
        yield _dkim(stage, found["DkimAttributes"].get("Status", "NOT_STARTED"))


def _dkim(stage: Stage, status: str) -> Finding:
    if status == "SUCCESS":
        return well("DKIM", "SES has found the records, and signs mails.")
    records = [value for name, value in sorted(stage.outputs.items()) if "DkimRecord" in name]
    return wrong(
        "DKIM",
        f"SES has not found the records ({status}). Publish them in your DNS; SES looks for them"
        " for 72 hours:\n" + "\n".join(records),
    )


def _account(stage: Stage) -> Iterator[Finding]:
    account = stage.ses_client().get_account()
    if account.get("ProductionAccessEnabled"):
        yield well("sandbox", "the account is out of it.")
    elif stage.config.stage == "dev":
        yield well(
            "sandbox",
            "the account is in it, which is enough for dev: SES mails verified addresses only,"
            " so verify the sink and the allowlist.",
        )
    else:
        yield wrong(
            "sandbox",
            "the account is in it, and SES mails verified addresses only."
            " Ask for production access: docs/OPERATIONS.md, Out of the sandbox.",
        )
    yield _sending(account)
    yield _rate(stage, account)


def _sending(account: "GetAccountResponseTypeDef") -> Finding:
    enforcement = account.get("EnforcementStatus", "")
    if not account.get("SendingEnabled"):
        return wrong(
            "sending",
            f"SES is paused for this account ({enforcement})."
            " What to do: docs/OPERATIONS.md, A paused SES account.",
        )
    if enforcement != "HEALTHY":
        return wrong(
            "sending",
            f"SES has the account under review ({enforcement})."
            " Mend bounces or complaints: docs/OPERATIONS.md, Bounce rate.",
        )
    quota = account["SendQuota"]
    most, sent = quota.get("Max24HourSend", 0), quota.get("SentLast24Hours", 0)
    if 0 <= most <= sent:  # -1 is without end
        return wrong("sending", f"the quota of {most:.0f} mails a day is used up. Have it raised.")
    return well("sending", f"SES is healthy; {sent:.0f} of {most:.0f} mails in the last 24 hours.")


def _rate(stage: Stage, account: "GetAccountResponseTypeDef") -> Finding:
    most, ours = account["SendQuota"].get("MaxSendRate", 0), stage.config.mails_per_second
    if stage.emulated:
        return unknown("rate", "the emulator limits nobody. See on AWS.")
    if ours > most:
        return wrong(
            "rate",
            f"mails_per_second is {ours}, and SES takes {most:g} a second. Write at most that into"
            f" stages/{stage.config.stage}.toml, and deploy.",
        )
    return well("rate", f"{ours} mails a second, of {most:g} that SES takes.")


def _mail(stage: Stage) -> Iterator[Finding]:
    try:
        # without the configuration set, whose events belong to jobs
        stage.ses_client().send_email(
            FromEmailAddress=stage.config.mail_sender,
            Destination={"ToAddresses": [SIMULATOR]},
            Content={
                "Simple": {
                    "Subject": {"Data": "signin-notifier: doctor"},
                    "Body": {"Text": {"Data": "One mail to see whether SES takes any."}},
                }
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in _REFUSALS:
            raise
        reason = error.response["Error"]["Message"]
        yield wrong(
            "mail", f"SES refused one to {SIMULATOR}: {reason} Mend what is wrong above, first."
        )
    else:
        yield well("mail", f"SES took one to {SIMULATOR}.")
