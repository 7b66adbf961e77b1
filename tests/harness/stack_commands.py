"""The commands that make, check and end a stack; each returns whether all went well."""

import re
import shlex
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from harness.acceptance import Subject, accept
from harness.command_line import command_line
from harness.configuration import written_files
from harness.deployment import Deployment
from harness.embedded import EmbeddedAws
from harness.errors import HarnessError
from harness.given_variables import provided
from harness.instances import Instance, chosen
from harness.inventory import inventory
from harness.kept import Kept, example_folder
from harness.playground import Playground, say_whether_code_loads
from harness.preflight import refuse_what_files_tell
from harness.report import report
from harness.show import show_task, show_usage
from harness.stack import Stack, applied
from harness.target import Target
from harness.terraform import found_provider_settings
from harness.watcher import Watcher
from task_runner_client.progress import View
from task_runner_client.redrive import in_words, move_dead_letters


def demo(example: str, where: str, arguments: Sequence[str], *, sure: bool, view: View) -> bool:
    """Apply an example, run a task, check the stack, destroy it, prove that nothing is left."""
    began = time.monotonic()
    source = example_folder(example)
    refuse_what_files_tell(source, arguments, embedded=where == "embedded")
    with _place(where, view) as target:
        _ask(target, f"create and destroy the example {source.name} in", sure)
        before = inventory(target)
        variables = provided(target, source, arguments)
        stack = Stack(target, source, view=view, variables=variables, arguments=arguments)
        with applied(stack):
            instances = stack.instances()
            verdicts = [_demonstrate(stack, instance, len(instances) > 1, view) for instance in instances]
        left = _left(target, before, instances)
        for entry in sorted(left):
            view.say(f"Left behind: {entry}")
        if not left:
            view.say(f"Nothing is left on {target.title}.")
    view.say(f"Total: {time.monotonic() - began:.1f} s")
    return all(verdicts) and not left


def _demonstrate(stack: Stack, instance: Instance, several: bool, view: View) -> bool:
    """Run a task on an instance and check it."""
    subject = Subject.of(stack, instance)
    with ThreadPoolExecutor(1) as beside:  # it takes a task's time too
        findings = beside.submit(accept, subject)
        show_task(subject, view)
    return report(findings.result(), view, _title(stack.name, instance, several))


def _left(target: Target, before: frozenset[str], instances: Sequence[Instance]) -> set[str]:
    """Return what is there and was not before; in an account, what has an instance's name: others work there too."""
    new = inventory(target) - before
    return {entry for entry in new if target.is_embedded or any(each.name in entry for each in instances)}


def _title(name: str, instance: Instance, several: bool) -> str:
    return f"{name}-{re.sub(r'[^a-z0-9]+', '-', instance.label.lower()).strip('-')}" if several else name


def up(example: str, where: str, arguments: Sequence[str], *, sure: bool, detach: bool, view: View) -> bool:
    """Start what the other commands work on, or update the one that runs; then stay with it, on an embedded AWS."""
    kept = _kept_or_new(example, where, arguments, sure=sure, view=view)
    stack = kept.stack(view)
    configuration = Watcher(partial(written_files, kept.source))  # before it is read, so that no change goes unseen
    instances = _put_up(kept, stack)
    show_usage(kept, stack, instances, view)
    if kept.server is None:
        say_whether_code_loads(kept.target, instances, view)
        return True
    deployment = _deployed(stack, instances)
    if detach:
        say_whether_code_loads(kept.target, instances, view)
        return True

    def apply() -> Deployment:
        refuse_what_files_tell(kept.source, kept.arguments, embedded=True)
        return _deployed(stack, _put_up(kept, stack))

    Playground(kept, kept.server, deployment, configuration, apply, view).follow()
    return True


def _deployed(stack: Stack, instances: Sequence[Instance]) -> Deployment:
    """Put on the workers what the apply did not."""
    deployment = Deployment(stack, instances)
    for sentence in deployment.catch_up():
        stack.view.say(sentence)
    return deployment


def verify(example: str, which: str, *, view: View) -> bool:
    """Run the acceptance checks against the stack that `up` left running."""
    kept = Kept.need(example, view)
    stack, instances = kept.stack(view), kept.instances()
    instance = chosen(instances, which)
    return report(accept(Subject.of(stack, instance)), view, _title(kept.name, instance, len(instances) > 1))


def redrive(example: str, which: str, *, sure: bool, view: View) -> bool:
    """Move the dead letters of the stack that `up` left running back to its queue."""
    kept = Kept.need(example, view)
    queue_url = kept.outputs(which)["queue_url"]
    _ask(kept.target, "run every failed task again in", sure)
    with view.step("Moving dead letters back") as step:
        moved = move_dead_letters(kept.target.client("sqs"), queue_url, step)
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


def env(example: str, which: str, *, view: View) -> bool:
    """Print `export` lines with which terraform, aws and task-runner run by hand as they do in the harness.

    What is for a person goes to standard error: a shell evaluates the lines.
    """
    settings = {name: value for name, value in found_provider_settings().items() if name == "TF_CLI_CONFIG_FILE"}
    person = View.on_stderr()
    kept = Kept.find(example, person)
    if kept is None:
        person.say(f"{example} is not up: no line leads to a stack. Start it with: {command_line('up', example)}")
    else:
        settings |= kept.target.settings() | kept.client_settings(which)
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
        yield Target.embedded(server.endpoint)


def _kept_or_new(example: str, where: str, arguments: Sequence[str], *, sure: bool, view: View) -> Kept:
    kept = Kept.find(example, view)
    if kept is not None:
        kept = kept.given(arguments)
        refuse_what_files_tell(kept.source, kept.arguments, embedded=kept.target.is_embedded)
        view.say(f"{kept.name} is up already on {kept.target.title}; updating it to what the files say now.")
        _ask(kept.target, f"update the example {kept.name} in", sure)
        return kept
    refuse_what_files_tell(example_folder(example), arguments, embedded=where == "embedded")
    kept = Kept.create(where, example, view, arguments)
    try:
        _ask(kept.target, f"create the example {kept.name} in", sure)
    except BaseException:
        kept.forget()
        raise
    return kept


def _put_up(kept: Kept, stack: Stack) -> list[Instance]:
    try:
        stack.prepare()
        if kept.server:
            stack.put_packages()  # the demo's code, too, is what its files say
        stack.apply()
        instances = stack.instances()
        if not instances:
            raise HarnessError(f"{kept.source} uses this module nowhere: there is nothing to post a task to.")
    except BaseException:
        if kept.target.is_embedded and not kept.is_applied:
            kept.forget()  # a server with half a stack helps nobody
        raise
    kept.note(instances)
    return instances


def _ask(target: Target, what: str, sure: bool) -> None:
    if target.is_embedded or sure:
        return
    try:
        answer = input(f"About to {what} {target.title}. This may cost money. Type yes to go on: ")
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise HarnessError("Nothing was done. Answer yes, or pass --yes where nobody can answer.")
