"""A client of the task API."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from harness.errors import HarnessError

TaskView = dict[str, Any]  # what GET answers
TERMINAL = frozenset({"completed", "failed"})
_TIMEOUT = 35.0  # seconds a request may take; API Gateway itself gives up after 29
_BUSY = frozenset({429, 503})  # nothing happened: try again
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


class ApiError(HarnessError):
    """The API answered something else than 200."""

    def __init__(self, response: requests.Response) -> None:
        """Say what was asked and what came back."""
        self.status = response.status_code
        request = response.request
        super().__init__(f"{request.method} {request.url} answered {self.status}: {response.text[:500]}")


class NoAnswer(HarnessError, requests.ConnectionError):
    """Nothing came back: the API cannot be reached, or took too long. The task may have been accepted."""


class SigV4(requests.auth.AuthBase):
    """Signs requests for an API whose authorization is AWS_IAM."""

    def __init__(self, credentials: Credentials, region: str) -> None:
        """Sign with these credentials for an API in this region."""
        self._signer = SigV4Auth(credentials, "execute-api", region)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the signature's headers to a request that is ready to go."""
        url = request.url or ""
        signed = AWSRequest(request.method, url, data=request.body, headers={"Host": urlsplit(url).netloc})
        self._signer.add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request


class TaskClient:
    """Submits tasks and waits for them. Not for use by several threads at once."""

    def __init__(self, base_url: str, auth: SigV4 | None = None) -> None:
        """`base_url` is what /task hangs below, without a slash at the end."""
        self.base_url = base_url
        self._session = requests.Session()
        self._session.auth = auth
        # A loopback address is never behind the proxy of the caller's environment.
        self._session.trust_env = urlsplit(base_url).hostname != "127.0.0.1"

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Send anything and return whatever comes back.

        Raises:
            NoAnswer: nothing came back.
        """
        url = self.base_url + path
        try:
            return self._session.request(method, url, data=body, headers=dict(headers or {}), timeout=_TIMEOUT)
        except requests.RequestException as error:
            raise NoAnswer(f"{method} {url} got no answer: {error}") from error

    def submit(self, payload: Any, idempotency_key: str | None = None) -> TaskView:
        """POST a payload (any JSON value) and return the answer: taskId, status, createdAt.

        Raises:
            ApiError: the task was not accepted.
        """
        headers = {"Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        return _view(self.request("POST", "/task", json.dumps(payload).encode(), headers))

    def get(self, task_id: str) -> TaskView:
        """Return the current view of a task.

        Raises:
            ApiError: unknown, expired, or the API has a fault.
        """
        return _view(self.request("GET", f"/task/{task_id}"))

    def wait(self, task_id: str, timeout: float = 60.0) -> Iterator[TaskView]:
        """Poll until the task is terminal; yield the view whenever its status or attempts have changed.

        Waits between two polls as long as the answer's Retry-After says, else a little longer each time.

        Raises:
            ApiError: the API answered with an error that waiting does not heal.
            HarnessError: the task is not terminal after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        pause, seen, view = _FIRST_PAUSE, None, {}
        while True:
            response = self.request("GET", f"/task/{task_id}")
            if response.status_code not in _BUSY:
                view = _view(response)
                if (view["status"], view.get("attempts")) != seen:
                    seen = (view["status"], view.get("attempts"))
                    yield view
                if view["status"] in TERMINAL:
                    return
            pause = min(pause * 1.5, _LONGEST_PAUSE)
            asked = response.headers.get("Retry-After", "")
            rest = deadline - time.monotonic()
            if rest <= 0:
                raise HarnessError(f"Task {task_id} is not finished after {timeout:.0f} s; last seen: {view}")
            time.sleep(min(float(asked) if asked.isdigit() else pause, rest))

    def run(self, payload: Any, timeout: float = 60.0) -> TaskView:
        """Submit a payload and return the terminal view of its task."""
        *_, last = self.wait(self.submit(payload)["taskId"], timeout)
        return last


def _view(response: requests.Response) -> TaskView:
    if response.status_code != requests.codes.ok:
        raise ApiError(response)
    view: TaskView = response.json()
    return view
