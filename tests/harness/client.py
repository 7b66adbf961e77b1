"""A client of the task API."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from harness.errors import HarnessError
from harness.target import LOOPBACK, Outputs, Target

TaskView = dict[str, Any]  # what GET answers
TERMINAL = frozenset({"completed", "failed"})
_TIMEOUT = 35.0  # seconds a request may take; API Gateway itself gives up after 29
_BUSY = frozenset({429, 503})  # nothing happened: try again
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.3, 5.0, 1.5
_PATIENCE = 5  # polls in a row that may get no answer
_UNSIGNED = "MISSING_AUTHENTICATION_TOKEN"


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

    @classmethod
    def of(cls, target: Target) -> "SigV4":
        """Sign with the target's own credentials."""
        credentials = target.session().get_credentials()
        if credentials is None:  # Target.aws() has seen some
            raise HarnessError("The AWS credentials are gone. Sign in again and retry.")
        return cls(credentials, target.region)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the signature's headers to a request that is ready to go."""
        url = request.url or ""
        signed = AWSRequest(request.method, url, data=request.body, headers={"Host": urlsplit(url).netloc})
        self._signer.add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request


class TaskClient:
    """Submits tasks and waits for them. Not for use by several threads at once."""

    def __init__(self, base_url: str, auth: SigV4 | None = None, *, signer: Callable[[], SigV4] | None = None) -> None:
        """`base_url` is what /task hangs below, without a slash at the end.

        With `auth` every request is signed. With `signer` none is until the API asks for it; from then on, each.
        """
        self.base_url = base_url
        self._signer = signer
        self._session = requests.Session()
        self._session.auth = auth
        # A loopback address is never behind the proxy of the caller's environment.
        self._session.trust_env = urlsplit(base_url).hostname not in LOOPBACK

    @classmethod
    def of(cls, target: Target, outputs: Outputs) -> "TaskClient":
        """Return a client of a stack's API, which signs with the target's credentials if the API asks."""
        return cls(target.api_url(outputs), signer=lambda: SigV4.of(target))

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Send anything and return whatever comes back.

        Raises:
            NoAnswer: nothing came back.
        """
        answer = self._send(method, path, body, headers)
        if self._signer and _asks_for_a_signature(answer):
            self._session.auth, self._signer = self._signer(), None
            answer = self._send(method, path, body, headers)
        return answer

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None) -> requests.Response:
        url = self.base_url + path
        try:
            return self._session.request(method, url, data=body, headers=dict(headers or {}), timeout=_TIMEOUT)
        except requests.RequestException as error:
            raise NoAnswer(f"{method} {url} got no answer: {_innermost(error)}.") from error

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
        """Poll until the task is terminal; yield the view whenever its status, attempts or progress have changed.

        Waits between two polls as long as the answer's Retry-After says, and longer the longer nothing changes or the
        API is busy, up to 5 seconds. A poll without an answer is made again, up to five times in a row.

        Raises:
            ApiError: the API answered with an error that waiting does not heal.
            NoAnswer: it did not answer at all, again and again.
            HarnessError: the task is not terminal after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        pause, unanswered = _FIRST_PAUSE, 0
        view: TaskView = {}
        while True:
            response = self._poll(task_id, last_chance=unanswered == _PATIENCE)
            unanswered = 0 if response is not None else unanswered + 1
            if response is not None and response.status_code not in _BUSY:
                earlier, view = view, _view(response)
                if _shown(view) != _shown(earlier):
                    pause = _FIRST_PAUSE
                    yield view
                if view["status"] in TERMINAL:
                    return
            rest = deadline - time.monotonic()
            if rest <= 0:
                raise HarnessError(f"Task {task_id} is not finished after {timeout:.0f} s; last seen: {view}")
            time.sleep(min(max(_retry_after(response), pause), rest))
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)

    def _poll(self, task_id: str, *, last_chance: bool) -> requests.Response | None:
        try:
            return self.request("GET", f"/task/{task_id}")
        except NoAnswer:
            if last_chance:
                raise
            return None

    def run(self, payload: Any, timeout: float = 60.0) -> TaskView:
        """Submit a payload and return the terminal view of its task."""
        *_, last = self.wait(self.submit(payload)["taskId"], timeout)
        return last


def _innermost(error: BaseException) -> BaseException:
    """Return what it all began with: what libraries wrap around it says no more to a person."""
    while error.__context__ is not None:
        error = error.__context__
    return error


def _view(response: requests.Response) -> TaskView:
    try:
        view = response.json()
    except ValueError:
        view = None
    # Whatever answers 200 with something else is not the task API.
    if response.status_code != requests.codes.ok or not isinstance(view, dict) or "taskId" not in view:
        raise ApiError(response)
    return view


def _shown(view: TaskView) -> tuple[Any, ...]:
    return tuple(view.get(name) for name in ("status", "attempts", "progress"))


def _retry_after(response: requests.Response | None) -> float:
    asked = "" if response is None else response.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 0.0


def _asks_for_a_signature(response: requests.Response) -> bool:
    """Know an API with AWS_IAM by its refusal: this module's own, or API Gateway's default."""
    if response.status_code != requests.codes.forbidden:
        return False
    kind = response.headers.get("x-amzn-ErrorType", "")
    return kind.startswith("MissingAuthenticationToken") or _UNSIGNED in response.text
