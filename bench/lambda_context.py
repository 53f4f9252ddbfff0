"""The part of Lambda's context object that a door looks at."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@dataclass(frozen=True)
class _Context:
    function_name: str = "signin-notifier"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:signin-notifier"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"


CONTEXT = cast("LambdaContext", _Context())
