"""Stays with a kept stack: shows what its functions write, and puts changed task code on its workers."""

import operator
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from harness.deployment import Deployment
from harness.embedded import EmbeddedAws
from harness.errors import HarnessError
from harness.function_logs import FunctionLogs
from harness.handler_check import handler_fault
from harness.instances import Instance
from harness.kept import Kept
from harness.keys import Keys, keys
from harness.target import Target
from harness.waiting import poll
from harness.watcher import Watcher
from task_runner_client.progress import View

_TICK = 0.25  # seconds between two looks at logs and files
_TICKS_A_CHECK = 8  # whether the server lives is asked less often: it takes a process
_DOWN_SECONDS = 5.0  # that `down` may take from ending the server to removing what is kept
_FAULTS = (HarnessError, BotoCoreError, ClientError)


def say_whether_code_loads(target: Target, instances: Sequence[Instance], view: View) -> None:
    """Ask each worker whether it can call its task code, and say what it answers."""
    for instance in instances:
        whose = f"{instance.label}: " if len(instances) > 1 else ""
        try:
            fault = handler_fault(target, instance.outputs)
        except (BotoCoreError, ClientError) as error:
            fault = f"the worker function cannot be asked: {error}"
        if fault is None:
            view.say(f"{whose}The task code loads.")
        else:
            view.say(f"{whose}The task code cannot be called: {fault}", "bold red")


class Playground:
    """A stack on an embedded AWS that somebody works on."""

    def __init__(
        self,
        kept: Kept,
        server: EmbeddedAws,
        deployment: Deployment,
        configuration: Watcher,
        apply: Callable[[], Deployment],
        view: View,
    ) -> None:
        """Follow logs from now on.

        `configuration` looks at Terraform's files since before they were applied; `apply` applies what they say now.
        """
        self._kept, self._server, self._view = kept, server, view
        self._deployment, self._configuration, self._apply = deployment, configuration, apply
        self._logs = FunctionLogs(server, function_names(deployment.instances))

    def follow(self) -> None:
        """Say whether the task code loads, show logs and deploy what changes, until Ctrl-C or `down` elsewhere.

        Raises:
            EmbeddedAwsError: the server has died; the message ends with the tail of its log.
        """
        try:
            with keys() as pressed:
                self._begin()
                while self._is_up():
                    for _ in range(_TICKS_A_CHECK):
                        self._look(pressed)
                        time.sleep(_TICK)
            self._view.say(f"{self._kept.name} was taken down.")
        except KeyboardInterrupt:
            self._view.say(f"\n{self._kept.name} stays up; `{self._kept.line('down')}` ends it.")

    def _begin(self) -> None:
        self._view.say("Following the functions' logs; Ctrl-C stops this.")
        for sentence in self._deployment.describe():
            self._view.say(sentence)
        say_whether_code_loads(self._kept.target, self._deployment.instances, self._view)

    def _look(self, pressed: Keys) -> None:
        for line in self._logs.lines():
            self._view.say(line.text, line.style)
        if changed := self._deployment.changes():
            self._put(changed)
        if changed := self._configuration.changes():
            how = "Press a" if pressed.listening else f"Run `{self._kept.line('up')}` again"
            self._view.say(f"Changed: {_names_of(changed)}. {how} to apply it.", "bold")
        if "a" in pressed.pressed():
            self._try(self._apply_again, "Not applied, or in part.")

    def _is_up(self) -> bool:
        if self._server.is_alive():
            return True
        if poll(self._kept.is_on_record, operator.not_, seconds=_DOWN_SECONDS, pause=_TICK):
            self._server.check()
        return False

    def _put(self, changed: Sequence[Path]) -> None:
        self._view.say(f"Changed: {_names_of(changed)}", "bold")
        self._try(lambda: self._deployment.put(changed), "Not deployed: the worker runs the code that it had.")

    def _apply_again(self) -> Iterator[str]:
        self._deployment = self._apply()
        self._logs.names = function_names(self._deployment.instances)
        yield "Applied."

    def _try(self, act: Callable[[], Iterable[str]], otherwise: str) -> None:
        """Do it, say each sentence that it yields, and then whether the code loads; or say what went wrong."""
        try:
            for sentence in act():
                self._view.say(sentence, "bold")
        except _FAULTS as error:
            if self._is_up():
                self._view.say(f"{error}\n{otherwise}", "red")
        else:
            say_whether_code_loads(self._kept.target, self._deployment.instances, self._view)


def function_names(instances: Sequence[Instance]) -> dict[str, str]:
    """Return how to call each function in front of its lines."""
    names = {}
    for instance in instances:
        whose = f"{instance.label} " if len(instances) > 1 else ""
        for role in ("api", "worker"):
            names[instance.outputs[f"{role}_function_name"]] = f"{whose}{role}"
    return names


def _names_of(changed: Iterable[Path]) -> str:
    return ", ".join(path.name for path in changed)
