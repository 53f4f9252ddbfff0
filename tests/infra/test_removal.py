"""What is left of a stage that is destroyed: all of prod's data, nothing of dev."""

#: what CloudFormation keeps or snapshots unless it is told otherwise, where a stack may have it
#: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
KEPT_UNLESS_TOLD = {"AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::S3::Bucket"}
#: what CDK keeps unless it is told otherwise: these have to say so themselves
SAYS_SO = {"AWS::DynamoDB::Table", "AWS::Logs::LogGroup", "AWS::KMS::Key"}


def both(stacks):
    return (stacks.notifier, stacks.monitoring)


def test_prod_keeps_its_table_whatever_happens_to_the_stack(prod):
    table = prod.notifier.resources["Jobs/Table"]
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"]["DeletionProtectionEnabled"] is True
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True
    }


def test_prod_s_stacks_refuse_to_be_deleted_and_no_other_stage_s_do(local, dev, prod):
    assert prod.protected == {"SigninNotifier-prod", "SigninNotifierMonitoring-prod"}
    assert dev.protected == local.protected == set()


def test_dev_leaves_nothing_behind(dev):
    for template in both(dev):
        for path, resource in template.resources.items():
            assert resource["Type"] not in KEPT_UNLESS_TOLD, path
            default = None if resource["Type"] in SAYS_SO else "Delete"
            assert resource.get("DeletionPolicy", default) == "Delete", path
            assert resource.get("UpdateReplacePolicy", default) == "Delete", path
    assert dev.notifier.at("Jobs/Table")["DeletionProtectionEnabled"] is False


def test_no_function_of_a_stack_that_is_gone_can_bring_its_log_back(any_stage):
    functions = any_stage.notifier.every("AWS::Lambda::Function").values()
    logs = any_stage.notifier.every("AWS::Logs::LogGroup")
    assert {function["LoggingConfig"]["LogGroup"] for function in functions} <= logs.keys()
    assert "logs:CreateLogGroup" not in str(any_stage.notifier.every("AWS::IAM::Policy"))


def test_no_name_of_its_own_keeps_a_stage_from_being_deployed_again(stage_on_aws):
    # a secret or a table of a fixed name blocks its successor as long as it is still there
    for kind, name in (
        ("AWS::SecretsManager::Secret", "Name"),
        ("AWS::DynamoDB::Table", "TableName"),
        ("AWS::SQS::Queue", "QueueName"),
        ("AWS::Logs::LogGroup", "LogGroupName"),
        ("AWS::IAM::Role", "RoleName"),
    ):
        for template in both(stage_on_aws):
            assert not [path for path, found in template.every(kind).items() if name in found]


def test_the_topics_keys_go_as_fast_as_kms_lets_them(stage_on_aws):
    for template in both(stage_on_aws):
        for key in template.every("AWS::KMS::Key").values():
            assert key["PendingWindowInDays"] == 7
