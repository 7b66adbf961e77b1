"""A process whose calls to AWS can fail or be its last."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from enum import Enum
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError


class Crash(BaseException):
    """The process is gone; nothing in it can catch that for long, since every further call raises it again."""


class Kind(Enum):
    """What goes wrong with a call; `AFTER` means that it took effect and only its answer was lost."""

    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    REFUSED = "refused"
    ANSWER_LOST = "answer lost"


@dataclass(frozen=True)
class Fault:
    """The `nth` call (from 1) of an operation goes wrong."""

    operation: str
    nth: int
    kind: Kind


class Process:
    """One invocation: counts its calls, injects its fault, and is dead after a crash."""

    def __init__(self, fault: Fault | None, after_call: "AfterCall") -> None:
        self.dead = False
        self.request_id = ""
        self._fault = fault
        self._after_call = after_call
        self._calls: Counter[str] = Counter()

    def crash(self) -> None:
        self.dead = True
        raise Crash

    def client(self, real: Any) -> "FaultyClient":
        return FaultyClient(self, real)

    def call(self, operation: str, function: Callable[..., Any], parameters: dict[str, Any]) -> Any:
        if self.dead:
            raise Crash
        self._calls[operation] += 1
        hit = self._fault == Fault(operation, self._calls[operation], self._fault.kind) if self._fault else False
        kind = self._fault.kind if self._fault and hit else None
        if kind is Kind.CRASH_BEFORE:
            self.crash()
        if kind is Kind.REFUSED:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, operation)
        answer = function(**parameters)
        self._after_call(self, operation, parameters)
        if kind is Kind.CRASH_AFTER:
            self.crash()
        if kind is Kind.ANSWER_LOST:
            raise ReadTimeoutError(endpoint_url="https://aws")
        return answer


AfterCall = Callable[[Process, str, dict[str, Any]], None]


class FaultyClient:
    """A boto3 client as one process sees it."""

    def __init__(self, process: Process, real: Any) -> None:
        self._process = process
        self._real = real

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return lambda **parameters: self._process.call(operation, getattr(self._real, operation), parameters)


class SameThread(Executor):
    """Runs a submitted call in the caller's thread: at once, or only when its outcome is asked for."""

    def __init__(self, *, lazy: bool) -> None:
        self._lazy = lazy

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future = _Deferred(lambda: fn(*args, **kwargs))
        if not self._lazy:
            future.exception()
        return future


class _Deferred(Future[Any]):
    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__()
        self._call = call

    def exception(self, timeout: float | None = None) -> BaseException | None:
        if not self.done():
            try:
                self.set_result(self._call())
            except BaseException as error:  # noqa: BLE001 - as every executor does
                self.set_exception(error)
        return super().exception(timeout)
