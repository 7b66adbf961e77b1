"""What the command line does, one function a command; each returns whether all went well."""

import json
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from harness.acceptance import Subject, accept
from harness.embedded import EmbeddedAws
from harness.errors import HarnessError
from harness.inventory import inventory
from harness.kept import Kept, example_folder
from harness.progress import View
from harness.redrive import move_dead_letters
from harness.report import report
from harness.stack import Stack, applied
from harness.target import Target
from harness.terraform import found_provider_settings

_TASK = {"seconds": 1, "greeting": "hello"}
_TASK_SECONDS = 120.0


@contextmanager
def _place(where: str, view: View) -> Iterator[Target]:
    """Yield the target: an embedded AWS that lives as long as the block, or the caller's account."""
    if where == "aws":
        yield Target.aws()
        return
    with view.step("Starting the embedded AWS"):
        server = EmbeddedAws().start()
    with server:
        yield Target.embedded(server.endpoint)


def demo(where: str, example: str, view: View, *, sure: bool) -> bool:
    """Apply an example, run a task, check the stack, destroy it, prove that nothing is left."""
    began = time.monotonic()
    with _place(where, view) as target:
        _ask(target, f"create and destroy the example {example} in", sure)
        variables = target.variables(f"task-runner-{example}")
        before = inventory(target, variables["name"])
        stack = Stack(target, example_folder(example), view=view, variables=variables)
        with applied(stack) as outputs:
            subject = Subject(target, outputs, max_receive_count(stack))
            _show_task(subject, view)
            passed = report(accept(subject), view, example)
        left = inventory(target, variables["name"]) - before
        for entry in sorted(left):
            view.say(f"Left behind: {entry}")
        if not left:
            view.say(f"Nothing is left on {target.title}.")
    view.say(f"Total: {time.monotonic() - began:.1f} s")
    return passed and not left


def up(where: str, example: str, view: View, *, sure: bool) -> bool:
    """Start what `verify` and `down` work on, or show the one that runs."""
    kept = Kept.find(example, view)
    if kept is None:
        kept = Kept.create(where, example, view)
        try:
            _ask(kept.target, f"create the example {example} in", sure)
        except BaseException:
            kept.forget()
            raise
    else:
        view.say(f"{example} is up already on {kept.target.title}; updating it to what the files say now.")
        _ask(kept.target, f"update the example {example} in", sure)
    stack = kept.stack(view)
    try:
        stack.prepare()
        outputs = stack.apply()
    except BaseException:
        if kept.target.is_embedded and not stack.has_outputs:
            kept.forget()  # a server with half a stack helps nobody
        raise
    _show_usage(kept, outputs, view)
    return True


def verify(where: str, example: str, view: View, *, sure: bool) -> bool:  # noqa: ARG001 - as all commands
    """Run the acceptance checks against the stack that `up` left running."""
    kept = Kept.find(example, view)
    if kept is None:
        raise HarnessError(f"{example} is not up. Start it with: python -m harness up --example {example}")
    stack = kept.stack(view)
    return report(accept(Subject(kept.target, stack.outputs(), max_receive_count(stack))), view, example)


def redrive(where: str, example: str, view: View, *, sure: bool) -> bool:  # noqa: ARG001 - as all commands
    """Move the dead letters of the stack that `up` left running back to its queue."""
    kept = Kept.find(example, view)
    if kept is None:
        raise HarnessError(f"{example} is not up. Start it with: python -m harness up --example {example}")
    _ask(kept.target, "run every failed task again in", sure)
    with view.step("Moving dead letters back") as step:
        moved = move_dead_letters(kept.target, kept.stack(view).outputs(), step)
    view.say(f"{moved} moved; their tasks run again.")
    return True


def down(where: str, example: str, view: View, *, sure: bool) -> bool:  # noqa: ARG001 - as all commands
    """Destroy what `up` made, and end its server."""
    kept = Kept.find(example, view)
    if kept is None:
        view.say(f"{example} is not up.")
        return True
    _ask(kept.target, f"destroy the example {example} in", sure)
    stack = kept.stack(view)
    try:
        if stack.has_state:
            stack.destroy()
    finally:
        if kept.target.is_embedded or not stack.has_state:
            kept.forget()
    kept.forget()
    view.say(f"{example} is down.")
    return True


def env(where: str, example: str, view: View, *, sure: bool) -> bool:  # noqa: ARG001 - as all commands
    """Print `export` lines with which terraform and aws run by hand as they do in the harness."""
    settings = {name: value for name, value in found_provider_settings().items() if name == "TF_CLI_CONFIG_FILE"}
    kept = Kept.find(example, View.silent())
    if kept is not None:
        settings |= kept.target.settings()
    for name, value in settings.items():
        view.say(f"export {name}={shlex.quote(value)}")
    return True


def max_receive_count(stack: Stack) -> int:
    """Return how many receives Terraform was asked for."""
    (redrive,) = stack.asked("aws_sqs_queue_redrive_policy")
    policy = json.loads(redrive["redrive_policy"])
    return int(policy["maxReceiveCount"])


def _ask(target: Target, what: str, sure: bool) -> None:
    if target.is_embedded or sure:
        return
    try:
        answer = input(f"About to {what} {target.title}. This may cost money. Type yes to go on: ")
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise HarnessError("Nothing was done. Answer yes, or pass --yes where nobody can answer.")


def _show_task(subject: Subject, view: View) -> None:
    client = subject.client()
    began = time.monotonic()
    accepted = client.submit(_TASK)
    view.say(f"POST /task {json.dumps(_TASK)} -> task {accepted['taskId']}")
    view.say(f"  {accepted['status']:<12} {time.monotonic() - began:5.1f} s")
    with view.step("Waiting for the task") as step:
        for seen in client.wait(accepted["taskId"], _TASK_SECONDS):
            step.update(0, None, seen["status"])
            if seen["status"] != "pending":
                view.say(f"  {seen['status']:<12} {time.monotonic() - began:5.1f} s")
            shown = seen
    view.say(f"  {json.dumps(shown.get('result', shown.get('error')))}")


def _show_usage(kept: Kept, outputs: dict[str, Any], view: View) -> None:
    url = kept.target.api_url(outputs)
    view.say(f"{kept.example} is up on {kept.target.title}.")
    view.say(f"  API     {url}")
    if kept.server:
        view.say(f"  Log     {kept.server.log}")
    view.say("Try it:")
    view.say(f"""  curl -X POST {url}/task -d '{{"seconds": 5, "hello": "world"}}'""")
    view.say(f"  curl {url}/task/<taskId>")
    view.say("Then: `make verify` checks it, `make down` ends it.")
