"""The harness itself: it explains what fails, and leaves nothing behind however it ends."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from harness import embedded
from harness.embedded import EmbeddedAws, EmbeddedAwsError
from harness.paths import ROOT
from harness.runner import TerraformError, run
from harness.runtime import runtime_python
from harness.terraform import terraform_binary, terraform_environment
from harness.waiting import poll
from support.processes import interruptible_python, runs

SECONDS = 60.0  # for what takes one or two, where the machine has the time

# An owner that tells where its server is, starts a program as it starts Terraform, and waits to be ended.
OWNER = """
import signal, sys
from pathlib import Path
from harness.__main__ import _interrupt
from harness.embedded import EmbeddedAws
from harness.runner import run
signal.signal(signal.SIGTERM, _interrupt)
with EmbeddedAws() as server:
    print(server.folder, server.group, flush=True)
    said = lambda line: print(line, end="", flush=True)
    run(["sh", "-c", "echo $$; sleep 600"], Path("."), {"PATH": "/usr/bin:/bin"}, grace=2, on_line=said)
"""


def test_a_server_that_cannot_start_shows_the_end_of_its_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "launcher.py"
    broken.write_text("print('warming up'); raise SystemExit('no room in memory')")
    monkeypatch.setattr(embedded, "_LAUNCHER", broken)
    server = EmbeddedAws()
    with pytest.raises(EmbeddedAwsError, match="no room in memory"), server:
        pass
    assert not server.folder.exists()


def test_a_server_that_dies_is_named_with_the_end_of_its_log() -> None:
    with EmbeddedAws() as server:
        os.kill(server.group, signal.SIGKILL)
        assert poll(lambda: not server.is_alive(), seconds=SECONDS)
        with pytest.raises(EmbeddedAwsError, match=r"has died(.|\n)*Running on https://127\.0\.0\.1"):
            server.check()


def test_the_server_listens_on_loopback_only_and_has_nothing_of_the_callers_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "1")
    with EmbeddedAws() as server:
        assert server.is_healthy()
        shown = subprocess.run(
            ["ps", "eww", "-p", str(server.group)], capture_output=True, text=True, check=True
        ).stdout
        assert "BIND_HOST=127.0.0.1" in shown
        assert "SECRET_OF_THE_CALLER" not in shown


def test_a_server_that_runs_is_not_started_twice() -> None:
    with EmbeddedAws().start() as server:
        group = server.group
        with server:
            assert (server.group, server.is_healthy()) == (group, True)
    assert not runs(group)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_owner_that_is_ended_leaves_no_process_and_no_folder(how: signal.Signals) -> None:
    owner = subprocess.Popen(
        interruptible_python("-c", OWNER),
        cwd=ROOT / "tests",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert owner.stdout is not None
    folder, server = owner.stdout.readline().split()
    program = int(owner.stdout.readline())
    assert runs(int(server))
    assert runs(program)
    owner.send_signal(how)
    owner.wait(SECONDS)
    assert poll(lambda: not runs(int(server)) and not runs(program) and not Path(folder).exists(), seconds=SECONDS)


def test_a_detached_server_survives_its_starter_and_is_ended_by_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "20")  # ps cuts its lines there
    folder = tmp_path / "server"
    code = (
        "import sys; from pathlib import Path; from harness.embedded import EmbeddedAws\n"
        "s = EmbeddedAws(Path(sys.argv[1]), detached=True).start(); print(s.group, s.port)"
    )
    command = [sys.executable, "-c", code, str(folder)]
    said = subprocess.run(command, cwd=ROOT / "tests", capture_output=True, text=True, check=True, timeout=60).stdout
    group, port = map(int, said.split())
    server = EmbeddedAws.attach(folder, group, port)
    try:
        assert server.is_alive()
        assert requests.get(f"{server.endpoint}/_localstack/health", verify=str(server.ca_bundle), timeout=SECONDS).ok
    finally:
        server.stop()
    assert poll(lambda: not runs(group), seconds=SECONDS)
    assert not folder.exists()


def test_an_answer_comes_in_one_piece() -> None:
    request = b"GET /_localstack/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with EmbeddedAws() as server:
        context = ssl.create_default_context(cafile=server.ca_bundle)
        context.set_alpn_protocols(["h2", "http/1.1"])  # as Terraform's provider offers
        for _ in range(20):
            plain = socket.create_connection(("127.0.0.1", server.port), 5)
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
                connection.sendall(request)
                _, _, body = connection.recv(65536).partition(b"\r\n\r\n")
                assert json.loads(body)


def terraform(folder: Path, *arguments: str) -> Any:
    return run([terraform_binary().path, *arguments], folder, terraform_environment(), grace=5)


def test_a_failed_terraform_raises_with_its_text(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "moon" { default = "full" }\n'
        'resource "terraform_data" "this" {\n'
        '  lifecycle {\n    precondition {\n      condition     = var.moon != "full"\n'
        '      error_message = "The moon is full."\n    }\n  }\n}\n'
    )
    terraform(tmp_path, "init")
    with pytest.raises(
        TerraformError, match=r"apply failed with exit code 1(.|\n)*main\.tf:\d+(.|\n)*The moon is full"
    ):
        terraform(tmp_path, "apply", "-json", "-auto-approve")


def test_a_killed_terraform_raises(tmp_path: Path) -> None:
    # A program named like it: what matters is how a death by signal is told from success.
    with pytest.raises(TerraformError, match="killed by SIGKILL"):
        run(["sh", "-c", "kill -9 $$"], tmp_path, {"PATH": os.defpath}, grace=1)


def test_the_runtime_of_lambda_code_has_nothing_of_ours() -> None:
    for module in ("aws_lambda_powertools", "requests", "ministack", "task_runner", "pytest"):
        done = subprocess.run([runtime_python(), "-I", "-c", f"import {module}"], capture_output=True, check=False)
        assert b"ModuleNotFoundError" in done.stderr, module
    subprocess.run([runtime_python(), "-I", "-c", "import boto3"], check=True)
