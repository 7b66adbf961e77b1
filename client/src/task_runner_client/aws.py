"""The usual AWS settings: environment variables, the files in ~/.aws, roles of machines and containers."""

import os
from typing import Any

from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from task_runner_client.errors import TaskRunnerClientError
from task_runner_client.urls import is_loopback, origin, region_in


def credentials() -> Credentials:
    """Return the caller's credentials; they renew themselves where they can.

    Raises:
        TaskRunnerClientError: there are none, or the settings cannot be read.
    """
    try:
        found = Session().get_credentials()
    except BotoCoreError as error:
        raise TaskRunnerClientError(f"The AWS credentials cannot be read: {error}. Sign in again and retry.") from error
    if found is None:
        raise TaskRunnerClientError("No AWS credentials were found. Sign in (`aws sso login`), or set AWS_PROFILE.")
    return found


def region(url: str) -> str:
    """Return the region of an API or a queue: the one in its host name, or else the caller's own.

    Raises:
        TaskRunnerClientError: neither is there.
    """
    # Terraform and the other SDKs read AWS_REGION; botocore by itself reads AWS_DEFAULT_REGION only.
    found = region_in(url) or os.environ.get("AWS_REGION") or Session().get_config_variable("region")
    if not found:
        raise TaskRunnerClientError("No AWS region is chosen. Set AWS_REGION, or choose a profile that has one.")
    return str(found)


def sqs_client(queue_url: str) -> Any:
    """Return a client of the SQS that a queue is on, with the caller's credentials.

    Raises:
        TaskRunnerClientError: there are no credentials or no region.
    """
    credentials()  # else botocore would say so at the first call only, and not what to do
    return Session().create_client(
        "sqs",
        region_name=region(queue_url),
        endpoint_url=origin(queue_url),
        # Loopback never goes through the proxy of the caller's environment.
        config=Config(proxies={}) if is_loopback(queue_url) else None,
    )
