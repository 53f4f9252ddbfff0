"""What is kept: the table of jobs and windows, and the keys."""

from aws_cdk import Acknowledgment, RemovalPolicy, Validations
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

INDEX = "by-state"


class JobsTable(Construct):
    """Jobs and the users' windows in one table; the index holds open and dead jobs alone."""

    def __init__(self, scope: Construct, construct_id: str, *, keep: bool) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            time_to_live_attribute="expiresAt",
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=keep,
            removal_policy=RemovalPolicy.RETAIN if keep else RemovalPolicy.DESTROY,
        )
        self.table.add_global_secondary_index(
            index_name=INDEX,
            partition_key=dynamodb.Attribute(name="stateShard", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="stateOrder", type=dynamodb.AttributeType.STRING),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=[
                "status",
                "run",
                "createdAtMs",
                "processedAtMs",
                "attemptCount",
                "unknownOutcomes",
                "error",
                "errorClass",
                "errorType",
                "recipientMasked",
                "expiresAt",
            ],
        )

    def grant(self, grantee: iam.IGrantable, *actions: str) -> None:
        """Allow actions on the rows; `Table.grant` would add every index."""
        iam.Grant.add_to_principal(
            grantee=grantee, actions=list(actions), resource_arns=[self.table.table_arn]
        )

    def grant_query(self, grantee: iam.IGrantable) -> None:
        """Allow queries of the index."""
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["dynamodb:Query"],
            resource_arns=[f"{self.table.table_arn}/index/{INDEX}"],
        )


class AccessKey(Construct):
    """A secret key; its value is made at deploy, or given where it guards nothing."""

    def __init__(
        self, scope: Construct, construct_id: str, *, description: str, fixed: str | None
    ) -> None:
        super().__init__(scope, construct_id)
        generated = secretsmanager.CfnSecret.GenerateSecretStringProperty(
            password_length=40, exclude_punctuation=True
        )
        secret = secretsmanager.CfnSecret(
            self,
            "Secret",
            description=description,
            generate_secret_string=None if fixed else generated,
            secret_string=fixed,
        )
        #: by attribute, because in MiniStack `Ref`, which `Secret` uses, is only the name
        self.arn = secret.attr_id
        Validations.of(secret).acknowledge(
            Acknowledgment(
                id="AwsSolutions-SMG4",
                reason="Rotated by hand, together with whoever holds it; the functions accept the"
                " previous value meanwhile.",
            )
        )

    def grant_read(self, grantee: iam.IGrantable) -> None:
        """Allow reading the value and its predecessor."""
        iam.Grant.add_to_principal(
            grantee=grantee, actions=["secretsmanager:GetSecretValue"], resource_arns=[self.arn]
        )
