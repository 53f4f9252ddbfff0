"""How mails leave: SES."""

from aws_cdk import Acknowledgment, ArnFormat, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import Construct


class Sender(Construct):
    """Who SES sends as, and the configuration set that every mail names."""

    def __init__(
        self, scope: Construct, construct_id: str, *, address: str, whole_domain: bool
    ) -> None:
        super().__init__(scope, construct_id)
        self.configuration_set = ses.ConfigurationSet(
            self,
            "ConfigurationSet",
            reputation_metrics=True,
            # an address that bounced or complained gets no more mails, or SES ends the sender
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
        )
        self.identity = ses.EmailIdentity(
            self,
            "Identity",
            identity=ses.Identity.domain(address.partition("@")[2])
            if whole_domain
            else ses.Identity.email(address),
        )
        self._address = address
        self._whole_domain = whole_domain

    def dns_records(self) -> dict[str, str]:
        """Name the records that prove to SES whose the domain is; none for a single address."""
        if not self._whole_domain:
            return {}
        return {
            f"DkimRecord{number}": f"{record.name} CNAME {record.value}"
            for number, record in enumerate(self.identity.dkim_records, start=1)
        }

    def grant_send_in_the_sandbox(self, grantee: iam.Role) -> None:
        """Allow mailing verified recipients, as the sender alone.

        In its sandbox SES checks the recipient's identity too, if the account has verified it.
        AWS's pages don't say so; its refusals do: https://github.com/aws/aws-sdk-js/issues/3641
        """
        recipients = Stack.of(self).format_arn(
            service="ses", resource="identity", resource_name="*"
        )
        grantee.add_to_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail", "ses:SendRawEmail"],
                resources=[recipients],
                conditions={"StringEquals": {"ses:FromAddress": self._address}},
            )
        )
        Validations.of(grantee.node.find_child("DefaultPolicy")).acknowledge(
            Acknowledgment(
                id="AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>"
                ":<AWS::AccountId>:identity/*]",
                reason="Whom stage dev mails is its allowlist's and its sink's matter;"
                " the condition lets nothing leave under another sender.",
            )
        )

    def grant_send(self, grantee: iam.IGrantable) -> None:
        """Allow sending as the identity through the configuration set; SES checks both."""
        self.identity.grant_send_email(grantee)
        # https://github.com/aws/aws-cdk/issues/34402
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["ses:SendEmail", "ses:SendRawEmail"],
            resource_arns=[
                Stack.of(self).format_arn(
                    service="ses",
                    resource="configuration-set",
                    resource_name=self.configuration_set.configuration_set_name,
                    arn_format=ArnFormat.SLASH_RESOURCE_NAME,
                )
            ],
        )
