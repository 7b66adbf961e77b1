"""Somebody at work: a folder with an example of their own, and the commands that they run in it."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.conftest import PATIENCE
from harness.embedded import EmbeddedAws
from harness.paths import ROOT, STACKS_VARIABLE
from harness.target import Outputs, Target
from harness.waiting import poll
from support.processes import interruptible_python


@dataclass(frozen=True)
class Desk:
    """A folder with an example of somebody's own, copied so that it can be edited, and what `up` keeps about it."""

    folder: Path

    @property
    def source(self) -> Path:
        return self.folder / "mine"

    @property
    def tasks(self) -> Path:
        return self.source / "src" / "my_tasks.py"

    @property
    def stacks(self) -> Path:
        return self.folder / "stacks"

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, STACKS_VARIABLE: str(self.stacks)}

    def start(self, log: Path, command: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with log.open("wb") as out:
            return subprocess.Popen(
                interruptible_python("-m", "harness", command, "--example", str(self.source), *arguments),
                cwd=ROOT / "tests",
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def run(self, command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "harness", command, "--example", "mine", *arguments],
            cwd=ROOT / "tests",
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def client(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the client's command in a shell that has taken over what `env` prints."""
        program = Path(sys.executable).with_name("task-runner")
        return self.shell(f"{self.run('env').stdout}\n{shlex.join([str(program), *arguments])}")

    def shell(self, lines: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["sh", "-c", lines], cwd=ROOT / "tests", capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def kept(self, name: str) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((self.stacks / "mine" / name).read_text())
        return record

    @property
    def target(self) -> Target:
        record = self.kept("kept.json")
        server = EmbeddedAws.attach(self.stacks / "mine" / "server", record["group"], record["port"])
        return Target.embedded(server.endpoint, server.ca_bundle)

    @property
    def outputs(self) -> Outputs:
        return self.kept("outputs.json")

    def greeting(self) -> str:
        task = self.target.task_client(self.outputs).run({"name": "world"}, PATIENCE)
        return str(task["result"]["greeting"])

    def edit(self, old: str, new: str) -> None:
        text = self.tasks.read_text()
        assert old in text
        self.tasks.write_text(text.replace(old, new))


@dataclass(frozen=True)
class Following:
    """An `up` that follows the stack, and what it has shown."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def count(self, pattern: str) -> int:
        return len(re.findall(pattern, self.log.read_text(), re.MULTILINE))

    def shows(self, pattern: str, times: int = 1) -> bool:
        """Wait until it has shown so many lines of this kind, or has ended."""
        poll(lambda: self.process.poll() is not None or self.count(pattern) >= times, seconds=PATIENCE)
        return self.count(pattern) >= times

    @contextmanager
    def told(self, pattern: str) -> Iterator[None]:
        """What happens in the block must make a line of this kind appear that was not there before."""
        before = self.count(pattern)
        yield
        assert self.shows(pattern, times=before + 1), self.log.read_text()
