"""Lambda code on the embedded AWS is limited as on AWS."""

import io
import json
import signal
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.embedded import EmbeddedAws
from harness.target import Target

CODE = """
import os, pathlib, subprocess, sys, tempfile, time

if os.environ.get("AT_IMPORT") == "hang":
    time.sleep(600)

def handler(event, context):
    match event["do"]:
        case "take memory":
            return len(b"x" * (event["megabytes"] << 20))
        case "take memory in a child":
            code = f"x = b'x' * ({event['megabytes']} << 20); import time; time.sleep(60)"
            return subprocess.run([sys.executable, "-c", code]).returncode
        case "exit":
            os._exit(event["code"])
        case "write":
            pathlib.Path(sys.modules[event["beside"]].__file__).with_name("new.py").write_text("")
        case "fill a file":
            with tempfile.TemporaryFile() as file:
                file.truncate(event["megabytes"] << 20)
        case "tell":
            return {"pid": os.getpid(), "temporary": tempfile.gettempdir(), "code": os.environ["LAMBDA_TASK_ROOT"]}

if os.environ.get("LAYER"):
    import packaged
"""
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
Call = Callable[..., Any]


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".py", text)
    return content.getvalue()


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as server:
        yield server


@pytest.fixture(scope="module")
def client(server: EmbeddedAws) -> Any:
    target = Target.embedded(server.endpoint, server.ca_bundle)
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    role = target.client("iam").create_role(RoleName="runs-code", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    client = target.client("lambda")
    layer = client.publish_layer_version(LayerName="packaged", Content={"ZipFile": zipped(python__packaged="")})
    shared = {"Runtime": "python3.12", "Handler": "code.handler", "Role": role, "Code": {"ZipFile": zipped(code=CODE)}}
    more: dict[str, dict[str, Any]] = {
        "small": {"Timeout": 60, "MemorySize": 256},
        "layered": {
            "Timeout": 60,
            "Layers": [layer["LayerVersionArn"]],
            "Environment": {"Variables": {"LAYER": "packaged"}},
        },
        "hanging": {"Timeout": 2, "Environment": {"Variables": {"AT_IMPORT": "hang"}}},
    }
    for name, own in more.items():
        client.create_function(FunctionName=name, **shared, **own)
    return client


@pytest.fixture(scope="module")
def call(client: Any) -> Call:
    def call(function: str, do: str, **event: Any) -> Any:
        answer = client.invoke(FunctionName=function, Payload=json.dumps({"do": do, **event}))
        return json.loads(answer["Payload"].read())

    return call


def test_code_that_takes_more_memory_than_its_function_has_is_killed(call: Call, server: EmbeddedAws) -> None:
    before = call("small", "tell")
    said = call("small", "take memory", megabytes=1024)
    assert said["errorType"] == "Runtime.ExitError"
    assert said["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
    assert "WARNING [lambda] Lambda small: out of memory" in server.log.read_text()
    assert call("small", "tell")["pid"] != before["pid"]


def test_a_child_that_takes_the_memory_is_killed_alone(call: Call) -> None:
    before = call("small", "tell")
    assert call("small", "take memory in a child", megabytes=1024) == -signal.SIGKILL
    assert call("small", "tell")["pid"] == before["pid"]


def test_code_that_takes_less_is_let_alone(call: Call) -> None:
    assert call("small", "take memory", megabytes=100) == 100 << 20


def test_report_tells_the_memory_that_was_used(call: Call, server: EmbeddedAws) -> None:
    call("small", "take memory", megabytes=150)
    logs = Target.embedded(server.endpoint, server.ca_bundle).client("logs")
    events = logs.filter_log_events(logGroupName="/aws/lambda/small", filterPattern="REPORT")["events"]
    used = [int(event["message"].split("Max Memory Used: ")[1].split()[0]) for event in events]
    assert all("Memory Size: 256 MB" in event["message"] for event in events)
    assert max(used) >= 150


@pytest.mark.parametrize(("code", "told"), [(3, "with error: exit status 3"), (0, "without providing a reason")])
def test_code_that_ends_its_process_is_told_in_the_words_of_aws(call: Call, code: int, told: str) -> None:
    said = call("small", "exit", code=code)
    assert said["errorType"] == "Runtime.ExitError"
    assert said["errorMessage"].endswith(f"Error: Runtime exited {told}")


@pytest.mark.parametrize("module", ["code", "packaged"])
def test_code_and_layers_cannot_be_written(call: Call, module: str) -> None:
    assert "Permission denied" in call("layered", "write", beside=module)["errorMessage"]


def test_what_is_temporary_belongs_to_one_function(call: Call) -> None:
    small, layered = call("small", "tell"), call("layered", "tell")
    assert small["temporary"] != layered["temporary"]


def test_a_file_grows_to_the_size_of_the_temporary_folder_and_no_further(call: Call) -> None:
    assert call("small", "fill a file", megabytes=512) is None
    assert "File too large" in call("small", "fill a file", megabytes=513)["errorMessage"]


def test_an_import_that_hangs_is_cut_off_and_told(call: Call, server: EmbeddedAws) -> None:
    said = call("hanging", "tell")
    assert (said["errorType"], said["errorMessage"]) == ("Sandbox.Timedout", "Task timed out after 2.00 seconds")
    log = server.log.read_text()
    assert "Lambda hanging: INIT_REPORT Init Duration: 10000 ms Phase: init Status: timeout" in log
    assert "Lambda hanging: INIT_REPORT Init Duration: 2000 ms Phase: invoke Status: timeout" in log
