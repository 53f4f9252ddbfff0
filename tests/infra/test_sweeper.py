"""The clock that starts the sweeper."""

SWEEPER = "Sweeper/Function"


def test_every_minute_the_sweeper_starts_and_nothing_else(any_stage):
    rules = any_stage.notifier.every("AWS::Events::Rule")
    [rule] = [rule for rule in rules.values() if "ScheduleExpression" in rule]
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 minute)", "ENABLED")
    assert [target["Arn"] for target in rule["Targets"]] == [f"{SWEEPER}.Arn"]


def test_a_sweep_that_could_not_be_started_is_left_to_the_next_minute(any_stage):
    [target] = any_stage.notifier.at("EveryMinute")["Targets"]
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0}


def test_a_sweep_that_failed_or_waited_for_a_minute_is_left_to_the_next(any_stage):
    [config] = any_stage.notifier.every("AWS::Lambda::EventInvokeConfig").values()
    assert config == {
        "FunctionName": SWEEPER,
        "Qualifier": "$LATEST",
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": 60,
    }


def test_a_sweep_may_take_until_the_next_one_starts(any_stage):
    assert any_stage.notifier.at(SWEEPER)["Timeout"] == 60
