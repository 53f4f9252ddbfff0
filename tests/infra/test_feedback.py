"""The way of SES's events; who is let in on it is test_resource_policies' matter."""

TOPIC, QUEUE = "SesEvents/Topic", "SesEvents/Inbox/Queue"
CONFIGURATION_SET = "Sender/ConfigurationSet"


def statements(template, path):
    return template.at(f"{path}/Policy")["PolicyDocument"]["Statement"]


def test_whoever_bounced_or_complained_gets_no_more_mails(any_stage):
    assert any_stage.notifier.at(CONFIGURATION_SET)["SuppressionOptions"] == {
        "SuppressedReasons": ["BOUNCE", "COMPLAINT"]
    }


def test_the_sender_s_reputation_is_measured(any_stage):
    assert any_stage.notifier.at(CONFIGURATION_SET)["ReputationOptions"] == {
        "ReputationMetricsEnabled": True
    }


def test_mails_travel_over_tls_only(any_stage):
    assert any_stage.notifier.at(CONFIGURATION_SET)["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}


def test_ses_tells_the_topic_what_became_of_a_mail_and_nothing_of_its_reader(any_stage):
    [destination] = any_stage.notifier.every("AWS::SES::ConfigurationSetEventDestination").values()
    assert destination == {
        "ConfigurationSetName": CONFIGURATION_SET,
        "EventDestination": {
            "Enabled": True,
            "MatchingEventTypes": [
                "send",
                "reject",
                "bounce",
                "complaint",
                "delivery",
                "deliveryDelay",
            ],
            "SnsDestination": {"TopicARN": TOPIC},
        },
    }


def test_events_are_asked_for_once_ses_may_publish_them(any_stage):
    template = any_stage.notifier
    [path] = template.every("AWS::SES::ConfigurationSetEventDestination")
    assert f"{TOPIC}/Policy" in template.resources[path]["DependsOn"]


def test_the_topic_refuses_plain_http_on_aws(stage_on_aws):
    [denial] = [s for s in statements(stage_on_aws.notifier, TOPIC) if s["Effect"] == "Deny"]
    assert (denial["Principal"], denial["Action"], denial["Resource"]) == (
        "*",
        "sns:Publish",
        TOPIC,
    )
    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_topic_is_encrypted_with_a_key_that_rotates(any_stage):
    assert any_stage.notifier.at(TOPIC)["KmsMasterKeyId"] == f"{TOPIC}Key.Arn"
    assert any_stage.notifier.at(f"{TOPIC}Key")["EnableKeyRotation"] is True


def test_the_queue_gets_events_as_ses_wrote_them(any_stage):
    [subscription] = any_stage.notifier.every("AWS::SNS::Subscription").values()
    assert subscription == {
        "TopicArn": TOPIC,
        "Protocol": "sqs",
        "Endpoint": f"{QUEUE}.Arn",
        "RawMessageDelivery": True,
    }


def test_feedback_takes_ten_events_and_reports_each_failure(any_stage):
    assert any_stage.notifier.at("Feedback/Function/Messages") == {
        "FunctionName": "Feedback/Function",
        "EventSourceArn": f"{QUEUE}.Arn",
        "BatchSize": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": 2},
    }
