"""Finds the task behind a plain print: the worker's log names its task on each line, a print does not."""

from collections.abc import Iterator, Sequence

from harness.log_lines import is_log_line, is_metrics, record_of

HELD_SECONDS = 1.0
"""How long a print is held back for its task to end: who watches a longer one wants to see that it works."""


class Prints:
    """Reads what one process of the worker writes, and tells of each line which task wrote it, where that is certain.

    A process takes one batch after the other. At a batch's end it logs how each delivery ended, then its metrics. So a
    print before that belongs to the only task of a batch of one; in a larger batch tasks run side by side, and a print
    may be any one's. What a process wrote before it was first looked at may come from an import, and is nobody's.
    """

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._held: list[str] = []
        self._since = 0.0
        self._ended: set[str] = set()

    def read(self, lines: Sequence[str], moment: float, *, first: bool = False) -> Iterator[tuple[str, str]]:
        """Take lines as they come; yield those that are due, in their order, each with its task's id or nothing.

        `moment` is in seconds of a steady clock; `first` says that nobody has looked at this process before.
        """
        for text in lines:
            record = record_of(text)
            if is_metrics(record):
                yield from self._release(next(iter(self._ended)) if len(self._ended) == 1 else "")
                self._ended = set()
                continue
            if "receives" in record:
                self._ended.add(record.get("task_id", ""))
            if not self._held and (first or is_log_line(record)):
                yield text, ""
                continue
            if not self._held:
                self._since = moment
            self._held.append(text)
        if self._held and moment - self._since >= HELD_SECONDS:
            yield from self._release("")

    def _release(self, task_id: str) -> Iterator[tuple[str, str]]:
        held, self._held = self._held, []
        yield from ((text, task_id) for text in held)
