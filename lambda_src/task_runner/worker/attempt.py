"""One run of task code that its invocation can walk away from."""

import threading
from collections.abc import Callable
from typing import Any


class Abandoned(BaseException):
    """Raised inside task code whose time is over; no `except Exception` can swallow it."""


class Attempt:
    """Runs a call in the current thread; another thread may abandon it at any moment.

    Exactly one of the two wins: either `run` brings the call's outcome, or `abandon` returns True.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._over = False

    def run(self, call: Callable[[], Any]) -> Any:
        """Run the call and return what it returns.

        Raises:
            Abandoned: `abandon` came first.
            BaseException: whatever the call raised.
        """
        with self._lock:
            self._check()
            self._thread = threading.get_ident()
        try:
            return call()
        finally:
            with self._lock:
                self._check()
                self._over = True

    def abandon(self) -> bool:
        """Make the run's outcome void, and stop its code at its next Python instruction; False if it has ended.

        A call blocked outside Python stops when it comes back. Without this, code that ignores its deadline would go on
        in the next invocation of the same sandbox, beside the next attempt.
        """
        with self._lock:
            if self._over:
                return False
            self._over = True
            if self._thread is not None:
                _raise_in(self._thread, Abandoned)
        return True

    def _check(self) -> None:
        if self._over:
            raise Abandoned


def _raise_in(thread: int, error: type[BaseException]) -> None:
    import ctypes  # here, since few functions ever come to it

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))
