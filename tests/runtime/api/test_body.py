"""The body of a POST: JSON in UTF-8, whole and of bounded size, whichever way it comes."""

import base64
import json
import re
from typing import Any

import pytest

from runtime.api.aws import woken
from support.cloud import Api, Cloud
from task_runner.api.body import LARGEST_BODY


@pytest.mark.parametrize("body", ["{", "NaN", "\ud800", "[" * 50_000])
def test_body_that_is_not_json_is_400(cloud: Cloud, api: Api, body: str) -> None:
    answer = api.post(body)
    assert (answer.status, answer.body["code"]) == (400, "INVALID_JSON")
    assert woken(cloud) == []


def test_base64_body_is_decoded_and_must_be_utf8(cloud: Cloud, api: Api) -> None:
    good = api.post(base64.b64encode('"ü"'.encode()).decode(), isBase64Encoded=True)
    assert cloud.task(good.body["taskId"]).payload == '"ü"'
    assert api.post(base64.b64encode(b'"\xff"').decode(), isBase64Encoded=True).status == 400


def text(body: str) -> dict[str, Any]:
    """A body as API Gateway hands it over unless it is told that it may be binary."""
    return {"body": body}


def encoded(content: bytes) -> dict[str, Any]:
    return {"body": base64.b64encode(content).decode(), "isBase64Encoded": True}


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (encoded(b'"\xff"'), "invalid UTF-8 at byte offset 1"),
        (encoded('"ü'.encode() + b"\xc3"), "invalid UTF-8 at byte offset 3"),
        (encoded(b'"\xed\xa0\x80"'), "invalid UTF-8 at byte offset 1"),  # a surrogate, as no UTF-8 has it
        (encoded(b'"\xc0\x80"'), "invalid UTF-8 at byte offset 1"),  # zero, longer than need be
        (encoded("{}".encode("utf-16")), "invalid UTF-8 at byte offset 0"),
        (text('"\ud800"'), "half of a surrogate pair at line 1, column 2"),
        (text('["a",\n"\udcff"]'), "half of a surrogate pair at line 2, column 2"),
        (text('["a",\n"\ufffd"]'), r"invalid UTF-8 (or U+FFFD, to be written as \ufffd) at line 2, column 2"),
        (text('{"\ufffd": 1}'), r"invalid UTF-8 (or U+FFFD, to be written as \ufffd) at line 1, column 3"),
        (text(r'"\ud800"'), "half of a surrogate pair at line 1, column 2"),
        (text(r'{"\udc00": 1}'), "half of a surrogate pair at line 1, column 3"),
        (encoded(rb'"\udfff"'), "half of a surrogate pair at line 1, column 2"),
    ],
    ids=lambda value: ascii(value)[:50],
)
def test_what_is_not_utf8_is_refused_on_every_way_in(cloud: Cloud, api: Api, event: dict[str, Any], told: str) -> None:
    answer = api.post(**event)
    assert (answer.status, answer.body) == (400, {"error": f"The body is not JSON: {told}.", "code": "INVALID_JSON"})
    assert woken(cloud) == []


@pytest.mark.parametrize(
    "event",
    [encoded('"\ufffd\U0001f600"'.encode()), text(r'"\ufffd\ud83d\ude00"'), encoded(rb'"\ufffd\ud83d\ude00"')],
    ids=["bytes", "escapes", "escapes in bytes"],
)
def test_character_that_stands_for_others_is_taken_where_it_is_meant(
    cloud: Cloud, api: Api, event: dict[str, Any]
) -> None:
    assert json.loads(cloud.task(api.post(**event).body["taskId"]).payload) == "\ufffd\U0001f600"


@pytest.mark.parametrize("body", ["!!!!", "e30", "e30=\n", "e3 0=", "e30=e30=", "é", "\ud800"], ids=ascii)
def test_what_is_not_base64_is_refused(cloud: Cloud, api: Api, body: str) -> None:
    """Python's decoder passes over what it does not know unless it is told not to: that would be another payload."""
    answer = api.post(body, isBase64Encoded=True)
    assert answer.status == 400
    assert answer.body == {"error": "The body is not JSON: invalid base64.", "code": "INVALID_JSON"}
    assert woken(cloud) == []


def test_empty_base64_counts_as_an_empty_object(cloud: Cloud, api: Api) -> None:
    assert cloud.task(api.post("", isBase64Encoded=True).body["taskId"]).payload == "{}"


@pytest.mark.parametrize("body", [" ", "\n\n", "hush", "{'hush': 1}", '"hush', '"hush\n"', "[NaN]", "[1e999]"])
def test_answer_says_where_and_nothing_of_the_body(api: Api, body: str) -> None:
    answer = api.post(body)
    assert (answer.status, answer.body["code"]) == (400, "INVALID_JSON")
    assert re.fullmatch(r"The body is not JSON: [a-z ,-]+ at line \d+, column \d+\.", answer.body["error"])
    assert "hush" not in answer.body["error"]


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_body_is_limited_in_bytes(api: Api, extra: int, status: int) -> None:
    umlauts = "ü" * ((LARGEST_BODY - 2) // 2)
    assert api.post(f'"{umlauts}{"x" * extra}"').status == status


def test_size_is_checked_before_the_form(api: Api) -> None:
    large = "x" * (LARGEST_BODY + 1)
    answer = api.post(large)
    sentence = f"The body may hold {LARGEST_BODY} bytes at most, this one has {LARGEST_BODY + 1}."
    assert (answer.status, answer.body) == (413, {"error": sentence, "code": "PAYLOAD_TOO_LARGE"})
    assert api.post(**encoded(large.encode())).body == answer.body
