"""See, before CDK is started, that the stage makes sense and that there are AWS credentials."""

import boto3
from botocore.exceptions import NoCredentialsError

from infra.config import StageConfig
from operations.stage import explained


def login(config: StageConfig) -> int:
    """Find credentials, those of an expired login excluded; return the exit status.

    Raises:
        OperationError: there are none.
    """
    with explained(config.stage):
        credentials = boto3.Session().get_credentials()
        if credentials is None:
            raise NoCredentialsError
        credentials.get_frozen_credentials()
    return 0
