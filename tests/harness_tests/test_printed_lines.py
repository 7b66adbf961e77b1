"""The lines that the harness prints for a shell run in the folder where they are printed."""

import json
import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from harness.certificate import Certificate
from harness.command_line import command_line
from harness.instances import Instance
from harness.kept import Kept
from harness.paths import ROOT, STACKS_VARIABLE
from harness.show import show_usage
from harness.target import Target
from harness_tests.shells import shell
from loopback import Answer, loopback
from task_runner_client.progress import View

SAMPLE = {"seconds": 1, "greeting": 'it\'s "me" $HOME'}
VIEW = Answer({"taskId": "6f1c1a3e-0000-4000-8000-000000000000", "status": "completed", "attempts": 1, "result": 7})
UNSIGNED = Answer({"error": "The request is not signed.", "code": "MISSING_AUTHENTICATION_TOKEN"}, 403)

Shown = pytest.CaptureFixture[str]


def printed(endpoint: str, capsys: Shown, ca_bundle: Path | None = None, *, is_open: bool = False) -> list[str]:
    """The lines of `up` that are for a shell."""
    kept: Any = Kept(ROOT / "examples" / "basic", Target.embedded(endpoint, ca_bundle), None)
    stack: Any = SimpleNamespace(sample_task=lambda _: SAMPLE)
    queue_url = f"{endpoint}/000000000000/tasks"
    outputs = {"api_id": "abc", "stage_name": "v1", "queue_url": queue_url}
    show_usage(kept, stack, [Instance("module.a", "a", outputs, None, is_open, 4)], View())
    shown = capsys.readouterr().out.split("Try it:\n")[1]
    return [line.strip() for line in shown.splitlines() if line.startswith("  ")]


@pytest.mark.parametrize("folder", [ROOT, ROOT / "tests"], ids=["by make", "by Python"])
def test_up_prints_how_to_submit_a_task(folder: Path, capsys: Shown) -> None:
    with loopback(UNSIGNED, VIEW) as site:
        parts = urlsplit(site.url)
        settings, submit, _ = printed(f"{parts.scheme}://{parts.netloc}", capsys)
        done = shell(f"{settings}\n{submit}", folder)
    assert (done.returncode, done.stdout) == (0, "7\n"), done.stderr
    method, path, body, headers = site.asked[1]
    assert (method, path, json.loads(body)) == ("POST", "/_aws/execute-api/abc/v1/task", SAMPLE)
    assert "/us-east-1/execute-api/" in headers["Authorization"]


def test_up_prints_lines_that_trust_the_embedded_aws(tmp_path: Path, capsys: Shown) -> None:
    certificate = Certificate(tmp_path)
    certificate.make()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    with loopback(VIEW, tls=context) as site:
        endpoint = site.url.removesuffix("/v1")
        settings, curl, submit, _ = printed(endpoint, capsys, certificate.authority, is_open=True)
        for line in (curl, f"{settings}\n{submit}"):
            done = shell(line, ROOT, NO_PROXY="127.0.0.1")
            assert done.returncode == 0, done.stderr
    assert [json.loads(body) for method, _, body, _ in site.asked if method == "POST"] == [SAMPLE, SAMPLE]


def test_up_prints_how_to_list_dead_letters(capsys: Shown) -> None:
    settings, _, list_dlq = printed("http://127.0.0.1:1", capsys)
    done = shell(f"{settings}\n{list_dlq}", ROOT)
    assert done.returncode == 1
    assert 'Could not connect to the endpoint URL: "http://127.0.0.1:1/' in done.stderr


def test_a_command_runs_by_python_in_the_folder_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    monkeypatch.chdir(ROOT / "tests")
    done = shell(command_line("down", "basic"), ROOT / "tests", **{STACKS_VARIABLE: str(tmp_path)})
    assert (done.returncode, done.stdout) == (0, "basic is not up.\n"), done.stderr


def test_settings_that_lead_to_no_stack_come_with_a_word_to_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    monkeypatch.chdir(ROOT / "tests")
    done = shell(command_line("env", "basic"), ROOT / "tests", **{STACKS_VARIABLE: str(tmp_path)})
    assert "basic is not up: no line leads to a stack. Start it with: " in done.stderr
    assert [line for line in done.stdout.splitlines() if not line.startswith("export TF_CLI_CONFIG_FILE=")] == []


@pytest.mark.parametrize("command", ["up", "verify", "down"])
def test_a_command_runs_by_make_in_the_root(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKELEVEL", "1")
    assert command_line(command, "basic") == f"make {command}"
    line = command_line(command, "a b")
    asked = shell(line.replace("make", "make -n", 1), ROOT)
    assert f"python -m harness {command} --example 'a b'" in asked.stdout, asked.stderr
