"""The command `demo`: all of a stack's life in one run."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from harness.acceptance import Subject, accept
from harness.consent import ask
from harness.embedded import EmbeddedAws
from harness.examples import example_folder
from harness.given_variables import provided
from harness.instances import Instance
from harness.inventory import inventory
from harness.preflight import refuse_what_files_tell
from harness.report import report, title
from harness.show import show_task
from harness.stack import Stack, applied
from harness.target import Target
from task_runner_client.progress import View


def demo(example: str, where: str, arguments: Sequence[str], *, sure: bool, view: View) -> bool:
    """Apply an example, run a task, check the stack, destroy it, prove that nothing is left."""
    began = time.monotonic()
    source = example_folder(example)
    refuse_what_files_tell(source, arguments, embedded=where == "embedded")
    with place(where, view) as target:
        ask(target, f"create and destroy the example {source.name} in", sure)
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
    return report(findings.result(), view, title(stack.name, instance, several))


def _left(target: Target, before: frozenset[str], instances: Sequence[Instance]) -> set[str]:
    """Return what is there and was not before; in an account, what has an instance's name: others work there too."""
    new = inventory(target) - before
    return {entry for entry in new if target.is_embedded or any(each.name in entry for each in instances)}


@contextmanager
def place(where: str, view: View) -> Iterator[Target]:
    """Yield the target: an embedded AWS that lives as long as the block, or the caller's account."""
    if where == "aws":
        yield Target.aws()
        return
    server = EmbeddedAws()
    try:
        with view.step("Starting the embedded AWS"):
            server.start()
        yield Target.embedded(server.endpoint, server.ca_bundle)
    finally:
        server.stop()
