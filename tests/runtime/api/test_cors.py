"""Scripts in browsers: which origins may call, and what they get to see."""

import uuid

import pytest

from support.cloud import Api, Cloud
from task_runner.config import Cors

APP, ADMIN = "https://app.example.com", "http://localhost:8080"


@pytest.fixture
def api(cloud: Cloud) -> Api:
    return Api(cloud, Cors((APP, ADMIN), ("X-Trace",), 300))


@pytest.mark.parametrize("path", ["/task", "/task/3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"])
@pytest.mark.parametrize("origin", [APP, ADMIN])
def test_preflight_is_answered(api: Api, path: str, origin: str) -> None:
    answer = api.preflight(path, {"origin": origin})
    assert (answer.status, answer.body) == (204, None)
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,OPTIONS,POST"
    assert {"Idempotency-Key", "Content-Type", "Authorization", "X-Api-Key", "X-Trace"} <= set(
        answer.headers["Access-Control-Allow-Headers"].split(",")
    )
    assert answer.headers["Access-Control-Max-Age"] == "300"


def test_preflight_says_all_that_a_browser_asks(api: Api) -> None:
    assert api.preflight("/task", {"Origin": APP}).headers == {
        "Access-Control-Allow-Headers": (
            "Authorization,Content-Type,Idempotency-Key,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Trace"
        ),
        "Access-Control-Allow-Methods": "GET,OPTIONS,POST",
        "Access-Control-Allow-Origin": APP,
        "Access-Control-Expose-Headers": "Idempotency-Replayed,Location,Retry-After",
        "Access-Control-Max-Age": "300",
        "Cache-Control": "no-store",
        "Vary": "Origin",
    }


def test_answers_can_be_read(api: Api) -> None:
    answer = api.post("{}", {"Origin": APP})
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Access-Control-Expose-Headers"] == "Idempotency-Replayed,Location,Retry-After"
    assert api.get(answer.body["taskId"], {"Origin": APP}).headers["Access-Control-Allow-Origin"] == APP


def test_errors_can_be_read(api: Api) -> None:
    refused = [
        api.post("no json", {"Origin": APP}),
        api.get("no-uuid", {"Origin": APP}),
        api.get(str(uuid.uuid4()), {"Origin": APP}),
    ]
    assert [answer.status for answer in refused] == [400, 400, 404]
    assert {answer.headers.get("Access-Control-Allow-Origin") for answer in refused} == {APP}


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example.com"}, {}])
def test_other_origins_get_no_headers(api: Api, headers: dict[str, str]) -> None:
    answers = [api.post("{}", headers), api.preflight("/task", headers)]
    assert all("Access-Control-Allow-Origin" not in answer.headers for answer in answers)


def test_credentials_of_a_browser_are_never_asked_for(api: Api) -> None:
    assert "Access-Control-Allow-Credentials" not in api.preflight("/task", {"Origin": APP}).headers


def test_any_origin(cloud: Cloud) -> None:
    answer = Api(cloud, Cors(("*",), (), 0)).post("{}", {"Origin": APP})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Vary" not in answer.headers


def test_any_origin_has_to_name_itself(cloud: Cloud) -> None:
    assert "Access-Control-Allow-Origin" not in Api(cloud, Cors(("*",), (), 0)).post("{}").headers


@pytest.mark.parametrize("headers", [{"Origin": APP}, {}])
def test_no_cache_may_serve_one_origins_answer_to_another(api: Api, headers: dict[str, str]) -> None:
    assert api.post("{}", headers).headers["Vary"] == "Origin"
    assert api.get("no-uuid", headers).headers["Vary"] == "Origin"


def test_without_cors_there_is_no_preflight(cloud: Cloud) -> None:
    answer = Api(cloud).preflight("/task", {"Origin": APP})
    assert (answer.status, answer.body["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert "Access-Control-Allow-Origin" not in answer.headers
