"""What a deployment prints, and operators' commands read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.stack import NotifierStack


def outputs(notifier: "NotifierStack") -> dict[str, str]:
    """Lead to everything, and contain no key."""
    # with the region, or whoever has another one set is told that there is no such secret
    read_key = (
        f"aws secretsmanager get-secret-value --region {notifier.region}"
        " --query SecretString --output text"
    )
    named = {
        "ApiUrl": notifier.http_api.api_endpoint,
        "PublicUrl": notifier.public_url,
        "ApiId": notifier.http_api.api_id,
        "TableName": notifier.jobs.table.table_name,
        "QueueUrl": notifier.queue.queue_url,
        "DeadLetterQueueUrl": notifier.dead_letters.queue_url,
        "WorkerEventSourceMappingId": notifier.worker_source.event_source_mapping_id,
        "ProducerKeyCommand": f"{read_key} --secret-id {notifier.producer_key.arn}",
        "AdminKeyCommand": f"{read_key} --secret-id {notifier.admin_key.arn}",
        "LinkKeyCommand": f"{read_key} --secret-id {notifier.reporting.link_key.arn}",
    }
    named |= {f"{f.node.id}LogGroup": f.log_group.log_group_name for f in notifier.functions}
    if notifier.sender:
        named |= notifier.sender.dns_records()
    if notifier.feedback:
        named |= {
            "FeedbackTopicArn": notifier.feedback.topic.topic_arn,
            "FeedbackQueueUrl": notifier.feedback.queue.queue_url,
            "FeedbackDeadLetterQueueUrl": notifier.feedback.dead_letters.queue_url,
        }
    if notifier.report_target:
        named["ReportDeadLetterQueueUrl"] = notifier.report_target.dead_letters.queue_url
    return named
