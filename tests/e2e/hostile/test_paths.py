"""Paths and methods that lead nowhere."""

import uuid

import pytest

from e2e.conftest import Live
from e2e.hostile import raw
from e2e.hostile.answers import ID, MARK, inspect

NO_IDS = [
    *(b"..", b"../task", b"../../etc/passwd", b"%2e%2e", b"%2e%2e%2f%2e%2e%2fetc%2fpasswd", b"..%5c", b"%252e%252e"),
    *(b"%00", b"%", b"%zz", b"%ff", b"\xff\xfe", b"%F0%9F%92%A9", b"%0d%0aX-Injected:%201", b"*", b"{taskId}"),
    *(b"${jndi:ldap://x}", b"<script>alert(1)</script>", b"'%20or%20'1'='1", b"a" * 7000, b"urn:uuid:" + ID.encode()),
    *(ID.encode() + end for end in (b"%00", b"%0a", b"%0d%0a", b"%20", b";x", b"/x", b"0", b"%D9%A0")),
]


@pytest.mark.parametrize("text", NO_IDS, ids=lambda text: repr(text[:40]))
def test_what_is_no_id_finds_nothing(basic: Live, text: bytes) -> None:
    answer = raw.send(basic, "GET", b"/task/" + text)
    assert answer.status in (400, 404)
    assert "TASK_NOT_FOUND" not in answer.text, "it was taken for an id"
    inspect(basic, answer.status, answer.headers, answer.text)
    assert "injected" not in answer.headers.lower()


@pytest.mark.parametrize("path", [b"/task/", b"/task//", b"/task///"])
def test_slashes_alone_are_no_id(basic: Live, path: bytes) -> None:
    answer = raw.send(basic, "GET", path)
    assert 400 <= answer.status < 500, answer.text
    assert "TASK_NOT_FOUND" not in answer.text, "it was taken for an id"
    inspect(basic, answer.status, answer.headers, answer.text)


def test_id_is_found_by_itself_only(basic: Live) -> None:
    task_id = basic.api.submit({"seconds": 0, "secret": MARK})["taskId"]
    for text in (task_id + "%0a", task_id + "%00", task_id[:-1], "%20" + task_id):
        answer = basic.api.request("GET", f"/task/{text}")
        assert answer.status_code in (400, 404)
        inspect(basic, answer.status_code, str(answer.headers), answer.text)
    assert basic.api.get(task_id.upper())["taskId"] == task_id


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/task", f"/task/{ID}", f"/task/{uuid.UUID(int=0)}/retry", "/", "/TASK", "//task"])
def test_other_methods_and_paths_are_refused(basic: Live, method: str, path: str) -> None:
    answer = raw.send(basic, method, path.encode(), body=b"{}")
    assert 400 <= answer.status < 500
    inspect(basic, answer.status, answer.headers, answer.text)
