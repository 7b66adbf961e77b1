"""Every error of the runtime, under one base."""


class TaskRunnerError(Exception):
    """Base of all errors that this package raises on purpose."""


class PermanentError(TaskRunnerError):
    """Raised by task code: fail the task at once, since another try would fail the same way."""


class RetryLater(TaskRunnerError):
    """Raised by task code: this try did not work out, come back later.

    Args:
        seconds: how long to wait, 0 to 43,200 (the longest visibility timeout, see SQS's ChangeMessageVisibility).
        reason: what the status shows meanwhile.
    """

    def __init__(self, seconds: float, reason: str = "the task asked for a later try") -> None:
        super().__init__(reason)
        self.seconds = seconds


class ConfigError(TaskRunnerError):
    """The function's environment is wrong; the message names every mistake."""


class HandlerUnavailable(TaskRunnerError):
    """The task code cannot be called; the message says what to fix."""


class InvalidResult(TaskRunnerError):
    """What the task code returned cannot be recorded: not JSON, or too large."""


class TimedOut(TaskRunnerError):
    """The attempt was still running when the invocation had to end."""


class WorkerLost(TaskRunnerError):
    """The process that ran the attempt ended without an answer."""


class ServiceUnavailable(TaskRunnerError):
    """The table or the queue cannot be reached, or refuses; nothing can be said about the write."""
