"""What stands in the header Authorization: an AWS signature, a token, or nothing."""

import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError

from task_runner_client import aws
from task_runner_client.errors import TaskRunnerClientError

Sign = Literal["when-asked", "always", "never"]

_VISIBLE = re.compile(r"[\x20-\x7e]+")


class Authorization(requests.auth.AuthBase):
    """Lets every request go as it is."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Authorize a request that is ready to go."""
        return request

    def heals(self, answer: requests.Response) -> bool:
        """Tell whether a request that was answered so may pass when it is sent again, and get ready for that."""
        del answer
        return False


class SigV4(Authorization):
    """Signs requests with AWS Signature Version 4, for an API whose authorization is AWS_IAM."""

    def __init__(self, credentials: Credentials | None = None, region: str | None = None) -> None:
        """Sign with these credentials for an API in this region.

        Without them, the usual AWS settings and the API's host name say which, once a request is to be signed; it then
        raises TaskRunnerClientError if they do not. A boto3 session gives its own by `get_credentials()`.
        """
        self._credentials, self._region = credentials, region

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the signature's headers."""
        url = request.url or ""
        self._credentials = self._credentials or aws.credentials()
        self._region = self._region or aws.region(url)
        signed = AWSRequest(request.method, url, data=request.body, headers={"Host": urlsplit(url).netloc})
        try:
            SigV4Auth(self._credentials.get_frozen_credentials(), "execute-api", self._region).add_auth(signed)
        except BotoCoreError as error:  # temporary credentials that cannot be renewed
            raise TaskRunnerClientError(f"The AWS credentials are gone: {error}. Sign in again and retry.") from error
        request.headers.update(dict(signed.headers.items()))
        return request


class SignWhenAsked(Authorization):
    """Signs from the moment on when the API refuses a request because it is not signed."""

    def __init__(self, signer: SigV4) -> None:
        """Sign with this."""
        self._signer, self._asked = signer, False

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign if the API has asked for it."""
        return self._signer(request) if self._asked else request

    def heals(self, answer: requests.Response) -> bool:
        """Know an API with AWS_IAM by its refusal: the module's own, or API Gateway's default."""
        if self._asked or answer.status_code != requests.codes.forbidden:
            return False
        kind = answer.headers.get("x-amzn-ErrorType", "")
        self._asked = kind.startswith("MissingAuthenticationToken") or "MISSING_AUTHENTICATION_TOKEN" in answer.text
        return self._asked


class Bearer(Authorization):
    """Sends a token of a Cognito user pool, or whatever the API's own authorizer takes."""

    def __init__(self, token: str | Callable[[], str]) -> None:
        """Send this token, or what this function returns: it is called before the first request, and after a 401."""
        self._source = token
        self._token = None if callable(token) else token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header; a token that names its scheme, as in `Basic dXNlcg==`, is sent as it is."""
        if self._token is None and callable(self._source):
            self._token = self._source()
        token = header_value(self._token or "", "token")
        request.headers["Authorization"] = token if " " in token else f"Bearer {token}"
        return request

    def heals(self, answer: requests.Response) -> bool:
        """Ask for a new token when the API no longer takes the one there is."""
        expired = answer.status_code == requests.codes.unauthorized and callable(self._source)
        if expired:
            self._token = None
        return expired


def authorization(sign: Sign, signer: SigV4 | None, token: str | Callable[[], str] | None) -> Authorization:
    """Return what authorizes requests. A token takes the place of a signature: both go into the same header.

    Raises:
        TaskRunnerClientError: both are asked for.
    """
    if token is not None:
        if sign == "always":
            raise TaskRunnerClientError("A request carries either a token or a signature: leave one of them out.")
        return Bearer(token)
    if sign == "never":
        return Authorization()
    signer = signer or SigV4()
    return signer if sign == "always" else SignWhenAsked(signer)


def header_value(text: str, what: str) -> str:
    """Return a secret as a header takes it, without the white space around it that files end with.

    Raises:
        TaskRunnerClientError: it is empty, or holds what no header can; the secret itself is not told.
    """
    value = text.strip()
    if not _VISIBLE.fullmatch(value):
        raise TaskRunnerClientError(
            f"The {what} is empty or holds characters that no header can: look where it is set."
        )
    return value
