"""Which path takes which methods, and what the others are told."""

from typing import Any

import pytest

from support.cloud import Api, Cloud
from task_runner.api.routes import OPTIONAL
from task_runner.config import Cors

ID = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
TAKEN = {"/task": "POST", f"/task/{ID}": "GET"}
WRONG = [(path, method) for path, taken in TAKEN.items() for method in METHODS if method != taken]


@pytest.mark.parametrize(("path", "method"), WRONG)
def test_wrong_method_is_405_and_the_right_ones_are_named(api: Api, path: str, method: str) -> None:
    answer = api.request(method, path, pathParameters={"taskId": ID})
    assert (answer.status, answer.body["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"] == TAKEN[path]
    assert answer.body["error"] == f"This path takes {TAKEN[path]} only."


@pytest.mark.parametrize(("path", "method"), [pair for pair in WRONG if pair[1] != "OPTIONS"])
def test_where_browsers_may_call_options_is_a_method_as_well(cloud: Cloud, path: str, method: str) -> None:
    answer = Api(cloud, Cors(("*",), (), 0)).request(method, path)
    assert (answer.status, answer.body["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert set(answer.headers["Allow"].split(", ")) == {TAKEN[path], "OPTIONS"}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "BREW"])
@pytest.mark.parametrize("path", ["/", "", "/tasks", "/TASK", "//task", "/task\n", "/task\n/", "/v1/task"])
def test_unknown_path_is_404_whatever_the_method(api: Api, path: str, method: str) -> None:
    answer = api.request(method, path)
    assert (answer.status, answer.body["code"]) == (404, "NOT_FOUND")
    assert answer.body["error"] == "Use POST /task or GET /task/{taskId}."
    assert "Allow" not in answer.headers


@pytest.mark.parametrize("path", ["/task/", "/task///", "/tasks-of-a-team/task"])
def test_what_the_gateway_matched_counts_and_not_what_was_sent(api: Api, path: str) -> None:
    """Slashes at the end, and the base path of a custom domain, stand in the path that API Gateway hands on."""
    assert api.request("POST", path, resource="/task").status == 200
    for method in ("GET", "PUT"):
        answer = api.request(method, path, resource="/task")
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("name", OPTIONAL)
@pytest.mark.parametrize("method", METHODS)
def test_optional_route_is_there_where_it_is_named_and_nowhere_else(cloud: Cloud, name: str, method: str) -> None:
    taken, path = OPTIONAL[name]
    asked: dict[str, Any] = {"path": path.replace("{taskId}", ID), "resource": path, "pathParameters": {"taskId": ID}}
    answer = Api(cloud).request(method, **asked)
    assert (answer.status, answer.body["code"]) == (404, "NOT_FOUND")
    answer = Api(cloud, routes=[name]).request(method, **asked)
    if method == taken:
        assert answer.body["code"] == "TASK_NOT_FOUND"
    else:
        assert (answer.status, answer.headers["Allow"]) == (405, taken)


@pytest.mark.parametrize("name", OPTIONAL)
def test_unknown_path_names_the_optional_routes_as_well(cloud: Cloud, name: str) -> None:
    answer = Api(cloud, routes=[name]).request("GET", "/elsewhere")
    assert answer.body["error"] == f"Use POST /task, GET /task/{{taskId}} or {' '.join(OPTIONAL[name])}."
