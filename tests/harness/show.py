"""Shows a stack at work, and how to use it."""

import json
import os
import shlex
import time
from collections.abc import Iterator, Sequence

from harness.acceptance import Subject
from harness.command_line import task_runner
from harness.instances import Instance
from harness.kept import Kept
from harness.stack import Stack
from harness.target import Target
from task_runner_client.progress import View

_TASK_SECONDS = 120.0


def show_task(subject: Subject, view: View) -> None:
    """Post the sample task and show what becomes of it."""
    if subject.sample is None:
        view.say("There is no sample task to show: the configuration has no output `sample_task`.")
        return
    client = subject.client()
    began = time.monotonic()
    accepted = client.submit(subject.sample)
    view.say(f"POST /task {json.dumps(subject.sample)} -> task {accepted['taskId']}")
    view.say(f"  {accepted['status']:<12} {time.monotonic() - began:5.1f} s")
    with view.step("Waiting for the task") as step:
        for seen in client.wait(accepted["taskId"], _TASK_SECONDS):
            step.update(0, None, seen["status"])
            if seen["status"] != "pending":
                view.say(f"  {seen['status']:<12} {time.monotonic() - began:5.1f} s")
            shown = seen
    view.say(f"  {json.dumps(shown.get('result', shown.get('error')))}")


def show_usage(kept: Kept, stack: Stack, instances: Sequence[Instance], view: View) -> None:
    """Say where a kept stack is, and how to use it; every line runs in the shell that sees it."""
    view.say(f"{kept.name} is up on {kept.target.title}.")
    several = len(instances) > 1
    for instance in instances:
        view.say(f"  {f'API of {instance.address}' if several else 'API    '} {kept.target.api_url(instance.outputs)}")
    if kept.server:
        view.say(f"  Log     {kept.server.log}")
    view.say("Try it:")
    if settings := kept.target.settings():  # what signs requests, or asks SQS, needs them
        view.say("  export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in settings.items()))
    for instance in instances:
        if several:
            view.say(f"  # {instance.address}")
        for line in _lines(kept.target, stack, instance):
            view.say(f"  {line}")
    view.say(f"Then: `{kept.line('verify')}` checks it, `{kept.line('down')}` ends it.")
    if several:
        view.say(f"verify, redrive and env want to know which: {_which(instances[0])}")


def _lines(target: Target, stack: Stack, instance: Instance) -> Iterator[str]:
    """Yield lines that post a task to an instance and list its dead letters."""
    url, sample = target.api_url(instance.outputs), stack.sample_task(instance)
    if sample is None:
        yield "# An empty payload: an output `sample_task` would say what this task code takes."
    payload = json.dumps({} if sample is None else sample)
    if instance.is_open:
        trusted = f"--cacert {shlex.quote(str(target.ca_bundle))} " if target.ca_bundle else ""
        yield f"curl {trusted}-X POST {url}/task -d {shlex.quote(payload)}"
    yield task_runner("submit", "--url", url, payload)
    yield task_runner("list-dlq", "--url", url, "--queue-url", instance.outputs["queue_url"])


def _which(instance: Instance) -> str:
    option = "INSTANCE=" if "MAKELEVEL" in os.environ else "--instance "
    return option + shlex.quote(instance.address)
