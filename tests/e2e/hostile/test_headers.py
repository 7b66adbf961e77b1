"""Headers that no client would send."""

import pytest

from e2e.conftest import Live
from e2e.hostile import raw
from e2e.hostile.answers import inspect


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
    answer = raw.send(basic, "POST", b"/task", [header], b"{}")
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
    answer = raw.send(basic, "POST", b"/task", [header], b"{}")
    assert answer.status in (200, 400, 415)
    inspect(basic, answer.status, answer.headers, answer.text)
    assert "injected" not in answer.headers.lower()
    assert "evil" not in answer.headers
