"""How a delivery can end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """How a delivery ended: the metric's name, the log's sentence, and whether SQS keeps the message."""

    name: str
    sentence: str
    keeps_message: bool


COMPLETED = Outcome("TasksCompleted", "task completed", keeps_message=False)
FAILED = Outcome("TasksFailed", "task failed for good", keeps_message=False)
DEAD_LETTERED = Outcome("TasksFailed", "task failed on its last try", keeps_message=True)
RETRIED = Outcome("AttemptsFailed", "attempt failed, the task will be tried again", keeps_message=True)
DROPPED = Outcome("WakeupsDropped", "wake-up dropped, there is nothing to do", keeps_message=False)
DEFERRED = Outcome("WakeupsDeferred", "wake-up deferred", keeps_message=True)
