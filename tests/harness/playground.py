"""Stays with a kept stack: shows what its functions write, and puts changed task code on its worker."""

import operator
import time
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from harness.embedded import EmbeddedAws
from harness.errors import HarnessError
from harness.function_logs import FunctionLogs
from harness.handler_check import handler_fault
from harness.kept import Kept
from harness.redeploy import redeploy
from harness.stack import Stack
from harness.target import Outputs, Target
from harness.waiting import poll
from harness.watcher import Watcher
from task_runner_client.progress import View

_TICK = 0.25  # seconds between two looks at logs and files
_TICKS_A_CHECK = 8  # whether the server lives is asked less often: it takes a process
_DOWN_SECONDS = 5.0  # that `down` may take from ending the server to removing what is kept


def say_whether_code_loads(target: Target, outputs: Outputs, view: View) -> None:
    """Ask the worker whether it can call its task code, and say what it answers."""
    try:
        fault = handler_fault(target, outputs)
    except (BotoCoreError, ClientError) as error:
        fault = f"the worker function cannot be asked: {error}"
    if fault is None:
        view.say("The task code loads.")
    else:
        view.say(f"The task code cannot be called: {fault}", "bold red")


class Playground:
    """A stack on an embedded AWS that somebody works on."""

    def __init__(self, kept: Kept, server: EmbeddedAws, stack: Stack, outputs: Outputs, watcher: Watcher) -> None:
        """Follow logs from now on. `watcher` looks at the task code's files since before they were deployed."""
        self._kept, self._server, self._stack, self._outputs, self._watcher = kept, server, stack, outputs, watcher
        self._view = stack.view
        names = {outputs["api_function_name"]: "api", outputs["worker_function_name"]: "worker"}
        self._logs = FunctionLogs(server, names)

    def follow(self) -> None:
        """Say whether the task code loads, show logs and deploy what changes, until Ctrl-C or `down` elsewhere.

        Raises:
            EmbeddedAwsError: the server has died; the message ends with the tail of its log.
        """
        try:
            roots = ", ".join(str(root) for root in self._stack.code.roots)
            self._view.say(
                f"Following the functions' logs. A change in {roots} is deployed at once. Ctrl-C stops this."
            )
            say_whether_code_loads(self._kept.target, self._outputs, self._view)
            while self._is_up():
                for _ in range(_TICKS_A_CHECK):
                    self._show_logs()
                    if changed := self._watcher.changes():
                        self._deploy(changed)
                    time.sleep(_TICK)
            self._view.say(f"{self._kept.name} was taken down.")
        except KeyboardInterrupt:
            self._view.say(f"\n{self._kept.name} stays up; `{self._kept.line('down')}` ends it.")

    def _is_up(self) -> bool:
        if self._server.is_alive():
            return True
        if poll(self._kept.is_on_record, operator.not_, seconds=_DOWN_SECONDS, pause=_TICK):
            self._server.check()
        return False

    def _show_logs(self) -> None:
        for line in self._logs.lines():
            self._view.say(line.text, line.style)

    def _deploy(self, changed: Sequence[Path]) -> None:
        began = time.monotonic()
        self._view.say(f"Changed: {', '.join(path.name for path in changed)}", "bold")
        try:
            redeploy(self._stack, self._outputs, changed)
            self._view.say(f"Deployed in {time.monotonic() - began:.1f} s.", "bold")
            say_whether_code_loads(self._kept.target, self._outputs, self._view)
        except (HarnessError, BotoCoreError, ClientError) as error:
            if not self._is_up():
                return
            self._view.say(f"{error}\nNot deployed: the worker runs the code that it had.", "red")
