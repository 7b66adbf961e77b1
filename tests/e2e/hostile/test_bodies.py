"""Payloads at and beyond every limit."""

import pytest

from e2e.conftest import Live
from e2e.hostile.answers import MARK, inspect
from task_runner_client import TERMINAL


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
    "bytes that are no UTF-8": (b'"\xff"', 400),
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
        view = basic.end_of(answer.json()["taskId"])
        assert view["status"] in TERMINAL, name


@pytest.mark.parametrize("name", REFUSED)
def test_body_is_refused(basic: Live, name: str) -> None:
    body, status = REFUSED[name]
    answer = basic.api.request("POST", "/task", body)
    assert answer.status_code == status, answer.text
    inspect(basic, answer.status_code, str(answer.headers), answer.text)
