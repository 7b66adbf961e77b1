"""Runs one Terraform command: bounded, interruptible, and loud about every way it can fail."""

import json
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tftest import TerraformCommandOutput

from harness.errors import HarnessError
from harness.reaper import REAPER, end_group
from task_runner_client.progress import Step


class TerraformError(HarnessError):
    """Terraform failed or was killed; the message holds what it said."""


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    grace: float,
    on_line: Callable[[str], None] | None = None,
) -> TerraformCommandOutput:
    """Run Terraform in `folder` and hand each line of its output to `on_line` as it comes.

    On Ctrl-C Terraform is asked to stop and has `grace` seconds to finish what is under way and write its state; then
    it and its providers are killed.

    Raises:
        TerraformError: the exit code is not 0, or a signal ended it.
    """
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # the terminal's Ctrl-C must reach it once, and from us
        )
        REAPER.add("group", process.pid)
        lines: list[str] = []
        try:
            for line in process.stdout or ():
                lines.append(line)
                if on_line:
                    on_line(line)
            process.wait()
        except BaseException:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=grace)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            raise
        finally:
            end_group(process.pid, grace=1)
            REAPER.drop("group", process.pid)
        errors.seek(0)
        result = TerraformCommandOutput(process.returncode, "".join(lines), errors.read())
    if result.retcode:
        raise TerraformError(_failure(command, result))
    return result


def _failure(command: Sequence[str], result: TerraformCommandOutput) -> str:
    code = int(result.retcode)
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"failed with exit code {code}"
    said = [text for line in result.out.splitlines() if (text := _diagnostic(line))] or [result.out[-4000:]]
    return "\n".join([f"terraform {command[1]} {how}.", *said, result.err.strip()]).rstrip()


def _event(line: str) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:  # a provider may print what it likes
        return {}
    return event if isinstance(event, dict) else {}


def _diagnostic(line: str) -> str:
    event = _event(line)
    if event.get("type") != "diagnostic" or event.get("@level") != "error":
        return ""
    found = event.get("diagnostic", {})
    place = found.get("range") or {}
    line = f"{place['filename']}:{place['start']['line']}" if "filename" in place else ""
    where = ", ".join(filter(None, (found.get("address"), line)))
    return "\n".join(filter(None, [f"Error: {found.get('summary')}", where and f"  at {where}", found.get("detail")]))


class Events:
    """Turns Terraform's own event stream (-json) into progress: resources done of total, and what is under way."""

    def __init__(self, step: Step, planned: Callable[[str, str], None] | None = None) -> None:
        """Report to this step. `planned` gets address and type of what will be created or changed; it may raise."""
        self._step = step
        self._done = 0
        self._total: int | None = None
        self._planned = planned
        self._under_way: dict[str, None] = {}  # in the order they began

    def __call__(self, line: str) -> None:
        """Take one line of the stream; a line that is no event is ignored."""
        event = _event(line)
        hook = event.get("hook", {})
        if hook.get("action") == "read":  # data sources are not counted in the total either
            return
        address = hook.get("resource", {}).get("addr", "")
        match event.get("type"):
            case "change_summary" if event["changes"].get("operation") == "plan":
                changes = event["changes"]
                self._total = changes["add"] + changes["change"] + changes["remove"]
            case "planned_change" if self._planned and event["change"]["action"] != "delete":
                resource = event["change"]["resource"]
                self._planned(resource["addr"], resource["resource_type"])
            case "apply_start":
                self._under_way[address] = None
            case "apply_complete" | "apply_errored":
                self._done += event["type"] == "apply_complete"
                self._under_way.pop(address, None)
        # The longest under way is what everybody is waiting for.
        self._step.update(self._done, self._total, next(iter(self._under_way), ""))
