"""What becomes of the mails: SES's events, through a topic, into a queue that loses none."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.messaging import EncryptedTopic, WorkQueue

#: all that tells whether a mail left and arrived; nobody is tracked opening or clicking it
EVENTS = (
    ses.EmailSendingEvent.SEND,
    ses.EmailSendingEvent.REJECT,
    ses.EmailSendingEvent.BOUNCE,
    ses.EmailSendingEvent.COMPLAINT,
    ses.EmailSendingEvent.DELIVERY,
    ses.EmailSendingEvent.DELIVERY_DELAY,
)
#: tries six minutes apart outlast half an hour without DynamoDB; what is no event of ours, or of
#: no kind that we know, fails them all
MAX_RECEIVE_COUNT = 5


class Feedback(Construct):
    """The events of one configuration set, as SES writes them, in a queue."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        configuration_set: ses.ConfigurationSet,
        function_timeout: Duration,
        enforce_ssl: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        self.topic = EncryptedTopic(
            self,
            "Topic",
            # Without conditions: SNS leaves it to each service's pages which of them its calls for
            # the key meet, and SES's name them for the topic alone, whose policy has them:
            # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
            # https://docs.aws.amazon.com/ses/latest/dg/configure-sns-notifications.html
            # https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-sns.html
            publisher=iam.ServicePrincipal("ses.amazonaws.com"),
            description="signin-notifier: SES events",
            enforce_ssl=enforce_ssl,
        )
        configuration_set.add_event_destination(
            "Feedback", destination=ses.EventDestination.sns_topic(self.topic), events=list(EVENTS)
        )
        inbox = WorkQueue(
            self,
            "Inbox",
            function_timeout=function_timeout,
            max_receive_count=MAX_RECEIVE_COUNT,
            enforce_ssl=enforce_ssl,
        )
        self.queue, self.dead_letters = inbox.queue, inbox.dead_letters
        self.topic.add_subscription(
            subscriptions.SqsSubscription(self.queue, raw_message_delivery=True)
        )
