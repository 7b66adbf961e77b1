"""The workers' packages in the copy of a configuration: whose sources they are made of, and what they hold."""

import os
from collections.abc import Iterable
from pathlib import Path

from harness.instances import Instance
from harness.paths import ROOT
from harness.task_code import DEMO, Demo, TaskCode, task_code
from harness.working_copy import WorkingCopy


class Packages:
    """What Terraform reads as packages when it works on the copy."""

    def __init__(self, copy: WorkingCopy) -> None:
        """Nothing is written yet."""
        self._copy = copy

    def code(self, instance: Instance) -> TaskCode | None:
        """Return the task code of an instance; None where no file outside of the copy is its source."""
        place = self._place(instance)
        return task_code(self._copy.source, place and self._copy.original(place))

    def keep(self, instance: Instance, package: bytes) -> None:
        """Put a package where the next apply finds it: it must be what runs now."""
        if (place := self._place(instance)) and (own := self._copy.own(place)):
            own.write_bytes(package)

    def refresh(self, instances: Iterable[Instance]) -> None:
        """Have the demo's package and those of instances say what the files say.

        Raises:
            PackagingError: one cannot be built.
        """
        (self._copy.home / DEMO.relative_to(ROOT)).write_bytes(Demo().build())
        for instance in instances:
            if code := self.code(instance):
                self.keep(instance, code.current())

    def _place(self, instance: Instance) -> Path | None:
        return Path(os.path.normpath(self._copy.folder / instance.package)) if instance.package else None
