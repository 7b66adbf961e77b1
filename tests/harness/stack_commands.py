"""The commands that make, check and end a stack; each returns whether all went well."""

import shlex
from collections.abc import Sequence
from functools import partial

from harness.acceptance import Subject, accept
from harness.command_line import command_line
from harness.configuration import module_folders, written_files
from harness.consent import ask
from harness.deployment import Deployment
from harness.errors import HarnessError
from harness.examples import example_folder
from harness.instances import Instance, chosen
from harness.kept import Kept
from harness.playground import Playground, say_whether_code_loads
from harness.preflight import refuse_what_files_tell
from harness.report import report, title
from harness.show import show_usage
from harness.stack import Stack
from harness.terraform import found_provider_settings
from harness.visibility import short_visibility
from harness.watcher import Watcher
from task_runner_client.progress import View
from task_runner_client.redrive import in_words, move_dead_letters


def up(example: str, where: str, arguments: Sequence[str], *, sure: bool, detach: bool, view: View) -> bool:
    """Start what the other commands work on, or update the one that runs; then stay with it, on an embedded AWS."""
    kept = _kept_or_new(example, where, arguments, sure=sure, view=view)
    stack = kept.stack(view)
    configuration = Watcher(
        partial(written_files, module_folders(kept.source))
    )  # before it is read, so that no change goes unseen
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
    return report(accept(Subject.of(stack, instance)), view, title(kept.name, instance, len(instances) > 1))


def redrive(example: str, which: str, *, sure: bool, view: View) -> bool:
    """Move the dead letters of the stack that `up` left running back to its queue."""
    kept = Kept.need(example, view)
    queue_url = kept.outputs(which)["queue_url"]
    ask(kept.target, "run every failed task again in", sure)
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
    ask(kept.target, f"destroy the example {kept.name} in", sure)
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
        settings |= kept.target.settings()
        try:
            settings |= kept.client_settings(which)
        except HarnessError as error:  # the rest is of use all the same
            person.say(f"No line leads task-runner to the stack. {error}")
    for name, value in settings.items():
        view.say(f"export {name}={shlex.quote(value)}")
    return True


def _kept_or_new(example: str, where: str, arguments: Sequence[str], *, sure: bool, view: View) -> Kept:
    kept = Kept.find(example, view)
    if kept is not None:
        kept = kept.given(arguments)
        refuse_what_files_tell(kept.source, kept.arguments, embedded=kept.target.is_embedded)
        view.say(f"{kept.name} is up already on {kept.target.title}; updating it to what the files say now.")
        ask(kept.target, f"update the example {kept.name} in", sure)
        return kept
    refuse_what_files_tell(example_folder(example), arguments, embedded=where == "embedded")
    kept = Kept.create(where, example, view, arguments)
    try:
        ask(kept.target, f"create the example {kept.name} in", sure)
    except BaseException:
        kept.forget()
        raise
    return kept


def _put_up(kept: Kept, stack: Stack) -> list[Instance]:
    try:
        stack.prepare()
        if kept.server:
            stack.refresh_packages()  # the demo's code, too, is what its files say
        with short_visibility(stack):
            stack.apply()
        instances = stack.instances()
    except BaseException:
        if kept.target.is_embedded and not kept.is_applied:
            kept.forget()  # a server with half a stack helps nobody
        raise
    kept.note(instances)
    return instances
