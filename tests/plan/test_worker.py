"""The caller's own work: where its code comes from, what it runs in, and what it may do."""

import base64
import hashlib
import json
from typing import Any

import pytest

from harness.paths import ROOT
from plan.known import ACCOUNT, KNOWN
from plan.planner import Plan, Planner
from plan.refused import KEY, LAYER, POLICY, VPC, statements

FUNCTION = "aws_lambda_function.worker[0]"
MAPPING = "aws_lambda_event_source_mapping.this[0]"
ROLE = "arn:aws:iam::123456789012:role/mine"
DIST = "./lambda_src/dist"
S3 = {"bucket": "code", "key": "tasks.zip", "version": "3sL4kqtJlcpXroDTDmJ"}
BASE = ["UpdateRecords", "TakeWakeUps", "WriteLogs"]
OUR_LAYERS = {
    "aws_lambda_layer_version.task_runner": (
        "demo-task-runner",
        "The task_runner package: both handlers, and what task code imports",
    ),
}
MAKE = {
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
}
SEE = {"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"}


def sha256(file: str) -> str:
    return base64.b64encode(hashlib.sha256((ROOT / file).read_bytes()).digest()).decode()


def layer(address: str, name: str, description: str) -> dict[str, str]:
    file = f"{DIST}/{address.rsplit('.', 1)[-1]}.zip"
    arn = f"arn:aws:lambda:{ACCOUNT}:layer:{name}"
    return {
        "id": f"{arn}:1",
        "arn": f"{arn}:1",
        "layer_arn": arn,
        "layer_name": name,
        "description": description,
        "filename": file,
        "source_code_hash": sha256(file),
        "version": "1",
    }


def granted(document: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(document)["Statement"]
    return found


def environment(plan: Plan) -> dict[str, str]:
    variables: dict[str, str] = plan.values[FUNCTION]["environment"][0]["variables"]
    return variables


@pytest.fixture(scope="module")
def default(plan: Planner) -> Plan:
    return plan(inputs={"name": "demo"}, known=KNOWN)


@pytest.fixture(scope="module")
def own(plan: Planner) -> Plan:
    worker = {
        "package_s3": S3,
        "handler": "my_tasks.handle",
        "environment": {"GREETING": "hello", "AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrap"},
        "layers": [LAYER, f"{LAYER}0"],
        "architecture": "x86_64",
        "ephemeral_storage": 2048,
        "reserved_concurrency": 30,
        "vpc": VPC,
        "policy_statements": [
            *statements(sid="ReadDocuments", conditions={"Bool": {"aws:SecureTransport": ["true"]}}),
            *statements(effect="Deny", actions=["s3:*"], resources=["arn:aws:s3:::documents/secret/*"]),
        ],
        "policy_arns": {"read": POLICY, "aws": "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"},
    }
    layers = {address: layer(address, *names) for address, names in OUR_LAYERS.items()}
    return plan(inputs={"name": "demo", "worker": worker}, known={**KNOWN, **layers})


@pytest.fixture(scope="module")
def brought(plan: Planner) -> Plan:
    worker = {"vpc": VPC, "policy_statements": statements(sid="ReadDocuments")}
    return plan(inputs={"name": "demo", "worker": worker, "roles": {"worker_arn": ROLE}}, known=KNOWN)


def test_demo_task_runs_where_there_is_no_package(default: Plan) -> None:
    function = default.values[FUNCTION]
    assert (function["filename"], function["s3_bucket"]) == (f"{DIST}/demo.zip", None)
    assert environment(default)["TASK_RUNNER_HANDLER"] == "tasks.handle"


def test_worker_is_told_to_log_the_text_of_errors_only_where_an_input_says_so(plan: Planner, default: Plan) -> None:
    asked = plan(inputs={"name": "demo", "logs": {"error_text": True}}, known=KNOWN)
    assert environment(asked) == {**environment(default), "TASK_RUNNER_LOG_ERROR_TEXT": "true"}
    assert "TASK_RUNNER_LOG_ERROR_TEXT" not in environment(default)


def test_changed_package_file_is_deployed(plan: Planner) -> None:
    file = "lambda_src/dist/task_runner.zip"  # any zip that is not the demo's
    function = plan(inputs={"name": "demo", "worker": {"package_file": file, "handler": "a.b"}}).values[FUNCTION]
    assert (function["filename"], function["source_code_hash"]) == (file, sha256(file))


def test_version_of_a_package_in_s3_is_deployed(own: Plan) -> None:
    function = own.values[FUNCTION]
    assert {
        key: function[f"s3_{name}"] for key, name in zip(S3, ("bucket", "key", "object_version"), strict=True)
    } == S3
    assert function["filename"] is None
    assert environment(own)["TASK_RUNNER_HANDLER"] == "my_tasks.handle"


def test_environment_of_the_caller_stands_beside_the_modules(default: Plan, own: Plan) -> None:
    added = {name: value for name, value in environment(own).items() if name not in environment(default)}
    assert added == {"GREETING": "hello", "AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrap"}
    assert environment(default).keys() < environment(own).keys()


def test_layers_of_the_caller_lie_over_the_modules(own: Plan) -> None:
    ours = [f"arn:aws:lambda:{ACCOUNT}:layer:{name}:1" for name, _ in OUR_LAYERS.values()]
    assert own.values[FUNCTION]["layers"] == [*ours, LAYER, f"{LAYER}0"]
    assert own.values["aws_lambda_function.api[0]"]["layers"] == ours


def test_architecture_of_the_worker_is_its_own(default: Plan, own: Plan) -> None:
    functions = (FUNCTION, "aws_lambda_function.api[0]")
    assert [own.values[function]["architectures"] for function in functions] == [["x86_64"], ["arm64"]]
    assert [default.values[function]["architectures"] for function in functions] == [["arm64"], ["arm64"]]


def test_ephemeral_storage(default: Plan, own: Plan) -> None:
    assert own.values[FUNCTION]["ephemeral_storage"] == [{"size": 2048}]
    assert default.values[FUNCTION]["ephemeral_storage"] == [{"size": 512}]


def test_nothing_is_reserved_by_default(default: Plan) -> None:
    assert default.values[FUNCTION]["reserved_concurrent_executions"] == -1
    assert default.values[MAPPING]["scaling_config"] == []


@pytest.mark.parametrize(
    ("worker", "maximum"),
    [
        ({"reserved_concurrency": 30}, 30),
        ({"reserved_concurrency": 30, "maximum_concurrency": 20}, 20),
        ({"reserved_concurrency": 1500}, 1000),
    ],
    ids=["as reserved", "as asked", "as many as Lambda takes"],
)
def test_no_more_batches_are_taken_than_can_run(plan: Planner, worker: dict[str, int], maximum: int) -> None:
    planned = plan(inputs={"name": "demo", "worker": worker})
    assert planned.values[FUNCTION]["reserved_concurrent_executions"] == worker["reserved_concurrency"]
    assert planned.values[MAPPING]["scaling_config"] == [{"maximum_concurrency": maximum}]


def test_vpc(default: Plan, own: Plan) -> None:
    (vpc,) = own.values[FUNCTION]["vpc_config"]
    assert {key: vpc[key] for key in VPC} == VPC
    assert own.values["aws_lambda_function.api[0]"]["vpc_config"] == []
    assert default.values[FUNCTION]["vpc_config"] == []


@pytest.mark.parametrize("attribute", VPC)
def test_neither_subnets_nor_security_groups_alone(plan: Planner, attribute: str) -> None:
    alone = {key: value for key, value in VPC.items() if key != attribute}
    assert f'attribute \\"{attribute}\\" is required' in plan.errors({"name": "demo", "worker": {"vpc": alone}})


def test_network_interfaces_are_granted_to_lambda_and_not_to_task_code(own: Plan) -> None:
    see, manage, deny = granted(own.known_outputs["worker_policy_json"])[3:6]
    assert (see["Effect"], set(see["Action"]), see["Resource"]) == ("Allow", SEE, "*")
    assert (manage["Effect"], set(manage["Action"]), manage["Resource"]) == (
        "Allow",
        MAKE,
        "arn:aws:ec2:us-east-1:*:*/*",
    )
    assert (deny["Effect"], set(deny["Action"]), deny["Resource"]) == ("Deny", MAKE | SEE, "*")
    assert deny["Condition"] == {
        "ArnEquals": {"lambda:SourceFunctionArn": f"arn:aws:lambda:{ACCOUNT}:function:demo-worker"}
    }


def test_base_grants_alone_by_default(default: Plan) -> None:
    assert [one["Sid"] for one in granted(default.known_outputs["worker_policy_json"])] == BASE
    assert default.types["aws_iam_role_policy_attachment"] == 0


def test_statements_come_after_the_modules(own: Plan) -> None:
    assert granted(own.known_outputs["worker_policy_json"])[6:] == [
        {
            "Sid": "ReadDocuments",
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": ["arn:aws:s3:::documents/*"],
            "Condition": {"Bool": {"aws:SecureTransport": ["true"]}},
        },
        {"Effect": "Deny", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::documents/secret/*"]},
    ]


def test_role_has_what_the_output_says(own: Plan) -> None:
    policy = own.values["aws_iam_role_policy.worker[0]"]["policy"]
    assert granted(policy) == granted(own.known_outputs["worker_policy_json"])


def test_statements_of_the_caller_are_not_the_api_functions(default: Plan, own: Plan) -> None:
    assert own.known_outputs["api_policy_json"] == default.known_outputs["api_policy_json"]


def test_policies_are_attached(own: Plan) -> None:
    attached = {name: values["policy_arn"] for name, values in own.values.items() if "policy_attachment" in name}
    assert attached == {
        'aws_iam_role_policy_attachment.worker["read"]': POLICY,
        'aws_iam_role_policy_attachment.worker["aws"]': "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess",
    }


def test_brought_role_is_told_what_vpc_and_task_code_need(brought: Plan) -> None:
    sids = [one["Sid"] for one in granted(brought.known_outputs["worker_policy_json"])]
    assert sids == [
        *BASE,
        "SeeNetworkInterfaces",
        "ManageNetworkInterfaces",
        "LeaveNetworkInterfacesToLambda",
        "ReadDocuments",
    ]
    assert [address for address in brought.values if address.startswith("aws_iam")] == [
        "aws_iam_role.api[0]",
        "aws_iam_role_policy.api[0]",
    ]


def test_no_sid_of_the_module_can_be_taken(plan: Planner) -> None:
    planned = plan(inputs={"name": "demo", "kms_key_arn": KEY, "worker": {"vpc": VPC}}, known=KNOWN)
    ours = [one["Sid"] for one in granted(planned.known_outputs["worker_policy_json"])]
    assert len(ours) == 7
    refusal = plan.errors({"name": "demo", "worker": {"policy_statements": statements(sid="WriteLogs")}})
    assert [sid for sid in ours if sid not in refusal] == []


def test_what_it_needs_may_be_made_along_with_the_module(plan: Planner) -> None:
    planned = plan("tests/plan/new_work")
    assert planned.types["aws_iam_role_policy_attachment"] == 1
    assert planned.values[FUNCTION]["vpc_config"] != []
