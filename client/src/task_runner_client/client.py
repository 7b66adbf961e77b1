"""Submits tasks and waits for them."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from urllib.parse import quote

import requests

from task_runner_client.auth import Sign, SigV4, authorization, header_value
from task_runner_client.errors import ApiError, NoAnswer, TaskRunnerClientError, TaskTimeout, retry_after
from task_runner_client.trust import ca_bundle as trusted
from task_runner_client.urls import checked, is_loopback
from task_runner_client.views import TERMINAL, AcceptedTask, TaskView

_TIMEOUT = 35.0
"""Seconds without a byte after which a request is given up; API Gateway itself gives up after 29 (its quotas,
"Integration timeout")."""

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_BUSY = frozenset({429, 503})  # nothing happened: try again
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.3, 5.0, 1.5
_PATIENCE = 5  # polls in a row that may get no answer


class TaskClient:
    """Submits tasks and waits for them. Not for use by several threads at once."""

    def __init__(
        self,
        url: str,
        *,
        sign: Sign = "when-asked",
        signer: SigV4 | None = None,
        api_key: str | None = None,
        token: str | Callable[[], str] | None = None,
        ca_bundle: str | None = None,
    ) -> None:
        """Send nothing yet.

        Args:
            url: what /task hangs below: the module's output `api_endpoint`. It is https, or http on this machine.
            sign: whether requests carry an AWS signature: "when-asked", as soon as the API refuses one without;
                "always", which saves that first refusal; or "never".
            signer: credentials and region to sign with; default: the usual AWS settings.
            api_key: sent as `x-api-key`.
            token: sent as `Authorization: Bearer …`, in place of a signature. A function is asked for a token before
                the first request, and for a new one when the API answers 401; the request is then sent again, once.

            ca_bundle: file of the authorities that may vouch for the API; default: what `AWS_CA_BUNDLE` names, as for
                AWS's own tools, else `REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE`, else requests' own list.

        Raises:
            TaskRunnerClientError: the URL is neither, or the key can stand in no header, or `token` comes with
                `sign="always"`, or there is no such `ca_bundle`.
        """
        self.base_url = checked(url).removesuffix("/task")
        self._authorization = authorization(sign, signer, token)
        self._session = requests.Session()
        if api_key is not None:
            self._session.headers["x-api-key"] = header_value(api_key, "API key")
        self._verify = trusted(ca_bundle) or True
        # A loopback address is never behind the proxy of the caller's environment.
        self._session.trust_env = not is_loopback(url)

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Send anything and return whatever comes back.

        Raises:
            NoAnswer: nothing came back.
            TaskRunnerClientError: the API asks for a signature, and there are no credentials or no region.
        """
        answer = self._send(method, path, body, headers)
        return self._send(method, path, body, headers) if self._authorization.heals(answer) else answer

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None) -> requests.Response:
        url = self.base_url + path
        try:
            return self._session.request(
                method,
                url,
                data=body,
                headers=dict(headers or {}),
                auth=self._authorization,
                timeout=_TIMEOUT,
                verify=self._verify,
                allow_redirects=False,  # the API has none; keys and payloads go nowhere else
            )
        except requests.RequestException as error:
            raise NoAnswer(f"{method} {url} got no answer: {_innermost(error)}.") from error

    def submit(self, payload: Any, idempotency_key: str | None = None) -> AcceptedTask:
        """POST a payload (any JSON value) and return the answer: taskId, status, createdAt.

        A second submit with the same key (1 to 255 visible ASCII characters) and payload returns the first one's task.

        Raises:
            ApiError: the task was not accepted.
            NoAnswer: it may have been; submit it again with the same key.
            TaskRunnerClientError: the API takes no such key; nothing was sent.
            ValueError, TypeError: the payload is not JSON.
        """
        headers = {"Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = checked_key(idempotency_key)
        return _view(self.request("POST", "/task", json.dumps(payload, allow_nan=False).encode(), headers))

    def get(self, task_id: str) -> TaskView:
        """Return the current view of a task.

        Raises:
            ApiError: unknown, expired, or the API has a fault.
            NoAnswer: nothing came back.
        """
        return _view(self.request("GET", _path(task_id)))

    def retry(self, task_id: str) -> TaskView:
        """Run a failed task again, with all its tries anew, and return its view, which is pending.

        It may be called again at once: a task that no worker has seen since is woken again, and nothing else.

        Raises:
            ApiError: the task has not ended (`TASK_NOT_ENDED`) or is completed (`TASK_COMPLETED`), is unknown or
                expired, or the API has no such route: the module's input `api.routes` has to name `retry`.
            NoAnswer: it may run again; retry it once more.
        """
        return _view(self.request("POST", f"{_path(task_id)}/retry"))

    def wait(self, task_id: str, timeout: float = 60.0) -> Iterator[TaskView]:
        """Poll until the task is terminal; yield the view whenever its status, attempts or progress have changed.

        Waits between two polls as long as the answer's Retry-After says, and longer the longer nothing changes or the
        API is busy, up to 5 seconds. A poll without an answer is made again, up to five times in a row.

        Args:
            task_id: what `submit` has returned.
            timeout: seconds; `math.inf` to wait however long it takes. A task of the module ends by itself, at the
                latest when the queue's retention is over.

        Raises:
            ApiError: the API answered with an error that waiting does not heal.
            NoAnswer: it did not answer at all, again and again.
            TaskTimeout: the task is not terminal after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        pause, unanswered = _FIRST_PAUSE, 0
        view: TaskView | None = None
        while True:
            response = self._poll(task_id, last_chance=unanswered == _PATIENCE)
            unanswered = 0 if response is not None else unanswered + 1
            if response is not None and response.status_code not in _BUSY:
                earlier, view = view, _view(response)
                if earlier is None or _shown(view) != _shown(earlier):
                    pause = _FIRST_PAUSE
                    yield view
                if view["status"] in TERMINAL:
                    return
            rest = deadline - time.monotonic()
            if rest <= 0:
                raise TaskTimeout(task_id, timeout, view)
            asked = None if response is None else retry_after(response)
            time.sleep(min(max(asked or 0.0, pause), rest))
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)

    def _poll(self, task_id: str, *, last_chance: bool) -> requests.Response | None:
        try:
            return self.request("GET", _path(task_id))
        except NoAnswer:
            if last_chance:
                raise
            return None

    def run(self, payload: Any, timeout: float = 60.0, idempotency_key: str | None = None) -> TaskView:
        """Submit a payload and return the terminal view of its task: completed with a result, or failed with an error.

        Raises:
            ApiError, NoAnswer, TaskTimeout: as `submit` and `wait` do; `timeout` is in seconds.
        """
        *_, last = self.wait(self.submit(payload, idempotency_key)["taskId"], timeout)
        return last


def checked_key(key: str) -> str:
    """Return an idempotency key that the API takes.

    Raises:
        TaskRunnerClientError: it does not take this one.
    """
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise TaskRunnerClientError("The idempotency key must be 1 to 255 visible ASCII characters.")
    return key


def _path(task_id: str) -> str:
    return f"/task/{quote(task_id, safe='')}"


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
    return cast(TaskView, view)


def _shown(view: TaskView) -> tuple[Any, ...]:
    return tuple(view.get(name) for name in ("status", "attempts", "progress"))
