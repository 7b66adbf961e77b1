"""Notices that files have changed, by asking for their times: a few files need no more, and it works everywhere."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Moments = dict[Path, tuple[int, int]]  # modification time (ns) and size of each file


class Watcher:
    """Tells what has changed since it was made, or since it last told. Ask it a few times a second."""

    def __init__(self, files: Callable[[], Iterable[Path]]) -> None:
        """`files` lists what to watch, each time anew, so that new files are seen."""
        self._files = files
        self._told = self._seen = self._now()

    def changes(self) -> list[Path]:
        """Return the files that were changed, added or deleted, sorted; none while they are still being written.

        An editor or a checkout writes in several steps, so a change is told once two looks in a row are alike.
        """
        now = self._now()
        if now != self._seen or now == self._told:
            self._seen = now
            return []
        changed = sorted(path for path in now.keys() | self._told.keys() if now.get(path) != self._told.get(path))
        self._told = now
        return changed

    def _now(self) -> Moments:
        moments = {}
        for path in self._files():
            try:
                found = path.stat()
            except FileNotFoundError:  # deleted since it was listed
                continue
            moments[path] = (found.st_mtime_ns, found.st_size)
        return moments


def files_below(*places: Path) -> Iterator[Path]:
    """Yield each place that is a file, and the files in each that is a folder, without caches and editors' drafts."""
    for place in places:
        if place.is_file():
            yield place
        for path in place.rglob("*"):
            if path.is_file() and not any(_is_passing(part) for part in path.relative_to(place).parts):
                yield path


def _is_passing(name: str) -> bool:
    return name == "__pycache__" or name.startswith((".", "#")) or name.endswith(("~", ".pyc", ".swp", ".tmp"))
