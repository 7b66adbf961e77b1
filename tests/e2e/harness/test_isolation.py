"""A package that is missing from a zip must fail the run: Lambda code finds nothing of the harness' own."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from harness.embedded import EmbeddedAws
from harness.target import Target

CODE = """
def handler(event, context):
    __import__(event["module"])
    return {"found": event["module"]}
"""


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".py", text)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def lambda_client() -> Iterator[Any]:
    with EmbeddedAws() as server:
        target = Target.embedded(server.endpoint, server.ca_bundle)
        role = target.client("iam").create_role(
            RoleName="runs-code",
            AssumeRolePolicyDocument=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "sts:AssumeRole",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                        }
                    ],
                }
            ),
        )["Role"]["Arn"]
        client = target.client("lambda")
        layer = client.publish_layer_version(LayerName="packaged", Content={"ZipFile": zipped(python__packaged="")})
        for name, layers in {"bare": [], "layered": [layer["LayerVersionArn"]]}.items():
            client.create_function(
                FunctionName=name,
                Runtime="python3.12",
                Handler="code.handler",
                Timeout=60,  # an import may take many times as long as it should
                Role=role,
                Layers=layers,
                Code={"ZipFile": zipped(code=CODE)},
            )
        yield client


def imported(client: Any, function: str, module: str) -> str:
    answer = client.invoke(FunctionName=function, Payload=json.dumps({"module": module}))
    return str(answer["Payload"].read().decode())


@pytest.mark.parametrize("module", ["aws_lambda_powertools", "task_runner", "requests", "ministack"])
def test_what_no_package_brings_is_not_found(lambda_client: Any, module: str) -> None:
    assert f"No module named '{module}'" in imported(lambda_client, "bare", module)


def test_what_the_real_runtime_carries_is_found(lambda_client: Any) -> None:
    assert json.loads(imported(lambda_client, "bare", "boto3")) == {"found": "boto3"}


def test_a_package_is_found_through_its_layer_only(lambda_client: Any) -> None:
    assert "No module named 'packaged'" in imported(lambda_client, "bare", "packaged")
    assert json.loads(imported(lambda_client, "layered", "packaged")) == {"found": "packaged"}
