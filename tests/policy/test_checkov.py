"""checkov finds nothing in the module and its examples; every skip stands inline, with its reason."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from policy.scan import copy_sources, place, scan

API, WORKER = "aws_lambda_function.api[0]", "aws_lambda_function.worker[0]"
STAGE, METHODS = "aws_api_gateway_stage.this[0]", "aws_api_gateway_method_settings.this[0]"
# What no input of the module satisfies; docs/security.md has the reasons.
BEYOND_INPUTS = {
    "tracing of the functions": {("CKV_AWS_50", API), ("CKV_AWS_50", WORKER)},
    "tracing of the stage": {("CKV_AWS_73", STAGE)},
    "reserved concurrency of the API function": {("CKV_AWS_115", API)},
    "dead-letter queue of a function": {("CKV_AWS_116", API), ("CKV_AWS_116", WORKER)},
    "VPC of the API function": {("CKV_AWS_117", API)},
    "cache of the stage": {("CKV_AWS_120", STAGE)},
    "cache of the methods": {("CKV_AWS_225", METHODS)},
    "code signing": {("CKV_AWS_272", API), ("CKV_AWS_272", WORKER)},
}
GIVEN = """
kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0a1b"
web_acl_arn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/wall/0a1b"
worker_vpc  = { subnet_ids = ["subnet-0a"], security_group_ids = ["sg-0a"] }
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    copy_sources(folder)
    return folder


@pytest.fixture(scope="module")
def report(sources: Path) -> dict[str, Any]:
    return scan(sources)


def test_nothing_fails(report: dict[str, Any]) -> None:
    failed = [
        f"{check['check_id']} {check['resource']}: {check['check_name']}"
        for check in report["results"]["failed_checks"]
    ]
    assert failed == []
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["resource_count"] > 20


def test_module_and_every_example_are_scanned(report: dict[str, Any]) -> None:
    found = {place(check) for kind in ("passed", "skipped") for check in report["results"][f"{kind}_checks"]}
    assert found >= {".", "examples/basic", "examples/complete", "examples/custom-worker"}


def test_every_skip_has_a_reason(sources: Path) -> None:
    skips = [line for path in sources.rglob("*.tf") for line in path.read_text().splitlines() if "checkov:skip" in line]
    bare = [line.strip() for line in skips if not re.search(r"checkov:skip=CKV2?_AWS_\d+:\S.{20,}", line)]
    assert bare == []


def test_complete_example_needs_no_skip_that_an_input_satisfies(tmp_path: Path) -> None:
    copy_sources(tmp_path)
    for example in {path.parent for path in tmp_path.glob("examples/*/*.tf")} - {tmp_path / "examples" / "complete"}:
        shutil.rmtree(example)  # checkov names one of a module's users only
    for path in tmp_path.rglob("*.tf"):
        path.write_text(re.sub(r"(?m)^ *# checkov:skip.*$", "", path.read_text()))
    (tmp_path / "examples" / "complete" / "terraform.tfvars").write_text(GIVEN)
    failed = [check for check in scan(tmp_path)["results"]["failed_checks"] if place(check) == "examples/complete"]
    found = {(check["check_id"], check["resource"].removeprefix("module.task_runner.")) for check in failed}
    assert found == set().union(*BEYOND_INPUTS.values())


def test_an_unencrypted_queue_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_sqs_queue" "bare" {\n  name = "bare"\n  sqs_managed_sse_enabled = false\n}\n'
    )
    assert [check["check_id"] for check in scan(tmp_path)["results"]["failed_checks"]] == ["CKV_AWS_27"]
