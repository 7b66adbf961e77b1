"""A script `package.py` that writes the worker's package: run when the package is missing or out of date.

The script needs nothing but Python and pip. What it packs is in `src` beside it, and in the `requirements` files.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from harness.errors import HarnessError
from harness.locks import file_lock
from harness.paths import BUILD
from harness.watcher import files_below

PACKAGE = Path("build", "worker.zip")  # where a script writes its package unless the configuration says otherwise
_SHOWN_LINES = 15  # of what a failing script wrote


class PackagingError(HarnessError):
    """The package could not be built; the message ends with what the build said."""


@dataclass(frozen=True)
class PackageScript:
    """A script in a folder, and the package that the worker takes of what it writes."""

    folder: Path
    package: Path

    @classmethod
    def find(cls, folders: Iterable[Path], package: Path) -> "PackageScript | None":
        """Return the first of these folders' script; None where no folder has one."""
        for folder in folders:
            if (folder / "package.py").is_file():
                return cls(folder, package)
        return None

    @property
    def roots(self) -> tuple[Path, ...]:
        """Files, and folders with files, that the package is made of."""
        return (self.folder / "src", self.folder / "package.py", *sorted(self.folder.glob("requirements*")))

    def files(self) -> Iterator[Path]:
        """Yield the files that there are now."""
        return files_below(*self.roots)

    def build(self) -> bytes:
        """Run the script and return the package.

        Raises:
            PackagingError: it failed, or wrote its package elsewhere.
        """
        with self._alone():
            self._run()
            return self._read()

    def current(self) -> bytes:
        """Return the package; run the script only if there is none, or if anything in it is newer.

        Raises:
            PackagingError: the script failed, or wrote its package elsewhere.
        """
        self.run_if_stale()
        return self._read()

    def run_if_stale(self) -> None:
        """Run the script if there is no package, or if anything in it is newer.

        Raises:
            PackagingError: the script failed.
        """
        with self._alone():
            if self._is_stale():
                self._run()

    def _read(self) -> bytes:
        if not self.package.is_file():
            script = self.folder / "package.py"
            raise PackagingError(f"{script} has not written {self.package}: that is where the package has to be.")
        return self.package.read_bytes()

    def _is_stale(self) -> bool:
        if not self.package.is_file():
            return True
        code = self.folder / "src"
        folders = [path for path in (code, *code.rglob("*")) if path.is_dir()]  # their times tell what was deleted
        newest = max(path.stat().st_mtime for path in (*self.files(), *folders))
        return self.package.stat().st_mtime < newest

    def _run(self) -> None:
        script = self.folder / "package.py"
        done = subprocess.run(
            [sys.executable, str(script)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).splitlines()[-_SHOWN_LINES:])
            raise PackagingError(f"{script} failed with exit code {done.returncode}:\n{said}")

    def _alone(self) -> AbstractContextManager[None]:
        """Two runs side by side must not write the same package."""
        return file_lock(BUILD / "packages" / f"{self.folder.name}.lock")
