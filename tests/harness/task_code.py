"""The task code of a configuration: which files it is made of, and how they become the worker's package.

A configuration that packages its own code has a script `package.py`, which needs nothing but Python and pip and writes
`build/worker.zip` from what is in `src`. Any other runs the demo task of the module, `lambda_src/demo`.
"""

import runpy
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath

from harness.errors import HarnessError
from harness.locks import file_lock
from harness.paths import BUILD, ROOT, place_in_copy
from harness.watcher import files_below

_PACKAGE = PurePath("build", "worker.zip")
_SHOWN_LINES = 15  # of what a failing script wrote


class PackagingError(HarnessError):
    """The package could not be built; the message ends with what the build said."""


@dataclass(frozen=True)
class TaskCode:
    """Where task code comes from, and where its package goes.

    Attributes:
        roots: files, and folders with files, that the package is made of.
        place: where Terraform looks for the package, below the root of a copy of the repository.
        build: builds the package and returns it; raises PackagingError.
        current: the same, but builds only if there is no package, or if anything in it is newer.
    """

    roots: tuple[Path, ...]
    place: PurePath
    build: Callable[[], bytes]
    current: Callable[[], bytes]

    @classmethod
    def of(cls, source: Path) -> "TaskCode":
        """Return the task code of the configuration in a folder."""
        if not packages_itself(source):
            place = PurePath("lambda_src", "dist", "demo.zip")
            return cls((ROOT / "lambda_src" / "demo",), place, _build_demo, _build_demo)
        place = place_in_copy(source) / _PACKAGE
        return cls(_roots(source), place, partial(_build, source), partial(_current, source))

    def files(self) -> Iterator[Path]:
        """Yield the files that there are now."""
        return files_below(*self.roots)


def packages_itself(source: Path) -> bool:
    """Tell whether the configuration in a folder brings task code of its own."""
    return (source / "package.py").is_file()


def _roots(source: Path) -> tuple[Path, ...]:
    return (source / "src", source / "package.py", *sorted(source.glob("requirements*")))


def _is_stale(source: Path) -> bool:
    package, code = source / _PACKAGE, source / "src"
    if not package.is_file():
        return True
    folders = [path for path in (code, *code.rglob("*")) if path.is_dir()]  # their times tell what was deleted
    newest = max(path.stat().st_mtime for path in (*files_below(*_roots(source)), *folders))
    return package.stat().st_mtime < newest


def _build(source: Path) -> bytes:
    with _alone(source):
        _run_script(source)
        return (source / _PACKAGE).read_bytes()


def _current(source: Path) -> bytes:
    with _alone(source):
        if _is_stale(source):
            _run_script(source)
        return (source / _PACKAGE).read_bytes()


def _run_script(source: Path) -> None:
    script = source / "package.py"
    done = subprocess.run(
        [sys.executable, str(script)], cwd=source, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-_SHOWN_LINES:])
        raise PackagingError(f"{script} failed with exit code {done.returncode}:\n{said}")
    if not (source / _PACKAGE).is_file():
        raise PackagingError(f"{script} has not written {source / _PACKAGE}: that is where the package has to be.")


def _alone(source: Path) -> AbstractContextManager[None]:
    """Two runs side by side must not write the same package."""
    return file_lock(BUILD / "packages" / f"{source.name}.lock")


def _build_demo() -> bytes:
    """Build what `make package` would, but not into lambda_src/dist: what is committed is the developer's to change."""
    build_demo = runpy.run_path(str(ROOT / "lambda_src" / "package.py"))["build_demo"]
    with tempfile.TemporaryDirectory() as folder:
        package: Path = build_demo(Path(folder))
        return package.read_bytes()
