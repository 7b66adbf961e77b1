"""Where a stack lives: on an embedded AWS, or in the AWS account of the caller's credentials."""

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from harness.certificate import trusting
from harness.embedded import ACCESS_KEY, REGION, SECRET_KEY
from harness.errors import HarnessError
from harness.terraform import terraform_environment
from task_runner_client import SigV4, TaskClient

Outputs = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """Gives clients, Terraform's environment and the API's address; all else is the same everywhere."""

    name: str  # "embedded" or "aws"
    region: str
    endpoint: str | None = None  # None: AWS itself
    ca_bundle: Path | None = None  # file of the authority to trust there; None: those of the environment
    plain_endpoint: str | None = None  # where an embedded AWS takes http as well

    @classmethod
    def embedded(cls, endpoint: str, ca_bundle: Path | None = None, *, plain_endpoint: str | None = None) -> "Target":
        """Return the target for a running embedded AWS."""
        return cls("embedded", REGION, endpoint, ca_bundle, plain_endpoint)

    @classmethod
    def aws(cls) -> "Target":
        """Return the account that the caller's credentials belong to, in the caller's region.

        Raises:
            HarnessError: there are no credentials, no region, or AWS refuses them.
        """
        # Terraform and the other SDKs read AWS_REGION; boto3 by itself reads AWS_DEFAULT_REGION only.
        session = boto3.Session(region_name=os.environ.get("AWS_REGION"))
        if session.region_name is None:
            raise HarnessError("No AWS region is chosen. Set AWS_REGION, or choose a profile that has one.")
        if session.get_credentials() is None:
            raise HarnessError("No AWS credentials were found. Sign in (`aws sso login`), or set AWS_PROFILE.")
        try:
            session.client("sts").get_caller_identity()
        except (BotoCoreError, ClientError) as error:
            raise HarnessError(f"AWS refuses the credentials: {error}. Sign in again and retry.") from error
        return cls("aws", session.region_name)

    @property
    def is_embedded(self) -> bool:
        """Tell whether this is an embedded AWS."""
        return self.endpoint is not None

    @property
    def title(self) -> str:
        """How to name it to a person."""
        if self.is_embedded:
            return f"the embedded AWS at {self.endpoint}"
        return f"AWS account {self.client('sts').get_caller_identity()['Account']}, region {self.region}"

    def session(self) -> boto3.Session:
        """Return a boto3 session with the target's credentials and region."""
        return _session(self.region, embedded=self.is_embedded)

    @functools.cache  # noqa: B019 - a target lives as long as its run, and a client takes longer to make than to use
    def client(self, service: str, *, seconds: float | None = None) -> Any:
        """Return a boto3 client of a service. With `seconds` it asks once, and waits no longer for the answer."""
        config = Config() if seconds is None else Config(read_timeout=seconds, retries={"total_max_attempts": 1})
        if self.is_embedded:  # loopback never goes through the proxy of the caller's environment
            config = Config(proxies={}, retries={"total_max_attempts": 3}).merge(config)
        session: Any = self.session()  # its own types want a service's name in so many letters
        return session.client(service, endpoint_url=self.endpoint, config=config, verify=self.verify)

    @property
    def verify(self) -> str | None:
        """What a boto3 client takes as `verify`: the authorities to trust, None for those of the environment."""
        return None if self.ca_bundle is None else str(self.ca_bundle)

    def settings(self) -> dict[str, str]:
        """Return the environment variables that lead AWS's own tools to the target; none for AWS itself."""
        if self.endpoint is None:
            return {}
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,  # the one that boto3 reads
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            **(trusting(self.ca_bundle) if self.ca_bundle else {}),
        }

    def terraform_environment(self) -> dict[str, str]:
        """Return the whole environment for Terraform; the embedded AWS sees nothing of the caller's AWS settings."""
        environment = terraform_environment()
        if not self.is_embedded:
            return environment
        kept = {name: value for name, value in environment.items() if not name.startswith("AWS_")}
        without_files = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        return {**kept, **without_files, **self.settings()}

    def variables(self, name: str) -> dict[str, Any]:
        """Return the variables of a stack here: its name and region."""
        return {"name": name, "region": self.region}

    def api_url(self, outputs: Outputs) -> str:
        """Return the URL that /task hangs below."""
        if self.endpoint is None:
            return str(outputs["api_endpoint"])
        return f"{self.endpoint}/_aws/execute-api/{outputs['api_id']}/{outputs['stage_name']}"

    def task_client(self, outputs: Outputs) -> TaskClient:
        """Return a client of a stack's API, which signs with the target's credentials if the API asks."""
        signer = SigV4(self.session().get_credentials(), self.region)
        return TaskClient(self.api_url(outputs), signer=signer, ca_bundle=self.verify)


@functools.cache
def _session(region: str, *, embedded: bool) -> boto3.Session:
    if embedded:
        return boto3.Session(ACCESS_KEY, SECRET_KEY, region_name=region)
    return boto3.Session(region_name=region)
