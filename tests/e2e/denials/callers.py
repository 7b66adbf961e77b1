"""IAM users that call an API, rightly or not, and the roles' own credentials."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import requests
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from e2e.conftest import SPREAD
from harness.target import Target
from harness.waiting import wait_until
from task_runner_client import SigV4


@dataclass(frozen=True)
class Caller:
    """An IAM user made for a test."""

    arn: str
    credentials: Credentials


def make_user(iam: Any, name: str, action: str, *resources: str) -> Caller:
    """Make a user with a key, who may take this action on these resources, and with none of these no action."""
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    if resources:
        statement = {"Effect": "Allow", "Action": action, "Resource": resources}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=name, PolicyName="call", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Caller(arn, Credentials(key["AccessKeyId"], key["SecretAccessKey"]))


def delete_user(iam: Any, name: str) -> None:
    """Delete a user with all that hangs on it."""
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy)
    iam.delete_user(UserName=name)


class Tampered(SigV4):
    """Changes the request after it was signed."""

    def __init__(self, credentials: Credentials, region: str, **change: Any) -> None:
        super().__init__(credentials, region)
        self._change = change

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        signed = super().__call__(request)
        for name, value in self._change.items():
            setattr(signed, name, value)
        signed.prepare_content_length(signed.body)
        return signed


@contextmanager
def assumed(target: Target, role_arn: str, user: Caller) -> Iterator[boto3.Session]:
    """Act as the role, which trusts the user for the time of the block."""
    iam, role = target.client("iam"), role_arn.rsplit("/", 1)[-1]
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    also = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": user.arn}}
    wider = {**trust, "Statement": [*trust["Statement"], also]}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(wider))
    try:
        own = session_of(target, user.credentials)
        yield session_of(target, _assume(client_of(target, own, "sts"), role_arn))
    finally:
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))


def _assume(sts: Any, role_arn: str) -> Credentials:
    def attempt() -> Any:
        try:
            return sts.assume_role(RoleArn=role_arn, RoleSessionName="denials")["Credentials"]
        except ClientError as error:
            return error

    found = wait_until(
        "the role can be taken",
        attempt,
        lambda answer: not isinstance(answer, ClientError),
        seconds=SPREAD,
        pause=1,
    )
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def session_of(target: Target, credentials: Credentials) -> boto3.Session:
    """Return a session with these credentials."""
    own = credentials.get_frozen_credentials()
    return boto3.Session(own.access_key, own.secret_key, own.token, region_name=target.region)


def client_of(target: Target, session: Any, service: str) -> Any:
    """Return a session's client of a service."""
    config = Config(proxies={}) if target.is_embedded else None
    return session.client(service, endpoint_url=target.endpoint, config=config, verify=target.verify)
