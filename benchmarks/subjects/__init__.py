"""What is measured: a module for each subject, which measures, and shows what was measured."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from benchmarks.bench import Bench

NAMES = ("latency", "calls", "drain", "cold-start", "memory", "apply", "soak")
"""In the order of the page; `a-b` is the module `a_b`."""

ON_REQUEST = frozenset({"soak"})
"""Too long for a run of all; measured when named."""


class Subject(Protocol):
    """What a module here has. It may have `plot(result, folder)` on top, which saves PNGs into the folder."""

    def measure(self, bench: "Bench") -> dict[str, Any]:
        """Return what was measured, as JSON can hold it."""

    def table(self, result: Mapping[str, Any]) -> str:
        """Return it as Markdown."""


def load(name: str) -> Subject:
    """Import a subject; only that one, since some need what others do not."""
    return cast(Subject, import_module(f"benchmarks.subjects.{name.replace('-', '_')}"))
