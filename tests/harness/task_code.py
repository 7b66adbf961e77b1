"""The task code of an instance: which files it is made of, and how they become the worker's package.

What counts is the package that the instance names, wherever its sources are. A script `package.py` beside the
configuration, or beside the package, builds it; without one the sources beside the zip go into it. The demo's sources
count where an instance runs the demo, and nowhere else.
"""

import runpy
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from harness.package_script import PACKAGE, PackageScript
from harness.paths import ROOT
from harness.sources_beside import SourcesBeside
from harness.watcher import files_below

DEMO = ROOT / "lambda_src" / "dist" / "demo.zip"
_OUTPUT_FOLDERS = {"build", "dist", "target", "out"}  # what is made from the folder around them


class TaskCode(Protocol):
    """Where task code comes from. `build` makes the package anew, `current` only where that is due."""

    @property
    def roots(self) -> tuple[Path, ...]:
        """Files, and folders with files, that the package is made of."""

    def files(self) -> Iterator[Path]:
        """Yield the files that there are now."""

    def build(self) -> bytes:
        """Return the package of what the files say now; raises PackagingError."""

    def current(self) -> bytes:
        """Return the same, built only if there is no package, or if anything in it is newer."""


class Demo:
    """The task of the module itself."""

    roots = (ROOT / "lambda_src" / "demo",)

    def files(self) -> Iterator[Path]:
        """Yield the files that there are now."""
        return files_below(*self.roots)

    def build(self) -> bytes:
        """Build what `make package` would, but not into lambda_src/dist: what is committed is its developer's."""
        build_demo = runpy.run_path(str(ROOT / "lambda_src" / "package.py"))["build_demo"]
        with tempfile.TemporaryDirectory() as folder:
            package: Path = build_demo(Path(folder))
            return package.read_bytes()

    current = build


def task_code(configuration: Path, package: Path | None) -> TaskCode | None:
    """Return the task code of an instance whose package is this; None where no file here is its source.

    That is so where the package comes from S3, or where Terraform makes it in the copy of the configuration.
    """
    if package is None:
        return None
    if package == DEMO:
        return Demo()
    beside = [configuration, package.parent]
    if package.parent.name in _OUTPUT_FOLDERS:
        beside.append(package.parent.parent)
    if script := PackageScript.find(beside, package):
        return script
    return SourcesBeside.find(package, beside) if package.is_file() else None


def package_before_plan(configuration: Path) -> None:
    """Run the configuration's own script where its package is missing or out of date: a plan reads the package.

    Raises:
        PackagingError: the script failed.
    """
    script = PackageScript.find((configuration,), configuration / PACKAGE)
    if script:
        script.run_if_stale()
