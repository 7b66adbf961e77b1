"""`submit` and `watch` as a shell sees them: what goes to which output, and the exit code."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from loopback import Answer, Loopback, loopback
from task_runner_client import client
from task_runner_client.commands import main
from terminal import shown_on_a_terminal
from views import FAILED, ID, NO_SUCH_TASK

POSTED = Answer({"taskId": ID, "status": "pending", "createdAt": "2026-01-31T10:00:00.000Z"})
HALF = {"fraction": 0.5, "message": "half way"}
PROCESSING = Answer({"taskId": ID, "status": "processing", "attempts": 1, "progress": HALF})
COMPLETED = Answer({"taskId": ID, "status": "completed", "attempts": 1, "result": {"straße": [1, None]}})

Shown = pytest.CaptureFixture[str]


def posted(site: Loopback) -> Any:
    method, path, body, _ = site.asked[0]
    assert (method, path) == ("POST", "/v1/task")
    return json.loads(body)


def test_submit_prints_the_result_and_nothing_else_to_standard_output(capsys: Shown) -> None:
    with loopback(POSTED, PROCESSING, COMPLETED) as site:
        assert main(["submit", "--url", f"{site.url}/", '{"n": 1}']) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"straße": [1, None]}
    assert "processing, attempt 1, 50% half way" in shown.err
    assert posted(site) == {"n": 1}


def test_a_failed_task_is_an_error(capsys: Shown) -> None:
    with loopback(POSTED, FAILED) as site:
        assert main(["submit", "--url", site.url, "{}"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "ValueError: no\n" in shown.err


def test_an_earlier_attempts_error_is_shown_meanwhile(capsys: Shown) -> None:
    retried = Answer({**FAILED.body, "status": "pending"})
    with loopback(retried, COMPLETED) as site:
        assert main(["watch", "--url", site.url, ID]) == 0
    assert "pending, attempt 2, failed before with ValueError: no" in capsys.readouterr().err


def test_without_waiting_the_id_is_printed(capsys: Shown) -> None:
    with loopback(POSTED) as site:
        assert main(["submit", "--url", site.url, "--no-wait", "--idempotency-key", "mine", "[]"]) == 0
    assert capsys.readouterr().out == f"{ID}\n"
    assert len(site.asked) == 1
    assert site.asked[0][3]["Idempotency-Key"] == "mine"


@pytest.mark.parametrize("how", ["@{file}", "-", "{text}"])
def test_the_payload_comes_from_an_argument_a_file_or_standard_input(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '{"name": "größer"}'
    file = tmp_path / "payload.json"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    given = how.replace("{file}", str(file)).replace("{text}", text)
    with loopback(POSTED, COMPLETED) as site:
        assert main(["submit", "--url", site.url, given]) == 0
    assert posted(site) == {"name": "größer"}


HERE = ["--url", "http://127.0.0.1:1/v1"]  # where nobody answers


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["submit", *HERE, "{name: 1}"], "The payload is not JSON: Expecting property name", id="no JSON"),
        pytest.param(["submit", *HERE, "[NaN]"], "The payload is not JSON: NaN is no JSON number", id="NaN"),
        pytest.param(["submit", *HERE, "[" * 100_000], "The payload is not JSON", id="nested too deep"),
        pytest.param(["submit", *HERE, "@/no/such/file"], "/no/such/file cannot be read: No such file", id="no file"),
        pytest.param(["submit", "--url", "example.com", "{}"], "'example.com' is no https URL", id="no URL"),
        pytest.param(["watch", "--url", "http://example.com/v1", ID], "is no https URL", id="a plain URL elsewhere"),
        pytest.param(["submit", "{}"], "Missing option '--url'", id="no API"),
        pytest.param(["watch", ID], "Give the module's output `api_endpoint`", id="no API to watch"),
        pytest.param(["watch", *HERE, "42"], "'42' is no task id", id="no task id"),
        pytest.param(["submit", *HERE], "Missing argument 'PAYLOAD'", id="no payload"),
        pytest.param(["watch", *HERE], "Missing argument 'TASK_ID'", id="nothing to watch"),
        pytest.param(
            ["submit", *HERE, "--idempotency-key", "kürzel", "{}"], "must be 1 to 255 visible ASCII", id="no key"
        ),
        pytest.param(["submit", *HERE, "--no-wiat", "{}"], "No such option", id="a slip"),
        pytest.param(
            ["submit", *HERE, "--token", "a", "--sign", "always", "{}"], "either a token or a signature", id="both"
        ),
    ],
)
def test_a_wrong_call_is_explained(arguments: list[str], sentence: str, capsys: Shown) -> None:
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(
            ["submit", *HERE, "{}"],
            "then try again. It may then run twice, unless every try has the same --idempotency-key.\n",
            id="no answer",
        ),
        pytest.param(
            ["submit", *HERE, "--idempotency-key", "k", "{}"],
            "refused. Check that the stack is up, and the URL; then try again.\n",
            id="no answer, with a key",
        ),
        pytest.param(["watch", *HERE, ID], "refused. Check that the stack", id="no API"),
    ],
)
def test_an_api_that_does_not_answer_is_explained(arguments: list[str], sentence: str, capsys: Shown) -> None:
    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_the_url_and_the_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, capsys: Shown) -> None:
    with loopback(COMPLETED) as site:
        for name, value in {"URL": site.url, "API_KEY": "key-1", "TOKEN": "abc"}.items():
            monkeypatch.setenv(f"TASK_RUNNER_{name}", value)
        assert main(["watch", ID]) == 0
    headers = site.asked[0][3]
    assert (headers["x-api-key"], headers["Authorization"]) == ("key-1", "Bearer abc")
    assert "key-1" not in "".join(capsys.readouterr())


def test_a_negative_number_is_a_payload() -> None:
    with loopback(POSTED, COMPLETED) as site:
        assert main(["submit", "--url", site.url, "-5"]) == 0
    assert posted(site) == -5


def test_an_unknown_task_is_explained(capsys: Shown) -> None:
    with loopback(NO_SUCH_TASK) as site:
        assert main(["watch", "--url", site.url, ID]) == 1
    assert f"knows no task {ID}. Check the id" in capsys.readouterr().err


def test_a_task_that_is_not_accepted_is_explained(capsys: Shown) -> None:
    with loopback(Answer({"error": "Too large.", "code": "PAYLOAD_TOO_LARGE"}, 413)) as site:
        assert main(["submit", "--url", site.url, "{}"]) == 1
    assert "The task was not accepted" in (said := capsys.readouterr().err)
    assert "PAYLOAD_TOO_LARGE" in said


def test_ctrl_c_leaves_the_task_and_says_how_to_come_back(
    monkeypatch: pytest.MonkeyPatch, capsys: Shown, tmp_path: Path
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    another = tmp_path / "task-runner"  # which the shell would find by the name alone
    another.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=interrupted))
    monkeypatch.setattr("sys.argv", ["/opt/a b/task-runner"])
    with loopback(PROCESSING) as site:
        assert main(["watch", "--url", site.url, "--api-key", "hush", "--sign", "never", ID]) == 130
    said = capsys.readouterr().err
    assert f"'/opt/a b/task-runner' watch {ID} --url {site.url} --sign never --api-key '…'" in said
    assert "hush" not in said


def test_a_program_around_it_says_how_it_is_called_itself(monkeypatch: pytest.MonkeyPatch, capsys: Shown) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=interrupted))
    with loopback(PROCESSING) as site:
        assert main(["watch", "--url", site.url, ID], again=lambda command: f"make {command}") == 130
    assert f"See it again with: make watch {ID}\n" in capsys.readouterr().err
    assert main(["submit", "--url", site.url, "{"], again=str) == 2
    assert "Usage:" not in capsys.readouterr().err


def test_the_line_to_come_back_runs_where_it_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: Shown, tmp_path: Path
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, loopback(PROCESSING, COMPLETED) as site:
        patch.setattr(client, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=interrupted))
        patch.setattr("sys.argv", ["task_runner_client/__main__.py"])
        assert main(["watch", "--url", site.url, ID]) == 130
        line = capsys.readouterr().err.split("See it again with: ")[1].splitlines()[0]
        again = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, timeout=60, env=here())
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout) == {"straße": [1, None]}


def here() -> dict[str, str]:
    """An environment in which the client is found where this Python finds it."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_a_person_gets_the_result_indented() -> None:
    with loopback(COMPLETED) as site:
        shown = shown_on_a_terminal("watch", "--url", site.url, ID)
    assert shown == ["{", '  "straße": [', "    1,", "    null", "  ]", "}"]


@pytest.mark.parametrize("result", ["\ud800", "\u2028\x00"])
def test_any_json_can_be_printed(result: str, capsys: Shown) -> None:
    with loopback(Answer({"taskId": ID, "status": "completed", "attempts": 1, "result": result})) as site:
        assert main(["watch", "--url", site.url, ID]) == 0
    assert json.loads(capsys.readouterr().out) == result


def test_an_error_cannot_steer_the_terminal(capsys: Shown) -> None:
    failed = {**FAILED.body, "error": {"type": "ValueError", "message": "first\n\x1b[2Jsecond\r"}}
    with loopback(Answer(failed)) as site:
        assert main(["watch", "--url", site.url, ID]) == 1
    assert "ValueError: first\n\ufffd[2Jsecond\ufffd\n" in capsys.readouterr().err
