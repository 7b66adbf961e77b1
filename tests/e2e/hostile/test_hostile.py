"""Hostile input: the answer to whatever is sent is described in docs/openapi.yaml, and tells nothing of the inside."""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from e2e import raw
from e2e.conftest import EXAMPLES, Live, live
from e2e.faults import denied
from harness.paths import ROOT
from task_runner_client import TERMINAL

API = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.yaml")
OPERATIONS = {"POST /task": API["/task"]["POST"], "GET /task/{taskId}": API["/task/{taskId}"]["GET"]}
CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
# The same requests in every run: what fails can be looked into, and nobody's change fails by luck.
SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MARK = "hush-7d1c"  # stands in payloads; no error may repeat it
INTERNALS = re.compile(
    r"(?i:arn:|traceback|dynamodb|sqs|lambda|boto|amazonaws|powertools|recursion|0x[0-9a-f]{6})"
    r"|\w(Error|Exception)\b|File \"|/var/|/opt/"
)
ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def basic(pytestconfig: pytest.Config) -> Iterator[Live]:
    with live(pytestconfig, EXAMPLES / "basic") as stack:
        yield stack


def inspect(stack: Live, status: int, headers: str, text: str) -> None:
    """No fault of ours, our own shape, nothing of the inside."""
    assert status < 500, text
    if status >= 400 and text:  # a server that does not even read the request may send nothing
        refusal = json.loads(text)
        assert refusal.keys() == {"error", "code"}
        assert not INTERNALS.search(text), text
        assert MARK not in text
    for name in ("table_name", "queue_url", "api_function_name", "worker_function_name"):
        assert stack.outputs[name] not in headers + text


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_as_described(basic: Live, name: str, mode: GenerationMode) -> None:
    counted = Counted(basic)

    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode))
    @SETTINGS
    def explore(case: Case[Any]) -> None:
        answer = counted.send(case)
        inspect(basic, answer.status_code, str(answer.headers), answer.text)

    explore()
    assert sum(counted.statuses.values()) > 50, counted.statuses


def test_outage_is_503_and_nothing_else(basic: Live) -> None:
    counted = Counted(basic)

    @given(case=OPERATIONS["POST /task"].as_strategy() | OPERATIONS["GET /task/{taskId}"].as_strategy())
    @settings(SETTINGS, max_examples=60)
    def explore(case: Case[Any]) -> None:
        answer = counted.send(case)
        if answer.status_code == 503:
            assert answer.json()["code"] == "UNAVAILABLE"
            assert not INTERNALS.search(answer.text)
        else:
            assert 400 <= answer.status_code < 500, answer.text

    with denied(basic, "dynamodb:*"):
        explore()
    assert counted.statuses[503] > 20, counted.statuses


class Counted:
    """Sends generated requests, checks them against the description, and counts the answers by status."""

    def __init__(self, stack: Live) -> None:
        self.statuses: dict[int, int] = {}
        self._base_url = stack.api.base_url
        self._session = requests.Session()
        self._session.trust_env = False

    def send(self, case: Case[Any]) -> schemathesis.Response:
        answer = case.call(base_url=self._base_url, session=self._session)
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        case.validate_response(answer, checks=CHECKS)
        return answer


def deep(levels: int, head: str = "[", tail: str = "]") -> bytes:
    return (head * levels + "1" + tail * levels).encode()


ACCEPTED = {
    "nested as deep as may be": deep(256),
    "objects as deep": deep(256, '{"a":', "}"),
    "a number of 4,000 digits": b"9" * 4000,
    "a number too small": b"1e-400",
    "a long fraction": b"0." + b"1" * 100_000,
    "262,144 bytes": b'"' + b"x" * 262_142 + b'"',
    "262,144 bytes of umlauts": b'"' + "ü".encode() * 131_071 + b'"',
    "262,144 bytes of escapes": b'"' + rb"\u0001" * 43_690 + b'"',
    "many empty objects": b"[" + b"{}," * 87_000 + b"{}]",
    "a name twice": b'{"a":1,"a":2}',
    "names of Python and JavaScript": b'{"__proto__":{"x":1},"__class__":"os","constructor":0}',
    "a zero character": rb'"\u0000"',
}
REFUSED = {
    "nested deeper": (deep(257), 400),
    "nested as deep as an interpreter": (deep(1490), 400),
    "nested very deep": (b"[" * 100_000, 400),
    "a number of 5,000 digits": (b"9" * 5000, 400),
    "a number of 200,000 digits": (b"9" * 200_000, 400),
    "a number too large": (b"-1e400", 400),
    "no number": (b"[NaN]", 400),
    "infinity": (b"-Infinity", 400),
    "UTF-16": ('{"a":1}'.encode("utf-16"), 400),
    "UTF-32": ("{}".encode("utf-32"), 400),
    "a byte order mark": (b"\xef\xbb\xbf{}", 400),
    "half a character": (rb'"\ud800"', 400),
    "spaces only": (b"   ", 400),
    "a raw zero": (b'"\x00"', 400),
    "what is compressed": (b"\x1f\x8b\x08\x00", 400),
    "a quoted secret": (b"{'token': '" + MARK.encode() + b"'}", 400),
    "262,145 bytes": (b'"' + b"x" * 262_143 + b'"', 413),
    "6 MB": (MARK.encode() * 650_000, 413),
}


def test_what_is_accepted_can_be_read_to_the_end(basic: Live) -> None:
    accepted = {name: basic.api.request("POST", "/task", body) for name, body in ACCEPTED.items()}
    assert {name: answer.status_code for name, answer in accepted.items()} == dict.fromkeys(ACCEPTED, 200)
    for name, answer in accepted.items():
        *_, view = basic.api.wait(answer.json()["taskId"])
        assert view["status"] in TERMINAL, name


def test_tasks_and_replays_are_as_described(basic: Live) -> None:
    def post(body: bytes) -> requests.Response:
        return basic.api.request("POST", "/task", body, {"Idempotency-Key": key})

    key = str(uuid.uuid4())
    first, again, other = post(b"[]"), post(b" []"), post(b"{}")
    task_id = first.json()["taskId"]
    *_, done = basic.api.wait(task_id)
    assert done["status"] == "completed"
    answers = [("POST /task", first), ("POST /task", again), ("POST /task", other), ("POST /task", post(b"[]"))]
    answers.append(("GET /task/{taskId}", basic.api.request("GET", f"/task/{task_id}")))
    assert [answer.status_code for _, answer in answers] == [200, 200, 422, 200, 200]
    for name, answer in answers:
        OPERATIONS[name].validate_response(answer)


@pytest.mark.parametrize("name", REFUSED)
def test_body_is_refused(basic: Live, name: str) -> None:
    body, status = REFUSED[name]
    answer = basic.api.request("POST", "/task", body)
    assert answer.status_code == status, answer.text
    inspect(basic, answer.status_code, str(answer.headers), answer.text)


@pytest.mark.parametrize(
    "header",
    [
        b"Idempotency-Key:",
        b"Idempotency-Key: " + b"k" * 256,
        b"Idempotency-Key: " + b"k" * 8000,
        b"Idempotency-Key: a b",
        b"Idempotency-Key: a\tb",
        b"Idempotency-Key: \xe9\xff",
        b"Idempotency-Key: a\x00b",
        b"Idempotency-Key: a\rX-Injected: 1",
        b"Idempotency-Key: a\r\n b",
        b"Idempotency-Key: a\r\nIdempotency-Key: b",
    ],
    ids=lambda header: repr(header[16:40]),
)
def test_key_is_refused(basic: Live, header: bytes) -> None:
    answer = raw.send(basic.api.base_url, "POST", b"/task", [header], b"{}")
    assert answer.status == 400
    inspect(basic, answer.status, answer.headers, answer.text)


@pytest.mark.parametrize(
    "header",
    [
        b"Idempotency-Key: a\nX-Injected: 1",
        b"X-Odd: a\r\nX-Injected: 1",
        b"Content-Type: application/xml",
        b"Content-Type: multipart/form-data; boundary=x",
        b"Content-Type: \xff",
        b"Content-Encoding: gzip",
        b"Accept: application/xml",
        b"Origin: http://evil.example",
        b"X-HTTP-Method-Override: DELETE",
        b"X-Forwarded-For: 127.0.0.1\r\nX-Amzn-Trace-Id: Root=1",
        b"Cookie: " + b"c" * 4000,
    ],
    ids=lambda header: repr(header[:40]),
)
def test_odd_header_changes_nothing(basic: Live, header: bytes) -> None:
    answer = raw.send(basic.api.base_url, "POST", b"/task", [header], b"{}")
    assert answer.status in (200, 400, 415)
    inspect(basic, answer.status, answer.headers, answer.text)
    assert "injected" not in answer.headers.lower()
    assert "evil" not in answer.headers


NO_IDS = [
    *(b"..", b"../task", b"../../etc/passwd", b"%2e%2e", b"%2e%2e%2f%2e%2e%2fetc%2fpasswd", b"..%5c", b"%252e%252e"),
    *(b"%00", b"%", b"%zz", b"%ff", b"\xff\xfe", b"%F0%9F%92%A9", b"%0d%0aX-Injected:%201", b"*", b"{taskId}", b"//"),
    *(b"${jndi:ldap://x}", b"<script>alert(1)</script>", b"'%20or%20'1'='1", b"a" * 7000, b"urn:uuid:" + ID.encode()),
    *(ID.encode() + end for end in (b"%00", b"%0a", b"%0d%0a", b"%20", b";x", b"/x", b"0", b"%D9%A0")),
]


@pytest.mark.parametrize("text", NO_IDS, ids=lambda text: repr(text[:40]))
def test_what_is_no_id_finds_nothing(basic: Live, text: bytes) -> None:
    answer = raw.send(basic.api.base_url, "GET", b"/task/" + text)
    assert answer.status in (400, 404)
    assert "TASK_NOT_FOUND" not in answer.text, "it was taken for an id"
    inspect(basic, answer.status, answer.headers, answer.text)
    assert "injected" not in answer.headers.lower()


def test_id_is_found_by_itself_only(basic: Live) -> None:
    task_id = basic.api.submit({"seconds": 0, "secret": MARK})["taskId"]
    for text in (task_id + "%0a", task_id + "%00", task_id[:-1], "%20" + task_id):
        answer = basic.api.request("GET", f"/task/{text}")
        assert answer.status_code in (400, 404)
        inspect(basic, answer.status_code, str(answer.headers), answer.text)
    assert basic.api.get(task_id.upper())["taskId"] == task_id


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/task", f"/task/{ID}", f"/task/{uuid.UUID(int=0)}/cancel", "/", "/TASK", "//task"])
def test_other_methods_and_paths_are_refused(basic: Live, method: str, path: str) -> None:
    answer = raw.send(basic.api.base_url, method, path.encode(), body=b"{}")
    assert 400 <= answer.status < 500
    inspect(basic, answer.status, answer.headers, answer.text)
