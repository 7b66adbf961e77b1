"""The task code of a stack's instances, and its way onto their workers as it changes."""

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harness.instances import Instance
from harness.redeploy import check_syntax, redeploy
from harness.stack import Stack
from harness.task_code import TaskCode
from harness.watcher import Watcher


class Deployment:
    """What runs on the workers of a stack. Attributes: instances: all of them."""

    def __init__(self, stack: Stack, instances: Sequence[Instance]) -> None:
        """Watch the files of every instance's task code from now on."""
        self.instances = instances
        self._stack = stack
        self._codes = [(instance, code) for instance in instances if (code := stack.packages.code(instance))]
        self._watcher = Watcher(lambda: dict.fromkeys(file for _, code in self._codes for file in code.files()))

    def changes(self) -> list[Path]:
        """Return the files that have changed since they were last told."""
        return self._watcher.changes()

    def describe(self) -> Iterator[str]:
        """Say of each instance what is watched."""
        for instance in self.instances:
            code = next((code for each, code in self._codes if each is instance), None)
            whose = f"{instance.address or 'the module'}: " if len(self.instances) > 1 else ""
            if code is None:
                where = "made by Terraform" if instance.package else "in S3"
                yield f"{whose}Its package is {where}, so a change of its code takes an apply."
            else:
                yield f"{whose}A change in {', '.join(map(str, code.roots))} is deployed at once."

    def catch_up(self) -> Iterator[str]:
        """Deploy what the last apply did not: code that is newer than its package. Say so of each instance.

        Raises:
            HarnessError: a package cannot be built, or a function did not take it.
        """
        for instance, code in self._codes:
            if self._put(instance, code.current()):
                yield f"{self._whose(instance)}Its sources differ from its package: what they say now is deployed."

    def put(self, changed: Iterable[Path]) -> Iterator[str]:
        """Build the packages of what has changed and deploy those that are others than before. Say so of each.

        Raises:
            DoesNotCompile: one of the files is no Python; nothing was changed.
            PackagingError: a package cannot be built; its function was not changed.
            HarnessError: a function did not take its package.
        """
        files = set(changed)
        check_syntax(files)
        for instance, code in self._codes:
            if self._concerns(code, files):
                began = time.monotonic()
                if self._put(instance, code.build()):
                    yield f"{self._whose(instance)}Deployed in {time.monotonic() - began:.1f} s."
                else:
                    advice = " Build it, and the libraries come with it." if any(map(_is_requirements, files)) else ""
                    yield f"{self._whose(instance)}Nothing to deploy: its package is what it was.{advice}"

    def _concerns(self, code: TaskCode, changed: set[Path]) -> bool:
        """Tell whether any of the files is, or was, among those that the code is made of."""
        gone = {path.parent for path in changed if not path.exists()}
        now = set(code.files())
        return not now.isdisjoint(changed) or not gone.isdisjoint(path.parent for path in now)

    def _put(self, instance: Instance, package: bytes) -> bool:
        done = redeploy(self._stack.target, instance.outputs, package)
        if done:
            self._stack.packages.keep(instance, package)
        return done

    def _whose(self, instance: Instance) -> str:
        return f"{instance.label}: " if len(self.instances) > 1 else ""


def _is_requirements(path: Path) -> bool:
    return path.name.startswith("requirements")
