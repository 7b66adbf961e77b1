"""The commands that make, check and end a stack; each returns whether all went well."""

import shlex
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from harness.acceptance import Subject, accept
from harness.command_line import command_line
from harness.embedded import EmbeddedAws
from harness.errors import HarnessError
from harness.inventory import inventory
from harness.kept import Kept, example_folder
from harness.playground import Playground, say_whether_code_loads
from harness.report import report
from harness.show import show_task, show_usage
from harness.stack import Stack, applied
from harness.target import Target
from harness.terraform import found_provider_settings
from harness.visibility import short_visibility
from harness.watcher import Watcher
from task_runner_client.progress import View
from task_runner_client.redrive import in_words, move_dead_letters


def demo(example: str, where: str, *, sure: bool, view: View) -> bool:
    """Apply an example, run a task, check the stack, destroy it, prove that nothing is left."""
    began = time.monotonic()
    source = example_folder(example)
    with _place(where, view) as target:
        _ask(target, f"create and destroy the example {source.name} in", sure)
        variables = target.variables(f"task-runner-{source.name}")
        before = inventory(target, variables["name"])
        stack = Stack(target, source, view=view, variables=variables)
        with applied(stack) as outputs:
            subject = Subject.of(stack, outputs)
            with ThreadPoolExecutor(1) as beside:  # it takes a task's time too
                findings = beside.submit(accept, subject)
                show_task(subject, view)
            passed = report(findings.result(), view, source.name)
        left = inventory(target, variables["name"]) - before
        for entry in sorted(left):
            view.say(f"Left behind: {entry}")
        if not left:
            view.say(f"Nothing is left on {target.title}.")
    view.say(f"Total: {time.monotonic() - began:.1f} s")
    return passed and not left


def up(example: str, where: str, *, sure: bool, detach: bool, view: View) -> bool:
    """Start what the other commands work on, or update the one that runs; then stay with it, on an embedded AWS."""
    kept = _kept_or_new(example, where, sure=sure, view=view)
    stack = kept.stack(view)
    watcher = Watcher(stack.code.files)  # before anything is packaged, so that no change goes unseen
    outputs = _put_up(kept, stack)
    show_usage(kept, stack, outputs, view)
    if kept.server is None or detach:
        say_whether_code_loads(kept.target, outputs, view)
    else:
        Playground(kept, kept.server, stack, outputs, watcher).follow()
    return True


def verify(example: str, *, view: View) -> bool:
    """Run the acceptance checks against the stack that `up` left running."""
    kept = Kept.need(example, view)
    stack = kept.stack(view)
    return report(accept(Subject.of(stack, stack.outputs())), view, kept.name)


def redrive(example: str, *, sure: bool, view: View) -> bool:
    """Move the dead letters of the stack that `up` left running back to its queue."""
    kept = Kept.need(example, view)
    _ask(kept.target, "run every failed task again in", sure)
    with view.step("Moving dead letters back") as step:
        moved = move_dead_letters(kept.target.client("sqs"), kept.outputs()["queue_url"], step)
    view.say(in_words(moved))
    return True


def down(example: str, *, sure: bool, view: View) -> bool:
    """Destroy what `up` made, and end its server."""
    kept = Kept.find(example, view)
    if kept is None:
        view.say(f"{example} is not up.")
        return True
    _ask(kept.target, f"destroy the example {kept.name} in", sure)
    if not kept.target.is_embedded:  # there, everything goes with the server
        stack = kept.stack(view)
        if stack.has_state:
            stack.destroy()
    kept.forget()
    view.say(f"{kept.name} is down.")
    return True


def env(example: str, *, view: View) -> bool:
    """Print `export` lines with which terraform, aws and task-runner run by hand as they do in the harness.

    What is for a person goes to standard error: a shell evaluates the lines.
    """
    settings = {name: value for name, value in found_provider_settings().items() if name == "TF_CLI_CONFIG_FILE"}
    person = View.on_stderr()
    kept = Kept.find(example, person)
    if kept is None:
        person.say(f"{example} is not up: no line leads to a stack. Start it with: {command_line('up', example)}")
    else:
        settings |= kept.target.settings() | kept.client_settings()
    for name, value in settings.items():
        view.say(f"export {name}={shlex.quote(value)}")
    return True


@contextmanager
def _place(where: str, view: View) -> Iterator[Target]:
    """Yield the target: an embedded AWS that lives as long as the block, or the caller's account."""
    if where == "aws":
        yield Target.aws()
        return
    with view.step("Starting the embedded AWS"):
        server = EmbeddedAws().start()
    with server:
        yield Target.embedded(server.endpoint, server.ca_bundle)


def _kept_or_new(example: str, where: str, *, sure: bool, view: View) -> Kept:
    kept = Kept.find(example, view)
    if kept is not None:
        view.say(f"{kept.name} is up already on {kept.target.title}; updating it to what the files say now.")
        _ask(kept.target, f"update the example {kept.name} in", sure)
        return kept
    kept = Kept.create(where, example, view)
    try:
        _ask(kept.target, f"create the example {kept.name} in", sure)
    except BaseException:
        kept.forget()
        raise
    return kept


def _put_up(kept: Kept, stack: Stack) -> dict[str, Any]:
    try:
        stack.prepare()
        if kept.server:
            stack.package.write_bytes(stack.code.current())  # the demo's code, too, is what its files say
        with short_visibility(stack):
            outputs = stack.apply()
    except BaseException:
        if kept.target.is_embedded and not stack.has_outputs:
            kept.forget()  # a server with half a stack helps nobody
        raise
    kept.note(outputs)
    return outputs


def _ask(target: Target, what: str, sure: bool) -> None:
    if target.is_embedded or sure:
        return
    try:
        answer = input(f"About to {what} {target.title}. This may cost money. Type yes to go on: ")
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise HarnessError("Nothing was done. Answer yes, or pass --yes where nobody can answer.")
