"""The playground as somebody uses it: `up` in one terminal, an editor and the client commands in others."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import SUBJECTS
from e2e.harness.test_harness import runs, within
from harness import kept as kept_module
from harness import playground
from harness.embedded import EmbeddedAwsError
from harness.kept import Kept
from harness.paths import ROOT, STACKS_VARIABLE
from harness.playground import Playground
from harness.target import Target
from harness.watcher import Watcher
from task_runner_client.progress import View

LIVE_SECONDS = 10.0  # from saving a file to the first task that runs what it says
OUTPUTS = {"api_function_name": "api", "worker_function_name": "worker"}


@pytest.fixture(scope="module", autouse=True)
def _embedded_only(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--target") == "aws":
        pytest.skip("the playground is on the embedded AWS")


@dataclass(frozen=True)
class Desk:
    """A folder with an example of somebody's own, copied so that it can be edited, and what `up` keeps about it."""

    folder: Path

    @property
    def source(self) -> Path:
        return self.folder / "mine"

    @property
    def tasks(self) -> Path:
        return self.source / "src" / "my_tasks.py"

    def start(self, log: Path, command: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with log.open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "harness", command, "--example", str(self.source), *arguments],
                cwd=ROOT / "tests",
                env={**os.environ, STACKS_VARIABLE: str(self.folder / "stacks")},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def run(self, command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "harness", command, "--example", "mine", *arguments],
            cwd=ROOT / "tests",
            env={**os.environ, STACKS_VARIABLE: str(self.folder / "stacks")},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def client(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the client's command in a shell that has taken over what `env` prints."""
        program = Path(sys.executable).with_name("task-runner")
        return self.shell(f"{self.run('env').stdout}\n{shlex.join([str(program), *arguments])}")

    def shell(self, lines: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["sh", "-c", lines], cwd=ROOT / "tests", capture_output=True, text=True, check=False, timeout=120
        )

    def kept(self, name: str) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((self.folder / "stacks" / "mine" / name).read_text())
        return record

    def greeting(self) -> str:
        target = Target.embedded(f"http://127.0.0.1:{self.kept('kept.json')['port']}")
        task = target.task_client(self.kept("outputs.json")).run({"name": "world"})
        return str(task["result"]["greeting"])

    def edit(self, old: str, new: str) -> None:
        text = self.tasks.read_text()
        assert old in text
        self.tasks.write_text(text.replace(old, new))


@dataclass(frozen=True)
class Following:
    """An `up` that follows the stack, and what it has shown."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def count(self, pattern: str) -> int:
        return len(re.findall(pattern, self.log.read_text(), re.MULTILINE))

    def shows(self, pattern: str, seconds: float = 15, times: int = 1) -> bool:
        ended = self.process.poll
        return within(seconds, lambda: ended() is not None or self.count(pattern) >= times) and (
            self.count(pattern) >= times
        )

    @contextmanager
    def told(self, pattern: str) -> Iterator[None]:
        """What happens in the block must make a line of this kind appear that was not there before."""
        before = self.count(pattern)
        yield
        assert self.shows(pattern, times=before + 1), self.log.read_text()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    shutil.copytree(SUBJECTS / "playground", desk.source, ignore=shutil.ignore_patterns("build", "__pycache__"))
    yield desk
    desk.run("down")


@pytest.fixture(scope="module")
def up(desk: Desk) -> Iterator[Following]:
    """What a script has put up, followed by somebody who has changed it since."""
    log = desk.folder / "up.log"
    assert desk.start(log, "up", "--detach").wait(240) == 0, log.read_text()
    assert desk.greeting() == "hello world"
    desk.edit('"hello"', '"good day"')
    following = Following(desk.start(log, "up"), log)
    try:
        assert following.shows("^Following the functions' logs", 60), log.read_text()
        yield following
    finally:
        following.process.send_signal(signal.SIGINT)
        following.process.wait(20)


def test_a_second_up_finds_the_first_and_updates_it(desk: Desk, up: Following) -> None:
    assert up.count("^mine is up already on the embedded AWS")
    assert desk.greeting() == "good day world"


def test_the_task_code_is_said_to_load(up: Following) -> None:
    assert up.shows(r"^The task code loads\.")


def test_a_task_prints_its_result_and_its_log_is_shown_while_it_runs(desk: Desk, up: Following) -> None:
    with up.told(r"^[\d:]{8} worker +a plain print$"):
        task_id = desk.client("submit", "--no-wait", '{"name": "world", "seconds": 5}').stdout.strip()
    assert not up.count(f"worker INFO    {task_id} task completed")
    watched = desk.client("watch", task_id)
    assert watched.returncode == 0, watched.stderr
    assert json.loads(watched.stdout) == {"greeting": "good day world"}
    assert up.shows(rf"^[\d:]{{8}} api    INFO    {task_id} task accepted")
    assert up.shows(rf"^[\d:]{{8}} worker INFO    {task_id} greeting world$")
    assert up.shows(rf"^[\d:]{{8}} worker INFO    {task_id} task completed")


def test_a_failed_task_is_an_error_with_its_traceback_among_the_logs(desk: Desk, up: Following) -> None:
    failed = desk.client("submit", '{"seconds": "many"}')
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "ValueError: could not convert string to float: 'many'" in failed.stderr
    assert up.shows(r'^ +File "my_tasks.py", line \d+, in handle$')
    (letter,) = json.loads(desk.client("list-dlq").stdout)
    assert letter["task"]["error"]["type"] == "ValueError"
    assert letter["task"]["error"]["message"].startswith("could not convert")
    (again,) = json.loads(desk.client("list-dlq").stdout)  # it was only looked at
    assert again == {**letter, "receives": letter["receives"] + 1}


def test_what_up_prints_runs_where_it_is_printed(desk: Desk, up: Following) -> None:
    block = up.log.read_text().rsplit("Try it:\n", 1)[1].split("Then:")[0]
    settings, submit, list_dlq = block.splitlines()
    submitted = desk.shell(f"{settings}\n{submit}")
    assert json.loads(submitted.stdout) == {"greeting": "good day world"}, submitted.stderr
    listed = desk.shell(f"{settings}\n{list_dlq}")
    assert len(json.loads(listed.stdout)) == 1, listed.stderr


def test_an_edit_is_live_within_ten_seconds(desk: Desk, up: Following) -> None:
    with up.told(r"^Deployed in [\d.]+ s\.$"):
        desk.edit('"good day"', '"good evening"')
        saved = time.monotonic()
        assert within(LIVE_SECONDS, lambda: desk.greeting() == "good evening world"), up.log.read_text()
        print(f"live {time.monotonic() - saved:.1f} s after it was saved")


def test_code_that_does_not_compile_is_named_and_not_deployed(desk: Desk, up: Following) -> None:
    was = desk.greeting()
    desk.edit("def handle(", "def (")
    assert up.shows(r"my_tasks\.py:\d+: SyntaxError: ")
    assert up.shows(r"^Not deployed: the worker runs the code that it had\.")
    assert desk.greeting() == was
    with up.told(r"^The task code loads\."):
        desk.edit("def (", "def handle(")


def test_code_that_cannot_be_called_is_named_at_once(desk: Desk, up: Following) -> None:
    desk.edit("import time", "import time, no_such_module")
    assert up.shows(r"^The task code cannot be called: .*no_such_module")
    verified = desk.run("verify")
    assert verified.returncode == 1
    assert re.search(r"FAIL \| Task code loads \| expected: ok \| observed: .*no_such_module", verified.stdout)
    with up.told(r"^The task code loads\."):
        desk.edit("import time, no_such_module", "import time")


def test_ctrl_c_leaves_the_stack_and_down_ends_everything(desk: Desk, up: Following) -> None:
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(20) == 0
    assert up.count(r"^mine stays up; `.*\bdown\b.*\bmine` ends it\.$")
    assert desk.greeting() == "good evening world"
    server = desk.kept("kept.json")["group"]
    assert runs(server)
    down = desk.run("down")
    assert down.returncode == 0, down.stderr
    assert not runs(server)
    assert within(5, lambda: str(desk.folder / "stacks") not in _command_lines())
    assert list((desk.folder / "stacks").iterdir()) == []


def _command_lines() -> str:
    return subprocess.run(["ps", "-eww", "-o", "command="], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Kept, Playground]]:
    """A playground around a server without a stack."""
    monkeypatch.setattr(kept_module, "STACKS", tmp_path)
    monkeypatch.setattr(playground, "_DOWN_SECONDS", 2.0)
    kept = Kept.create("embedded", "basic", View())
    assert kept.server is not None
    try:
        stack = kept.stack(View())
        yield kept, Playground(kept, kept.server, stack, OUTPUTS, Watcher(stack.code.files))
    finally:
        kept.forget()


def test_a_server_that_dies_is_told_with_the_end_of_its_log(empty: tuple[Kept, Playground]) -> None:
    kept, here = empty
    assert kept.server is not None
    os.kill(kept.server.group, signal.SIGKILL)
    with pytest.raises(EmbeddedAwsError, match=r"has died(.|\n)*Running on http://127\.0\.0\.1"):
        here.follow()


def test_who_follows_learns_that_the_stack_was_taken_down(
    empty: tuple[Kept, Playground], capsys: pytest.CaptureFixture[str]
) -> None:
    kept, here = empty
    ender = threading.Timer(0.5, kept.forget)
    ender.start()
    here.follow()
    ender.join()
    assert "basic was taken down." in capsys.readouterr().out
