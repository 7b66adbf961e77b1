"""The stack that `up` leaves behind: what is written down about it, and how a later command finds it again."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from harness.embedded import EmbeddedAws
from harness.errors import HarnessError
from harness.paths import BUILD, ROOT
from harness.progress import View
from harness.reaper import delete_folder
from harness.stack import Stack
from harness.target import Target


def example_folder(example: str) -> Path:
    """Return the folder of an example.

    Raises:
        HarnessError: there is none of this name; the message lists those there are.
    """
    folder = ROOT / "examples" / example
    if not example or not (folder / "main.tf").is_file():
        names = ", ".join(sorted(path.parent.name for path in ROOT.glob("examples/*/main.tf")))
        raise HarnessError(f"There is no example {example!r}. There are: {names}.")
    return folder


@dataclass(frozen=True)
class Kept:
    """A stack that stays between commands, in .build/stacks/<example>/."""

    example: str
    target: Target
    server: EmbeddedAws | None

    @staticmethod
    def folder(example: str) -> Path:
        """Return where it is kept."""
        return BUILD / "stacks" / example

    @classmethod
    def create(cls, where: str, example: str, view: View) -> Self:
        """Start a server that outlives this process (or take the caller's account), and write it down."""
        example_folder(example)
        folder = cls.folder(example)
        server = None
        if where == "aws":
            target = Target.aws()
        else:
            with view.step("Starting the embedded AWS"):
                server = EmbeddedAws(folder / "server", detached=True).start()
            target = Target.embedded(server.endpoint)
        kept = cls(example, target, server)
        try:
            kept._write()
        except BaseException:
            kept.forget()
            raise
        return kept

    @classmethod
    def find(cls, example: str, view: View) -> Self | None:
        """Find what an earlier `up` made. One whose server has died is explained and cleaned away.

        Raises:
            HarnessError: it is in an AWS account that the caller's credentials do not reach now.
        """
        example_folder(example)
        file = cls.folder(example) / "kept.json"
        try:
            record: dict[str, Any] = json.loads(file.read_text())
        except FileNotFoundError:
            return None
        if record["target"] == "aws":
            return cls(example, Target.aws(), None)
        server = EmbeddedAws.attach(cls.folder(example) / "server", record["group"], record["port"])
        kept = cls(example, Target.embedded(server.endpoint), server)
        if server.is_alive() and server.is_healthy():
            return kept
        view.say(f"The embedded AWS of {example} has died, and the stack on it is gone. The end of its log:")
        view.say(server.log_tail(10))
        kept.forget()
        return None

    def stack(self, view: View) -> Stack:
        """Return the stack itself, with its state."""
        variables = self.target.variables(f"task-runner-{self.example}")
        home = self.folder(self.example) / "work"
        return Stack(self.target, example_folder(self.example), view=view, variables=variables, home=home)

    def forget(self) -> None:
        """End the server and delete everything that is kept. In an account, destroy first: the state goes too."""
        if self.server is not None:
            self.server.stop()
        delete_folder(self.folder(self.example))

    def _write(self) -> None:
        record: dict[str, Any] = {"target": self.target.name}
        if self.server is not None:
            record |= {"group": self.server.group, "port": self.server.port}
        file = self.folder(self.example) / "kept.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(record))
