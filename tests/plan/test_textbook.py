"""What the benchmarks compare the module with has the module's own settings, where both have them."""

from typing import Any

import pytest

from harness.paths import SOURCES
from plan.planner import Planner

ZIP = str(SOURCES / "dist" / "demo.zip")
INPUTS = {"name": "bench", "region": "us-east-1"}


@pytest.fixture
def sides(plan: Planner) -> list[dict[str, Any]]:
    textbook = {**INPUTS, "api_package_file": ZIP, "worker_package_file": ZIP}
    planned = [plan("benchmarks/ours", {**INPUTS, "package_file": ZIP}), plan("benchmarks/textbook", textbook)]
    return [each.values for each in planned]


def of_type(values: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [after for address, after in values.items() if address.startswith(f"{kind}.")]


def test_functions_are_the_same_but_for_their_code(sides: list[dict[str, Any]]) -> None:
    told = [
        sorted(
            (function["timeout"], function["memory_size"], function["runtime"], function["architectures"])
            for function in of_type(values, "aws_lambda_function")
        )
        for values in sides
    ]
    assert told[0] == told[1]
    assert len(told[0]) == 2


def test_tasks_are_taken_in_the_same_way(sides: list[dict[str, Any]]) -> None:
    kept = ("batch_size", "maximum_batching_window_in_seconds", "function_response_types", "scaling_config")
    ours, textbook = (of_type(values, "aws_lambda_event_source_mapping")[0] for values in sides)
    assert {name: ours.get(name) or None for name in kept} == {name: textbook.get(name) or None for name in kept}
    queues = [{queue["visibility_timeout_seconds"] for queue in of_type(values, "aws_sqs_queue")} for values in sides]
    assert queues[0] == queues[1]


def test_methods_are_open_on_both(sides: list[dict[str, Any]]) -> None:
    found = [
        {(one["http_method"], one["authorization"]) for one in of_type(values, "aws_api_gateway_method")}
        for values in sides
    ]
    assert found[1] == {("POST", "NONE"), ("GET", "NONE")} <= found[0]
