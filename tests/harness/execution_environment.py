"""What AWS does to Lambda code and MiniStack does not: limits of memory, of the start, and of a file's size.

Run by the server's own process: see launcher.py.
"""

import contextlib
import logging
import resource
import signal
import threading
import time
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from harness.execution_limits import INIT_SECONDS
from harness.process_tree import kill_tree, memory
from harness.reaper import delete_folder

_WATCH_SECONDS = 0.05  # between two looks at the memory in use; task code can fill some 50 MB in that time
_MEGABYTE = 1 << 20
_EXITED = "Runtime exited with"

_log = logging.getLogger("lambda")
_peaks: dict[str, int] = {}  # bytes that a function's last invocation, or one beside it, has had in use


class StartTimeout(Exception):
    """The code was not imported in time, twice."""


class ExecutionEnvironment(lambda_runtime.Worker):  # type: ignore[misc] # MiniStack has no types
    """One execution environment: a process that runs invocations of one function, one after the other."""

    def __init__(self, *given: Any) -> None:
        """Start nothing yet."""
        super().__init__(*given)
        self._running: Any = None  # the process; the base class forgets it as soon as it has failed
        self._peak, self._killed = 0, False

    def invoke(self, event: Any, request_id: str, **given: Any) -> dict[str, Any]:
        """Run one invocation; one that cannot go on is told in AWS's words."""
        try:
            answer: dict[str, Any] = super().invoke(event, request_id, **given)
        except StartTimeout:
            told = f"Task timed out after {self.config['Timeout']}.00 seconds"
            return {"status": "error", "error": told, "log": self._drain_stderr()}
        except RuntimeError:
            if not self._killed:
                raise
            answer = {"status": "error", "error": "Worker process died"}
        if answer.get("error") == "Worker process died":
            answer["error"] = f"RequestId: {request_id} Error: {_end(self._running.wait())}"
        self.weigh()
        _peaks[self.config["FunctionArn"]] = self._peak
        return answer

    def weigh(self) -> None:
        """Kill the largest of the code's processes if they have more memory than the function, as Linux does on AWS."""
        process, limit = self._proc, self.config.get("MemorySize", 128)
        if process is None or self._killed:
            return
        used = memory(process.pid)
        self._peak = max(self._peak, sum(used.values()))
        if sum(used.values()) > limit * _MEGABYTE:
            largest = max(used, key=lambda one: used[one])
            self._killed = largest == process.pid
            what = "killed" if self._killed else "a process that its code had started was killed"
            megabytes = sum(used.values()) // _MEGABYTE
            _log.warning("Lambda %s: out of memory, %d MB of %d MB: %s", self.func_name, megabytes, limit, what)
            kill_tree(largest)

    def _spawn(self) -> None:
        for phase, seconds in (("init", INIT_SECONDS), ("invoke", float(self.config.get("Timeout", 3)))):
            self._discard_tmpdir()
            self._peak, self._killed = 0, False
            if self._started_within(seconds):
                self._limit_files()
                return
            _log.warning(
                "Lambda %s: INIT_REPORT Init Duration: %d ms Phase: %s Status: timeout, while it imported its code",
                self.func_name,
                seconds * 1000,
                phase,
            )
        raise StartTimeout

    def _started_within(self, seconds: float) -> bool:
        started, late = threading.Event(), threading.Event()

        def cut_off() -> None:
            while not started.wait(seconds):
                late.set()
                if self._proc is not None:
                    kill_tree(self._proc.pid)

        threading.Thread(target=cut_off, daemon=True).start()
        try:
            super()._spawn()
        except RuntimeError:
            if not late.is_set():
                raise
        finally:
            started.set()
            self._running = self._proc
        return not late.is_set()

    def _limit_files(self) -> None:
        """Bound each file by the size of /tmp; all of them together are not bounded."""
        bound = self.config.get("EphemeralStorage", {}).get("Size", 512) * _MEGABYTE
        if hasattr(resource, "prlimit"):  # Linux
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(self._proc.pid, resource.RLIMIT_FSIZE, (bound, bound))

    def _discard_tmpdir(self) -> None:
        if self._tmpdir:
            delete_folder(Path(self._tmpdir))  # which can delete what nobody may write


def install() -> None:
    """Have MiniStack run Lambda code in these environments."""
    vars(lambda_runtime)["Worker"] = ExecutionEnvironment
    vars(lambda_svc)["_probe_peak_memory_mb"] = _peak_megabytes
    execute = lambda_svc._execute_function_warm
    vars(lambda_svc)["_execute_function_warm"] = lambda *given: _typed(execute(*given))
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    took = 0.0
    while True:
        time.sleep(max(_WATCH_SECONDS, 20 * took))  # no more than a twentieth of the server's time
        began = time.thread_time()
        for environments in list(lambda_runtime._workers.values()):
            for one in list(environments):
                if one.in_use and isinstance(one, ExecutionEnvironment):
                    one.weigh()
        took = time.thread_time() - began


def _peak_megabytes(function: dict[str, Any]) -> int:
    config = function.get("config") or function
    return _peaks.get(config.get("FunctionArn", ""), 0) // _MEGABYTE


def _typed(result: dict[str, Any]) -> dict[str, Any]:
    if result.get("error") and _EXITED in str(result["body"].get("errorMessage")):
        result["body"]["errorType"] = "Runtime.ExitError"
    return result


def _end(code: int) -> str:
    """How a process has ended, in the words of Lambda's own log."""
    if code == 0:
        return f"{_EXITED}out providing a reason"
    return f"{_EXITED} error: " + (f"exit status {code}" if code > 0 else f"signal: {signal.strsignal(-code)}".lower())
