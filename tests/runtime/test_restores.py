"""What SnapStart asks of the functions: nothing in a snapshot is unique, or of use for a while only."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from harness.paths import ROOT
from task_runner.clients import connect
from task_runner.config import Config

MADE_ANEW = ("ids", "leases", "waits")
# A failing task whose wait before the next try is drawn from twelve hours, so that no two are alike by chance.
FAILING = {
    "TASK_RUNNER_HANDLER": "nowhere.handle",
    "TASK_RUNNER_CONCURRENCY": "1",
    "TASK_RUNNER_RETRY_BASE_SECONDS": "43200",
    "TASK_RUNNER_RETRY_CAP_SECONDS": "43200",
}


@pytest.fixture(scope="module")
def restored() -> list[dict[str, list[Any]]]:
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("restored.py")],
        env={**os.environ, **FAILING, "PYTHONPATH": str(ROOT / "lambda_src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


@pytest.mark.parametrize("made", MADE_ANEW)
def test_sandboxes_of_one_snapshot_make_nothing_alike(restored: list[dict[str, list[Any]]], made: str) -> None:
    first, second = (set(told[made]) for told in restored)
    assert len(first) == len(second) == 4
    assert not first & second


def test_what_goes_on_from_the_snapshot_would_be_noticed(restored: list[dict[str, list[Any]]]) -> None:
    first, second = restored
    assert first["of the process"] == second["of the process"]


class Aws(HTTPServer):
    """Hands out keys that are good for a minute, and sees by which of them a request is signed."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.seen: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Aws

    def do_GET(self) -> None:
        self.server.seen.append("keys")
        end = datetime.now(timezone.utc) + timedelta(minutes=1)
        name = f"KEY{self.server.seen.count('keys')}"
        keys = {"AccessKeyId": name, "SecretAccessKey": "s", "Token": "t", "Expiration": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
        self._tell(keys)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(self.headers["Authorization"].partition("Credential=")[2].partition("/")[0])
        self._tell({})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _tell(self, answer: dict[str, str]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An AWS that gives its keys as Lambda does to a function with SnapStart: at an address, and none in variables."""
    with Aws() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{server.url}/keys")
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        yield server
        server.shutdown()
        thread.join(10)


def test_keys_of_the_snapshot_are_replaced_and_no_connection_is_in_it(aws: Aws) -> None:
    store, wakeups = connect(Config("tasks", f"{aws.url}/queue", 3, 3600), connections=1)
    assert set(aws.seen) <= {"keys"}, "neither the table nor the queue is called before the first invocation"
    before = len(aws.seen)
    assert store.get("3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11", 0) is None
    wakeups.send("3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11")
    signed = [seen for seen in aws.seen if seen != "keys"]
    assert len(signed) == 2
    assert not {f"KEY{number}" for number in range(before + 1)} & set(signed)
