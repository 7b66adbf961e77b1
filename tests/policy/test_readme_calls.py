"""What docs/calling.md and the examples print, block by block, against the handlers: each call runs as it stands there.

What needs an account is played by functions of the shell.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from harness.paths import ROOT
from policy.pages import Block, blocks
from runtime import environment  # noqa: F401 - before the handlers, which read it at import
from support.cloud import Answer, Api, Cloud, Worker

CALLING = ROOT / "docs" / "calling.md"
CALLS = [
    block
    for block in blocks("sh", "python", "js")
    # aws4fetch is a package that this repository does not bring.
    if (block.page == CALLING and "aws4fetch" not in block.text)
    or (block.page.name == "README.md" and block.page.parent.parent.name == "examples" and "curl" in block.text)
]
ACCOUNT = """
terraform() { case "$*" in "output -raw "*) printf %s "$ENDPOINT" ;; "output -json "*) echo '{"key": "a.md"}' ;; esac; }
aws() { case "$1" in apigateway) printf %s "$KEY" ;; esac; }
python3() { [ "$1" = package.py ] || command python3 "$@"; }
"""
GIVEN = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"}
SECRETS = {"AWS_SESSION_TOKEN": "session-token", "KEY": "the-caller's-key", "TOKEN": "the-caller's-token"}


class Gateway(ThreadingHTTPServer):
    """The API on loopback; keeps the headers of every request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.cloud = Cloud()
        self.api = Api(self.cloud)
        self.worker = Worker(self.cloud, lambda payload, _: payload, 10, 1)
        self.headers: list[dict[str, str]] = []
        self.lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    """API Gateway's part, and a worker that is there as soon as a task was posted."""

    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer("/task", lambda: self.server.api.post(body, dict(self.headers)))

    def do_GET(self) -> None:
        task_id = self.path.rpartition("/")[2]
        self._answer(f"/task/{task_id}", lambda: self.server.api.get(task_id, dict(self.headers)))
        with self.server.lock:
            self.server.worker.poll()

    def _answer(self, route: str, call: Callable[[], Answer]) -> None:
        with self.server.lock:
            self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
            answer = call() if self.path == route else Answer(404, {"error": "No such path.", "code": "NOT_FOUND"}, {})
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(answer.body).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with mock_aws(), Gateway() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def program(block: Block) -> list[str]:
    if block.language == "sh":
        return ["bash", "-euo", "pipefail", "-c", ACCOUNT + block.text]
    if block.language == "python":
        return [sys.executable, "-c", block.text]
    return ["node", "--input-type=module", "--eval", block.text]


@pytest.mark.parametrize("block", CALLS, ids=str)
def test_call_runs_as_printed(block: Block, gateway: Gateway, tmp_path: Path) -> None:
    if block.language == "js" and not shutil.which("node"):
        pytest.skip("Node.js is not installed")
    gateway.headers.clear()
    endpoint = f"http://127.0.0.1:{gateway.server_port}"
    done = subprocess.run(
        program(block),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={
            **GIVEN,
            **SECRETS,
            **({"API": endpoint} if block.page == CALLING else {"ENDPOINT": endpoint}),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "client" / "src"),
        },
    )
    assert done.returncode == 0, done.stderr
    assert ("completed" if block.language in ("python", "js") else '"taskId"') in done.stdout
    sent = gateway.headers[0]
    assert ("$KEY" in block.text or '"KEY"' in block.text) == (sent.get("x-api-key") == SECRETS["KEY"])
    if "TOKEN" in block.text and "SESSION" not in block.text:
        assert sent["authorization"] == f"Bearer {SECRETS['TOKEN']}"
    if "sigv4" in block.text:
        assert sent["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        assert re.search(r"/(eu-west-1|us-east-1)/execute-api/aws4_request", sent["authorization"])
        assert sent["x-amz-security-token"] == SECRETS["AWS_SESSION_TOKEN"]


def test_every_way_in_is_tried() -> None:
    assert {block.language for block in CALLS} == {"sh", "python", "js"}
    assert len({block.page for block in CALLS}) == 4
    assert len(CALLS) >= 11


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not installed")
@pytest.mark.parametrize("block", blocks("js"), ids=str)
def test_javascript_is_javascript(block: Block) -> None:
    done = subprocess.run(
        ["node", "--input-type=module", "--check"], input=block.text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_is_python(block: Block) -> None:
    compile(block.text, str(block), "exec")
