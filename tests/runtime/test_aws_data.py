"""What is cut from botocore's data changes nothing that our clients do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader
from botocore.session import Session

import aws_data
from task_runner.clients import _OurData

WHOLE = Path(botocore.__file__).parent / "data"
PARTITIONS = {of["partition"]: of for of in json.loads((WHOLE / "endpoints.json").read_text())["partitions"]}
VARIANTS = [
    Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual) for fips in (False, True) for dual in (False, True)
]
ONCE = Config(retries={"total_max_attempts": 1})
QUEUE_URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/tasks"
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "dynamodb": ("put_item", {"TableName": "tasks", "Item": {"taskId": {"S": "t"}}}),
    "sqs": ("send_message", {"QueueUrl": QUEUE_URL, "MessageBody": "{}"}),
}


class Body:
    """An answer's body, as urllib3 gives it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def stream(self) -> Iterator[bytes]:
        yield self._text.encode()


class Requests(list[AWSRequest]):
    """What a client sends; each request is answered in the same way."""

    def __init__(self, status: int = 200, text: str = "{}", **headers: str) -> None:
        super().__init__()
        self._answer: Any = (status, headers, Body(text))

    def __call__(self, request: AWSRequest, **_: Any) -> AWSResponse:
        self.append(request)
        return AWSResponse(str(request.url), *self._answer)


def session(loader: Loader) -> Session:
    made = Session()
    made.register_component("data_loader", loader)
    return made


def call(of: Session, service: str, sent: Requests, **options: Any) -> None:
    client: Any = of.create_client(service, **options)
    client.meta.events.register("before-send", sent)
    operation, parameters = CALLS[service]
    getattr(client, operation)(**parameters)


def destination(of: Session, service: str, **options: Any) -> str:
    """Tell where a request goes, and for which region and service it is signed; or why none can be sent."""
    sent = Requests()
    try:
        call(of, service, sent, **options)
    except BotoCoreError as error:
        return repr(error)
    signed_for = re.search(r"Credential=test/[0-9]+/([^,]+),", str(sent[0].headers["Authorization"]))
    assert signed_for
    return f"{sent[0].url} {signed_for[1]}"


def regions(partition: dict[str, Any]) -> list[str]:
    """Every name that the data knows, one of a region to come, and one that belongs nowhere."""
    of_services = (partition["services"].get(service, {}).get("endpoints", {}) for service in CALLS)
    known = sorted(set(partition["regions"]).union(*of_services))
    return [*known, re.sub("[0-9]+$", "99", next(iter(partition["regions"]))), "nowhere-1"]


@pytest.mark.parametrize("service", CALLS)
@pytest.mark.parametrize("partition", PARTITIONS)
def test_requests_go_where_all_of_botocores_data_sends_them(partition: str, service: str) -> None:
    whole, ours = session(Loader()), session(_OurData())
    for region in regions(PARTITIONS[partition]):
        for settings in VARIANTS:
            expected = destination(whole, service, region_name=region, config=settings)
            assert destination(ours, service, region_name=region, config=settings) == expected


@pytest.mark.parametrize(
    ("variable", "value", "changed"),
    [
        ("AWS_USE_FIPS_ENDPOINT", "true", ["dynamodb", "sqs"]),
        ("AWS_USE_DUALSTACK_ENDPOINT", "true", ["dynamodb", "sqs"]),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566", ["dynamodb", "sqs"]),
        ("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:4566", ["sqs"]),
        ("AWS_ENABLE_ENDPOINT_DISCOVERY", "true", []),
    ],
)
def test_settings_of_the_environment_count_as_they_do(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, changed: list[str]
) -> None:
    default = {service: destination(session(Loader()), service, region_name="eu-west-1") for service in CALLS}
    monkeypatch.setenv(variable, value)
    whole = {service: destination(session(Loader()), service, region_name="eu-west-1") for service in CALLS}
    ours = {service: destination(session(_OurData()), service, region_name="eu-west-1") for service in CALLS}
    assert ours == whole
    assert [service for service in CALLS if whole[service] != default[service]] == changed


@pytest.mark.parametrize(
    ("service", "kind", "headers"),
    [
        ("dynamodb", "ConditionalCheckFailedException", {}),
        ("dynamodb", "ProvisionedThroughputExceededException", {}),
        ("dynamodb", "ResourceNotFoundException", {}),
        ("dynamodb", "SomethingNew", {}),
        ("sqs", "QueueDoesNotExist", {"x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"}),
        ("sqs", "RequestThrottled", {}),
    ],
)
def test_errors_read_as_they_do_with_all_of_botocores_data(service: str, kind: str, headers: dict[str, str]) -> None:
    text = json.dumps({"__type": f"com.amazonaws#{kind}", "message": "no", "Item": {"taskId": {"S": "t"}}})
    errors = []
    for loader in (Loader(), _OurData()):
        with pytest.raises(ClientError) as caught:
            call(session(loader), service, Requests(400, text, **headers), region_name="eu-central-1", config=ONCE)
        errors.append((type(caught.value).__name__, caught.value.response, str(caught.value)))
    assert errors[0] == errors[1]
    assert ("Item" in errors[1][1]) == (kind == "ConditionalCheckFailedException")


def test_clients_of_task_code_have_every_operation() -> None:
    call(session(_OurData()), "dynamodb", Requests(), region_name="eu-central-1")
    assert boto3.client("dynamodb", region_name="eu-central-1").can_paginate("list_tables")
    assert boto3.client("sts", region_name="eu-central-1").meta.service_model.operation_names


def read(folder: Path, version: str) -> dict[str, Any]:
    """Read a model, without the prose that ours do not have."""
    whole = Loader([str(folder)], include_default_search_paths=False).load_data(f"{version}/service-2")
    told: dict[str, Any] = json.loads(json.dumps(whole), object_hook=without_prose)
    return told


def without_prose(of: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in of.items() if key != "documentation" or not isinstance(value, str)}


@pytest.mark.parametrize("version", aws_data.OPERATIONS)
def test_models_are_a_part_of_botocores_own(version: str) -> None:
    ours, whole = read(aws_data.TARGET, version), read(WHOLE, version)
    assert ours["metadata"] == whole["metadata"]
    assert tuple(ours["operations"]) == aws_data.OPERATIONS[version]
    for part in ("operations", "shapes"):
        for name, told in ours[part].items():
            assert told == whole[part][name], name


def test_data_is_what_the_pinned_botocore_gives(tmp_path: Path) -> None:
    aws_data.write(tmp_path)
    made, kept = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path, aws_data.TARGET)
    )
    assert made == kept, "botocore has changed: run `make package` and commit the result"


def test_data_holds_the_operations_that_are_called_and_no_other() -> None:
    sources = "".join(path.read_text() for path in sorted(aws_data.TARGET.parent.rglob("*.py")))
    called = {name.title().replace("_", "") for name in re.findall(r'\._call\(\s*"(\w+)"', sources)}
    kept = {name for operations in aws_data.OPERATIONS.values() for name in operations}
    assert kept == called | {"DescribeEndpoints"}
