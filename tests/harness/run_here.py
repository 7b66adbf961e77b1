"""Runs one payload through task code in this process, for a debugger: no stack, no AWS."""

import logging
import re
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from harness.command_line import caller_folder, command_line
from harness.errors import BadInput
from harness.examples import example_folder
from harness.paths import SOURCES
from harness.task_code import DEMO, Demo, TaskCode, task_code
from task_runner_client.commands.output import show_json
from task_runner_client.commands.payload import read_payload
from task_runner_client.progress import View

_SECONDS = 900.0  # that the context says there are: all that Lambda gives, and nothing ends what a debugger holds
_PAYLOAD = '{"seconds": 1}'
_HANDLER = re.compile(r'\bhandler\s*=\s*"([\w.]+)"')
_PACKAGE = re.compile(r'\bpackage_file\s*=\s*"(?:\$\{path\.\w+\}/)?([^"$]+)"')


def run_here(example: str, payload: str, *, view: View) -> bool:
    """Call the task code of an example with a payload; print what it returns, or where it failed.

    Raises:
        BadInput: the payload is no JSON, or no example has this name.
        PackagingError: what the code imports cannot be packed.
    """
    source = example_folder(example)
    given = _payload(payload, example)
    code = _code(source)
    with _importable(code):
        return _call("tasks.handle" if isinstance(code, Demo) else _said(source, _HANDLER), given, view)


def _payload(text: str, example: str) -> Any:
    if not text:
        raise BadInput(f"Give a payload: {command_line('run', example, TASK=_PAYLOAD)}")
    try:
        return read_payload(f"@{caller_folder() / text[1:]}" if text.startswith("@") else text)
    except click.BadParameter as error:
        raise BadInput(error.message) from error


def _code(source: Path) -> TaskCode:
    texts = [file.read_text() for file in source.glob("*.tf")]
    package = source / _said(source, _PACKAGE) if any(map(_PACKAGE.search, texts)) else DEMO
    code = task_code(source, package)
    if code is None:
        raise BadInput(f"{package} is not there, and no package.py that would build it. Pack the code first.")
    return code


def _said(source: Path, what: re.Pattern[str]) -> str:
    """Return what the configuration says of its one instance."""
    found: set[str] = {text for file in source.glob("*.tf") for text in what.findall(file.read_text())}
    if len(found) != 1:
        raise BadInput(
            f"{source} must say in one place what runs, as in: "
            'package_file = "${path.module}/build/worker.zip", handler = "tasks.handle"'
        )
    return found.pop()


@contextmanager
def _importable(code: TaskCode) -> Iterator[None]:
    """Let the code's own files be found first, so that breakpoints in them hold; then what its package brings along."""
    folders = [root for root in code.roots if root.is_dir()] or list(dict.fromkeys(root.parent for root in code.roots))
    with tempfile.TemporaryDirectory() as scratch:
        zipfile.ZipFile(BytesIO(code.current())).extractall(scratch)
        sys.path[:0] = [*map(str, folders), scratch, str(SOURCES)]
        yield


def _call(handler: str, payload: Any, view: View) -> bool:
    from task_runner.errors import InvalidResult, PermanentError, RetryLater
    from task_runner.progress import Progress
    from task_runner.testing import task_context
    from task_runner.worker.result import recordable
    from task_runner.worker.task_code import adapt, load

    logging.basicConfig(level=logging.INFO, format="%(levelname)-7s %(message)s")
    reports: list[Progress] = []
    try:
        result = load(handler)(payload, task_context(seconds=_SECONDS, reports=reports))
        recordable(result, "")
    except Exception as error:  # noqa: BLE001 - task code may raise anything
        below = _below(error.__traceback__, adapt.__code__.co_filename)
        view.say("".join(traceback.format_exception(type(error), error, below)).rstrip(), "red")
        if isinstance(error, (PermanentError, InvalidResult)):
            view.say("The task would fail for good.")
        else:
            view.say(f"The task would be tried again{' when it says' if isinstance(error, RetryLater) else ''}.")
        return False
    for report in reports:
        view.say(f"  {report.fraction:.0%} {report.message}".rstrip())
    show_json(result)
    return True


def _below(trace: TracebackType | None, caller: str) -> TracebackType | None:
    """Return the part of a traceback that is the task code's."""
    found = None
    while trace:
        if trace.tb_frame.f_code.co_filename == caller:
            found = trace.tb_next
        trace = trace.tb_next
    return found
