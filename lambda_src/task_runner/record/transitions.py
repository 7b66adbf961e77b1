"""Every write that a record can meet, as data.

The store makes its conditions of it, the invariants what they allow, and the README its diagram.
"""

from dataclasses import dataclass
from enum import Enum

from task_runner.record.task import Status


class Event(Enum):
    """What happens to a task, in the words of the diagram."""

    ACCEPTED = "accepted"
    CLAIMED = "claimed"
    RECLAIMED = "lease ended, claimed again"
    REDRIVEN = "redriven from the dead-letter queue"
    SUCCEEDED = "succeeded"
    RELEASED = "attempt failed, tries left"
    FAILED = "last try failed, PermanentError"
    LOST = "WorkerLost"
    EXPIRED = "Expired"
    RETRIED = "retried"

    HEALED = "woken again by a repeated POST"
    PROGRESSED = "progress reported"
    DELIVERED_LAST = "last delivery met a running attempt"


@dataclass(frozen=True)
class Transition:
    """One way from a status to another.

    Attributes:
        event: what happens.
        source: the status that the record must have; None where there must be no record.
        target: the status that it has then.
        conditions: names of functions in `conditions`, all of which have to hold besides.
    """

    event: Event
    source: Status | None
    target: Status
    conditions: tuple[str, ...] = ()


TRANSITIONS = (
    Transition(Event.ACCEPTED, None, Status.PENDING),
    Transition(Event.CLAIMED, Status.PENDING, Status.PROCESSING),
    Transition(Event.RECLAIMED, Status.PROCESSING, Status.PROCESSING, ("lease_is_past", "not_late")),
    Transition(Event.REDRIVEN, Status.FAILED, Status.PROCESSING, ("sent_after_the_end", "not_a_heal")),
    Transition(Event.SUCCEEDED, Status.PROCESSING, Status.COMPLETED, ("lease_is_mine",)),
    Transition(Event.RELEASED, Status.PROCESSING, Status.PENDING, ("lease_is_mine", "not_overtaken")),
    Transition(Event.FAILED, Status.PROCESSING, Status.FAILED, ("lease_is_mine",)),
    Transition(Event.LOST, Status.PROCESSING, Status.FAILED, ("unchanged",)),
    Transition(Event.EXPIRED, Status.PROCESSING, Status.FAILED, ("unchanged",)),
    Transition(Event.EXPIRED, Status.PENDING, Status.FAILED, ("unchanged",)),
    Transition(Event.RETRIED, Status.FAILED, Status.PENDING, ("unchanged",)),
)
"""What a caller can see happen."""

NOTES = (
    Transition(Event.HEALED, Status.PENDING, Status.PENDING, ("unclaimed",)),
    Transition(Event.PROGRESSED, Status.PROCESSING, Status.PROCESSING, ("lease_is_mine",)),
    Transition(Event.DELIVERED_LAST, Status.PROCESSING, Status.PROCESSING),
)
"""What is noted in a record that stays as it is."""


def rows(*events: Event) -> list[Transition]:
    """Return what the tables say of these events, of which one write may make several."""
    return [row for row in (*TRANSITIONS, *NOTES) if row.event in events]
