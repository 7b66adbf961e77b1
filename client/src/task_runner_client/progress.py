"""What a run shows: a live line on a terminal, and plain lines, few of them, in a log."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

_LOG_EVERY = 10.0  # seconds between two lines about the same step in a log


class Step:
    """One step under way; `update` as often as you like."""

    def __init__(self, console: Console, title: str, bar: Progress | None) -> None:
        """Show the title at once."""
        self._console, self._title, self._bar = console, title, bar
        self._started = self._logged = time.monotonic()
        self._task: TaskID | None = None
        if bar is None:
            self._say(f"{title} ...")
        else:
            self._task = bar.add_task(title, total=None, now="")

    def update(self, done: int, total: int | None, now: str) -> None:
        """Say how far it is: `done` of `total`, and what is being done now."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, now=now)
        elif time.monotonic() - self._logged >= _LOG_EVERY:
            self._logged = time.monotonic()
            count = f"{done}/{total}" if total else str(done)
            self._say(f"{self._title}: {count} after {self.elapsed:.0f} s, {now}")

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    @property
    def elapsed(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self._started


class View:
    """Where a run reports to."""

    def __init__(self, console: Console | None = None) -> None:
        """Report to standard output by default."""
        self.console = console or Console()

    @classmethod
    def on_stderr(cls) -> "View":
        """Report to standard error, where standard output is for results."""
        return cls(Console(stderr=True))

    @classmethod
    def silent(cls) -> "View":
        """Report to nobody."""
        return cls(Console(quiet=True))

    def say(self, text: str, style: str = "") -> None:
        """Print one line, as it is; a terminal shows it in the style, such as "red"."""
        self.console.print(Text(text, style), soft_wrap=True)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show a step while it runs, and one line with its time when it has succeeded."""
        if self.console.is_terminal:
            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[now]}", markup=False),
            )
            with Progress(*columns, console=self.console, transient=True) as bar:
                step = Step(self.console, title, bar)
                yield step
        else:
            step = Step(self.console, title, None)
            yield step
        self.say(f"{title}: done in {step.elapsed:.1f} s")
