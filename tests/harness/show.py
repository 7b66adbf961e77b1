"""Shows a stack at work, and how to use it."""

import json
import shlex
import time
from typing import Any

from harness.acceptance import Subject
from harness.command_line import task_runner
from harness.kept import Kept
from harness.stack import Stack
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


def show_usage(kept: Kept, stack: Stack, outputs: dict[str, Any], view: View) -> None:
    """Say where a kept stack is, and how to use it; every line runs in the shell that sees it."""
    url = kept.target.api_url(outputs)
    sample = stack.sample_task()
    payload = json.dumps({} if sample is None else sample)
    view.say(f"{kept.name} is up on {kept.target.title}.")
    view.say(f"  API     {url}")
    if kept.server:
        view.say(f"  Log     {kept.server.log}")
    view.say("Try it:")
    if stack.is_open:
        trusted = f"--cacert {shlex.quote(str(kept.target.ca_bundle))} " if kept.target.ca_bundle else ""
        view.say(f"  curl {trusted}-X POST {url}/task -d {shlex.quote(payload)}")
    if settings := kept.target.settings():  # what signs requests, or asks SQS, needs them
        view.say("  export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in settings.items()))
    view.say(f"  {task_runner('submit', '--url', url, payload)}")
    view.say(f"  {task_runner('list-dlq', '--url', url, '--queue-url', outputs['queue_url'])}")
    view.say(f"Then: `{kept.line('verify')}` checks it, `{kept.line('down')}` ends it.")
