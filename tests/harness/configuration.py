"""What a configuration says in its files: its own folder, and those of the local modules that it calls."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness import hcl
from harness.errors import HarnessError
from harness.paths import ROOT

_REMOTE = re.compile(r"(^|[/:])terraform-aws-task-runner(\.git)?/?(\?.*)?$|^([\w.-]+/){1,2}task-runner/aws$")


@dataclass(frozen=True)
class ModuleFolder:
    """A folder with Terraform files, and the blocks in them."""

    path: Path
    blocks: tuple[hcl.Block, ...]

    @classmethod
    def read(cls, path: Path) -> "ModuleFolder":
        """Read what is written in a folder, not in those below; as Terraform does, without an editor's hidden files."""
        files = sorted(file for file in path.glob("*.tf") if not file.name.startswith("."))
        return cls(path, tuple(block for file in files for block in hcl.read(file)))

    def of(self, kind: str) -> Iterator[hcl.Block]:
        """Yield the blocks of a kind."""
        return (block for block in self.blocks if block.kind == kind)

    def calls(self) -> "Iterator[tuple[hcl.Block, hcl.Expression]]":
        """Yield each module call with its source."""
        for block in self.of("module"):
            if source := block.arguments.get("source"):
                yield block, source


def module_folders(source: Path) -> list[ModuleFolder]:
    """Return the folder of a configuration, then those of the local modules that it calls, directly or not.

    This module's own folder is not among them.

    Raises:
        HarnessError: one is written in JSON or for OpenTofu alone, which the harness does not read.
    """
    found: dict[Path, ModuleFolder] = {}
    ahead = [source.resolve()]
    while ahead:
        path = ahead.pop(0)
        if path in found:
            continue
        _refuse_unread(path)
        found[path] = ModuleFolder.read(path)
        for _, called in found[path].calls():
            text = called.literal or ""
            if text.startswith(".") and not leads_here(text, path):
                ahead.append((path / text).resolve())
    return list(found.values())


def written_files(folders: Iterable[ModuleFolder]) -> Iterator[Path]:
    """Yield the files of Terraform that there are now in the folders."""
    for folder in folders:
        files = folder.path.glob("[!.]*.tf*")
        yield from (path for path in files if path.suffix in {".tf", ".tfvars"})


def leads_here(source: str, folder: Path) -> bool:
    """Tell whether a module call's source means this module: this checkout, another one, a repository, a registry.

    So does a local path that leads to no module at all: what was copied from the examples says "../..".
    """
    if not source.startswith((".", os.sep)):
        return bool(_REMOTE.search(source))
    path = (folder / source).resolve()
    return path == ROOT or (path / "lambda_src" / "task_runner").is_dir() or next(path.glob("*.tf"), None) is None


def task_runner_calls(folders: list[ModuleFolder]) -> Iterator[hcl.Block]:
    """Yield each call of this module."""
    for folder in folders:
        for block, source in folder.calls():
            if leads_here(source.literal or "", folder.path):
                yield block


def _refuse_unread(path: Path) -> None:
    for pattern in ("*.tf.json", "*.tofu", "*.tofu.json"):
        for file in path.glob(pattern):
            raise HarnessError(
                f"{file}: the harness reads *.tf only, and cannot see where a provider or a backend in this file "
                "leads. Write it as *.tf, or take it out of the folder while you play."
            )
