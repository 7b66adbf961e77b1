"""Shows what `up` left running: how it stands, and what its functions write."""

import time
from typing import Any

from harness.errors import BadInput
from harness.function_logs import FunctionLogs
from harness.handler_check import handler_fault
from harness.kept import Kept
from harness.playground import function_names
from task_runner_client.progress import View

_TICK = 0.25  # seconds between two looks at the logs
_TICKS_A_CHECK = 8  # whether the server lives is asked less often: it takes a process
_LOG_GROUPS = "api_log_group_name", "worker_log_group_name"
_COUNTS = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"


def status(example: str, instance: str, *, view: View) -> bool:
    """Say where it is, whether its task code loads, and how many tasks wait, run or have failed; False if none can."""
    kept = Kept.need(example, view)
    outputs = kept.outputs(instance)
    fault = handler_fault(kept.target, outputs)
    waiting, taken = _messages(kept, outputs["queue_url"])
    dead = sum(_messages(kept, outputs["dead_letter_queue_url"]))
    view.say(f"{kept.name} is up on {kept.target.title}.")
    view.say(f"  API     {kept.target.api_url(outputs)}")
    view.say(f"  Made of {kept.source}")
    view.say(f"  Code    {f'cannot be called: {fault}' if fault else 'loads'}", "red" if fault else "")
    view.say(f"  Queue   {waiting} waiting, {taken} running or waiting for the next try")
    view.say(f"  Dead    {dead}" + (f": `{kept.line('redrive')}` runs them again" if dead else ""))
    if kept.server:
        view.say(f"  Log     {kept.server.log}")
    return fault is None


def logs(example: str, *, follow: bool, view: View) -> bool:
    """Show what the functions have written, then what they write, until Ctrl-C or `down` elsewhere.

    Raises:
        BadInput: it is in an account, whose logs AWS's own tools follow; or nothing is up.
        EmbeddedAwsError: the server has died.
    """
    kept = Kept.need(example, view)
    instances = kept.instances()
    if kept.server is None:
        lines = [f"aws logs tail --follow {each.outputs[name]}" for each in instances for name in _LOG_GROUPS]
        raise BadInput("\n  ".join((f"{kept.name} is in an account. Follow its logs there:", *lines)))
    written = FunctionLogs(kept.server, function_names(instances), from_start=True)
    _show(written, view)
    try:
        while follow and kept.is_on_record():
            for _ in range(_TICKS_A_CHECK):
                time.sleep(_TICK)
                _show(written, view)
            if kept.is_on_record():
                kept.server.check()
    except KeyboardInterrupt:
        view.say("")
    return True


def _show(written: FunctionLogs, view: View) -> None:
    for line in written.lines():
        view.say(line.text, line.style)


def _messages(kept: Kept, queue_url: str) -> tuple[int, int]:
    """Count those that can be taken, and those that somebody has taken."""
    asked: Any = kept.target.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=[*_COUNTS])
    visible, taken = (int(asked["Attributes"][name]) for name in _COUNTS)
    return visible, taken
