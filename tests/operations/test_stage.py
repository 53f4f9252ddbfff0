"""Finding a stage, and what somebody is told whose stage is not to be found."""

import os
import socket

import pytest

from local.endpoint import claimed
from operations.login import login
from operations.stage import OperationError, monitoring_outputs, reach

#: as CloudFormation answers
FOUND = b"""<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<DescribeStacksResult><Stacks><member>
  <StackName>SigninNotifier-prod</StackName><StackStatus>CREATE_COMPLETE</StackStatus>
  <CreationTime>2026-11-25T00:00:00Z</CreationTime>
  <Outputs><member>
    <OutputKey>WorkerEventSourceMappingId</OutputKey><OutputValue>a-mapping</OutputValue>
  </member></Outputs>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"""


#: as STS answers
CALLER = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult>
  <Arn>arn:aws:iam::222222222222:user/o</Arn><UserId>o</UserId><Account>222222222222</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


def refused(code, message):
    return (
        '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>'
        f"<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
        "</Error></ErrorResponse>"
    ).encode()


@pytest.fixture(autouse=True)
def _nobody_s_machine(monkeypatch, tmp_path):
    """No setting of whoever runs the tests leads anywhere."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def cloudformation(service, monkeypatch):
    """CloudFormation, for somebody who is logged in."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", service.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.url)
    return service


def test_a_stage_is_found_in_the_region_of_its_file(cloudformation, config_of):
    cloudformation.answers(200, FOUND)
    stage = reach(config_of())
    assert stage.region == "eu-west-1"
    assert stage.output("WorkerEventSourceMappingId") == "a-mapping"


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_without_one_in_the_file_the_environment_names_it(
    name, cloudformation, config_of, monkeypatch
):
    cloudformation.answers(200, FOUND)
    monkeypatch.setenv(name, "eu-west-1")
    assert reach(config_of(region=None)).region == "eu-west-1"


def test_a_stage_that_is_in_another_region_or_nowhere_is_told_with_all_three_ways_out(
    cloudformation, config_of
):
    missing = "Stack with id SigninNotifier-prod does not exist"
    cloudformation.answers(400, refused("ValidationError", missing))
    with pytest.raises(OperationError) as refusal:
        reach(config_of(region="us-west-2"))
    said = str(refusal.value)
    assert said.startswith("There is no stack SigninNotifier-prod in us-west-2 in this account.")
    for way_out in ("AWS_REGION=", "get-caller-identity", "make deploy STAGE=prod"):
        assert way_out in said


def test_alarms_that_are_not_deployed_are_no_error(cloudformation, config_of):
    cloudformation.answers(200, FOUND)
    missing = "Stack with id SigninNotifierMonitoring-prod does not exist"
    cloudformation.answers(400, refused("ValidationError", missing))
    assert monitoring_outputs(reach(config_of())) is None
    assert b"SigninNotifierMonitoring-prod" in cloudformation.bodies[-1]


def test_alarms_that_are_deployed_are_found(cloudformation, config_of):
    cloudformation.answers(200, FOUND)
    assert monitoring_outputs(reach(config_of()))["WorkerEventSourceMappingId"] == "a-mapping"


def test_credentials_of_the_account_in_the_stage_s_file_find_it(cloudformation, config_of):
    cloudformation.answers(200, CALLER)
    cloudformation.answers(200, FOUND)
    assert reach(config_of(account="222222222222")).outputs


@pytest.mark.parametrize("stage", ["prod", "dev"])
def test_credentials_of_another_account_are_told_before_anything_is_asked_for(
    cloudformation, config_of, stage
):
    cloudformation.answers(200, CALLER)
    more = {"mail_sink": "sink@example.com"} if stage == "dev" else {}
    with pytest.raises(OperationError) as refusal:
        reach(config_of(stage, account="111111111111", **more))
    said = str(refusal.value)
    for part in ("of account 222222222222", f"stages/{stage}.toml", "account 111111111111"):
        assert part in said


def test_a_login_that_has_expired_is_told(cloudformation, config_of):
    cloudformation.answers(403, refused("ExpiredToken", "The security token is expired"))
    with pytest.raises(OperationError, match=r"AWS refused: .*ExpiredToken.*is expired"):
        reach(config_of())


def test_a_missing_region_is_told(config_of):
    with pytest.raises(OperationError, match=r"region.*stages/prod\.toml.*AWS_REGION="):
        reach(config_of(region=None))


def test_missing_credentials_are_told(config_of):
    with pytest.raises(OperationError, match="No AWS credentials were found"):
        reach(config_of())


def test_a_profile_that_nobody_has_is_told_by_name(config_of, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "elsewhere")
    with pytest.raises(OperationError, match="elsewhere"):
        reach(config_of())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ENDPOINT_URL", "garbage"),
        ("AWS_ENDPOINT_URL", "http://["),
        ("AWS_MAX_ATTEMPTS", "abc"),
        ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "abc"),
    ],
)
@pytest.mark.parametrize("stage", ["local", "prod"])
def test_a_variable_that_botocore_can_t_read_is_told(stage, name, value, config_of, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv(name, value)
    with pytest.raises(OperationError, match=r"^A setting of yours for AWS makes no sense: "):
        (login if "METADATA" in name else reach)(
            local(config_of) if stage == "local" else config_of()
        )


def local(config_of):
    return config_of("local", account="000000000000", region="us-east-1")


def test_a_laptop_without_make_local_is_told(config_of):
    with pytest.raises(OperationError, match="`make local` does not run in this folder"):
        reach(local(config_of))


def test_an_empty_address_of_an_emulator_leads_nobody_to_aws(config_of, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")
    with pytest.raises(OperationError, match="`make local` does not run in this folder"):
        reach(local(config_of))


def test_without_make_local_an_emulator_that_is_named_is_asked(service, config_of, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", service.url)
    service.answers(200, FOUND)
    stage = reach(local(config_of))
    assert stage.outputs
    assert stage.client_options["endpoint_url"] == service.url


def test_what_a_killed_make_local_left_behind_misleads_nobody(service, config_of, tmp_path):
    # Its emulator may outlive it, or somebody else be at its port by now.
    service.answers(200, FOUND)
    with claimed(logs=tmp_path / ".local"):
        (tmp_path / ".local" / "endpoint").write_text(service.url)
    with pytest.raises(OperationError, match="`make local` does not run in this folder"):
        reach(local(config_of))


def test_an_emulator_that_is_named_and_gone_is_told_by_its_address(config_of, monkeypatch):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        with pytest.raises(OperationError, match=f"^Nothing answers at {url}/. Correct AWS_END"):
            reach(local(config_of))


def test_whoever_is_logged_in_may_go_on_to_deploy(config_of, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    # Nothing is asked over the network, wherever it leads.
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert login(config_of()) == 0


def test_whoever_is_not_logged_in_is_told_before_cdk_is_started(config_of):
    with pytest.raises(OperationError, match="No AWS credentials were found"):
        login(config_of())


def test_whoever_names_no_emulator_is_told_how_one_is_deployed_into(config_of):
    with pytest.raises(
        OperationError, match=r"`make local`.*AWS_ENDPOINT_URL=.*AWS_SECRET"
    ) as told:
        login(local(config_of))
    assert "sso" not in str(told.value)
