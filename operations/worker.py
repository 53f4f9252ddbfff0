"""Pause and resume the worker: whether SQS feeds it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from operations.stage import OperationError, Stage, explained

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

#: Lambda takes up to about a minute, and one more where it is still busy with an earlier change
DEADLINE_S: Final = 180.0
INTERVAL_S: Final = 1.0
_AT_REST: Final = ("Enabled", "Disabled")
_BUSY: Final = ("ResourceConflictException", "ResourceInUseException")
_DAY_S: Final = 86_400
#: to be received, received and not yet deleted, and not yet to be received: all of them are mails
_COUNTS: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)

Clock = Callable[[], float]
Sleep = Callable[[float], None]


def pause(stage: Stage, *, clock: Clock, sleep: Sleep) -> str:
    """Stop feeding the worker; return what that means for the mails.

    Raises:
        OperationError: it did not come about; says why.
    """
    changed = _switch(stage, enabled=False, clock=clock, sleep=sleep)
    with explained(stage.config.stage):
        queue = stage.sqs_client().get_queue_attributes(
            QueueUrl=stage.output("QueueUrl"),
            AttributeNames=["MessageRetentionPeriod", *_COUNTS],
        )["Attributes"]
    waiting, in_flight, delayed = (int(queue[name]) for name in _COUNTS)
    kept_days = int(queue["MessageRetentionPeriod"]) / _DAY_S
    return (
        f"{_name(stage)} {'is paused' if changed else 'was paused already'}."
        " What it had in hand is finished; no other mail leaves.\n"
        "Sign-ins are accepted as before, and their mails wait. About"
        f" {waiting + in_flight + delayed} messages are in the queue now:"
        f" {waiting} waiting, {in_flight} in flight, {delayed} delayed.\n"
        f"The queue keeps a message for {kept_days:g} days. For a job that waits, the sweeper"
        " sends another one at least every half hour,\n"
        "so nothing is lost before the job's row expires, after"
        f" {stage.config.retention_days} days.\n"
        f"Go on with: make resume STAGE={stage.config.stage}"
    )


def resume(stage: Stage, *, clock: Clock, sleep: Sleep) -> str:
    """Feed the worker again; return what that means for the mails.

    Raises:
        OperationError: it did not come about; says why.
    """
    changed = _switch(stage, enabled=True, clock=clock, sleep=sleep)
    return (
        f"{_name(stage)} {'runs again' if changed else 'was running already'}."
        " The mails that waited leave now, one per job,\n"
        "however many messages the sweeper has sent for it meanwhile."
    )


def _switch(stage: Stage, *, enabled: bool, clock: Clock, sleep: Sleep) -> bool:
    """Bring the mapping to rest as wanted; return whether it had to be asked for."""
    wanted = "Enabled" if enabled else "Disabled"
    mapping_id = stage.output("WorkerEventSourceMappingId")
    client = stage.lambda_client()
    deadline = clock() + DEADLINE_S
    asked = False
    while True:
        with explained(stage.config.stage):
            state = client.get_event_source_mapping(UUID=mapping_id)["State"]
            if state == wanted:
                return asked
            if not asked and state in _AT_REST:
                asked = _ask(client, mapping_id, enabled=enabled)
        if clock() >= deadline:
            raise OperationError(
                f"{_name(stage)} is still {state.lower()} after {DEADLINE_S:.0f} s,"
                f" and should be {wanted.lower()}. Give the same command again."
            )
        sleep(INTERVAL_S)


def _ask(client: "LambdaClient", mapping_id: str, *, enabled: bool) -> bool:
    """Ask for the change; return False where Lambda is still busy with another one."""
    try:
        client.update_event_source_mapping(UUID=mapping_id, Enabled=enabled)
    except ClientError as error:
        if error.response["Error"]["Code"] in _BUSY:
            return False
        raise
    return True


def _name(stage: Stage) -> str:
    return f"The worker of stage {stage.config.stage} ({stage.region})"
