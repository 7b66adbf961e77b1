"""Puts changed task code on a worker function that runs: its code alone, without Terraform and its waits."""

import base64
import hashlib
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from harness.errors import HarnessError
from harness.runtime import runtime_python
from harness.target import Outputs, Target
from harness.waiting import poll, wait_until

_UPDATE_SECONDS = 60.0
_END_SECONDS = 2.0
# Run by the Lambda code's own Python, whose syntax counts; compiles without leaving bytecode behind.
_COMPILE = """
import sys
for name in sys.argv[1:]:
    try:
        compile(open(name, "rb").read(), name, "exec")
    except (SyntaxError, ValueError) as error:
        line, fault = getattr(error, "lineno", None) or 1, getattr(error, "msg", error)
        sys.exit(f"{name}:{line}: {type(error).__name__}: {fault}")
"""


class DoesNotCompile(HarnessError):
    """A file is no Python; the message names it, the line and the fault."""


def redeploy(target: Target, outputs: Outputs, package: bytes) -> bool:
    """Give a package to the worker function of an instance; return whether it was another than the one that it has.

    For an embedded AWS: a package of more than 50 MB has to come from S3 elsewhere.

    Raises:
        HarnessError: the function did not take it.
    """
    client, function = target.client("lambda"), outputs["worker_function_name"]
    digest = base64.b64encode(hashlib.sha256(package).digest()).decode()
    if client.get_function_configuration(FunctionName=function)["CodeSha256"] == digest:
        return False
    with deliveries_paused(target, outputs):
        update_code(target, outputs, package)
    return True


def check_syntax(files: Iterable[Path]) -> None:
    """Compile the Python files among those that are there.

    Raises:
        DoesNotCompile: one does not; the message is its place and fault.
    """
    names = [str(path) for path in files if path.suffix == ".py" and path.is_file()]
    if not names:
        return
    command = [str(runtime_python()), "-I", "-c", _COMPILE, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DoesNotCompile(done.stderr.strip())


@contextmanager
def deliveries_paused(target: Target, outputs: Outputs) -> Iterator[None]:
    """Stop the queue's deliveries for the time of the block, and give those under way two seconds to end.

    To stop takes nothing on an embedded AWS, and some seconds in an account.

    Where AWS lets an invocation finish on the old code, the embedded one kills it, or the interpreter that starts for
    it; its messages would come back after the visibility timeout, some minutes later.
    """
    client, mapping = target.client("lambda"), outputs["event_source_mapping_uuid"]
    client.update_event_source_mapping(UUID=mapping, Enabled=False)
    try:
        state = partial(_state, target, mapping)
        wait_until("deliveries stop", state, lambda state: state == "Disabled", seconds=_UPDATE_SECONDS)
        poll(lambda: _in_flight(target, outputs["queue_url"]), lambda count: count == 0, seconds=_END_SECONDS)
        yield
    finally:
        client.update_event_source_mapping(UUID=mapping, Enabled=True)


def _state(target: Target, mapping: str) -> str:
    return str(target.client("lambda").get_event_source_mapping(UUID=mapping)["State"])


def _in_flight(target: Target, queue_url: str) -> int:
    """Count messages that were received: their tasks run, or wait for their next try."""
    name = "ApproximateNumberOfMessagesNotVisible"
    answer = target.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])
    return int(answer["Attributes"][name])


def update_code(target: Target, outputs: Outputs, package: bytes) -> None:
    """Give the worker function another package, wait until it has taken it, and have its alias, if any, call it.

    Raises:
        HarnessError: it failed, or has not finished after a minute.
    """
    client, function = target.client("lambda"), outputs["worker_function_name"]
    client.update_function_code(FunctionName=function, ZipFile=package)

    def update() -> tuple[str, str | None]:  # and not all of the configuration: it holds the environment
        state = client.get_function_configuration(FunctionName=function)
        return state["LastUpdateStatus"], state.get("LastUpdateStatusReason")

    status, reason = wait_until(
        f"{function} takes the new code", update, lambda seen: seen[0] != "InProgress", seconds=_UPDATE_SECONDS
    )
    if status != "Successful":
        raise HarnessError(f"{function} has not taken the new code: {reason}")
    _move_alias(client, function, client.get_event_source_mapping(UUID=outputs["event_source_mapping_uuid"]))


def _move_alias(client: Any, function: str, mapping: Mapping[str, Any]) -> None:
    """Publish the code and lead the alias to it that the mapping runs; nothing where the mapping runs the function."""
    # arn:<partition>:lambda:<region>:<account>:function:<name>[:<version or alias>]
    qualifier = mapping["FunctionArn"].split(":")[7:]
    if qualifier and qualifier != ["$LATEST"]:
        version = client.publish_version(FunctionName=function)["Version"]
        client.update_alias(FunctionName=function, Name=qualifier[0], FunctionVersion=version)
