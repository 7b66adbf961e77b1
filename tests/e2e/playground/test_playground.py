"""The playground as somebody uses it: `up` in one terminal, an editor and the client commands in others."""

import json
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.conftest import PATIENCE, SUBJECTS
from e2e.playground.desk import Desk, Following
from harness.terraform import terraform_binary
from harness.waiting import poll
from support.processes import command_lines, runs
from support.queues import wait_until_settled

NOT_THEIRS = shutil.ignore_patterns(
    "build", "stranger", "__pycache__", "__init__.py", "conftest.py", "desk.py", "test_*.py"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    shutil.copytree(SUBJECTS / "playground", desk.source, ignore=NOT_THEIRS)
    yield desk
    desk.run("down")


@pytest.fixture(scope="module")
def up(desk: Desk) -> Iterator[Following]:
    """What a script has put up, followed by somebody who has changed it since."""
    log = desk.folder / "up.log"
    assert desk.start(log, "up", "--detach").wait(2 * PATIENCE) == 0, log.read_text()
    assert desk.greeting() == "hello world"
    desk.edit('"hello"', '"good day"')
    following = Following(desk.start(log, "up"), log)
    try:
        assert following.shows("^Following the functions' logs"), log.read_text()
        yield following
    finally:
        following.process.send_signal(signal.SIGINT)
        following.process.wait(PATIENCE)


def test_a_second_up_finds_the_first_and_updates_it(desk: Desk, up: Following) -> None:
    assert up.count("^mine is up already on the embedded AWS")
    assert desk.greeting() == "good day world"


def test_the_task_of_a_dead_worker_comes_back_once_its_invocation_must_be_over(desk: Desk, up: Following) -> None:
    """After a start of 10 s and the timeout of 60 s. The second `up` has found the queue as the first has left it."""
    queue = {"QueueUrl": desk.outputs["queue_url"], "AttributeNames": ["VisibilityTimeout"]}
    assert desk.target.client("sqs").get_queue_attributes(**queue)["Attributes"] == {"VisibilityTimeout": "70"}
    assert up.shows("^The task of a worker that dies is tried again after 70 s here, not 360")
    (folder,) = (file.parent for file in (desk.stacks / "mine" / "work").rglob("harness.auto.tfvars.json"))
    planned = desk.shell(f"{desk.run('env').stdout}\n{terraform_binary().path} -chdir={folder} plan -no-color")
    assert re.search(r"visibility_timeout_seconds += 70 -> 360", planned.stdout), planned.stdout + planned.stderr


def test_the_task_code_is_said_to_load(up: Following) -> None:
    assert up.shows(r"^The task code loads\.")


def test_a_task_prints_its_result_and_its_log_is_shown_while_it_runs(desk: Desk, up: Following, tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    with up.told(r"^[\d:]{8} worker +a plain print$"):
        payload = json.dumps({"name": "world", "until": str(shown)})
        task_id = desk.client("submit", "--no-wait", payload).stdout.strip()
    assert not up.count(f"worker INFO    {task_id} task completed")
    shown.touch()
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
    wait_until_settled(desk.target, desk.outputs)
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


def test_an_edit_is_live_once_it_is_saved(desk: Desk, up: Following) -> None:
    with up.told(r"^Deployed in [\d.]+ s\.$"):
        desk.edit('"good day"', '"good evening"')
    assert desk.greeting() == "good evening world", up.log.read_text()


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
    assert up.process.wait(PATIENCE) == 0
    assert up.count(r"^mine stays up; `.*\bdown\b.*\bmine` ends it\.$")
    assert desk.greeting() == "good evening world"
    server = desk.kept("kept.json")["group"]
    assert runs(server)
    down = desk.run("down")
    assert down.returncode == 0, down.stderr
    assert not runs(server)
    assert poll(lambda: str(desk.stacks) not in command_lines(), seconds=PATIENCE)
    assert list(desk.stacks.iterdir()) == []
