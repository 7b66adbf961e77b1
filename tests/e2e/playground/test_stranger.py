"""A stranger's folder as it is: several instances, own providers and backend, a zip made by hand, and no output."""

import hashlib
import os
import pty
import shutil
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import PATIENCE, SUBJECTS
from e2e.playground.desk import Desk, Following
from harness.paths import ROOT
from harness.waiting import poll

WORDS, LETTERS, DEMO = "module.words", 'module.jobs["letters"]', 'module.jobs["demo"]'
TEXT = {"text": "to be or not"}


def fingerprint(folder: Path) -> dict[str, str]:
    """Tell what each file holds."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Theirs(Desk):
    """The folder, with a zip as `python -m zipfile` makes it, in an environment that leads to an account."""

    def environment(self) -> dict[str, str]:
        config = self.folder / "config"
        asked = self.folder / "asked-for-credentials"
        config.write_text(f"[profile production]\ncredential_process = touch {asked}\nregion = eu-central-1\n")
        account = {"AWS_PROFILE": "production", "AWS_CONFIG_FILE": str(config), "AWS_SDK_LOAD_CONFIG": "1"}
        return {**super().environment(), **account}

    def result(self, instance: str, payload: Any) -> Any:
        return self.target.task_client(self.outputs_of(instance)).run(payload, PATIENCE)["result"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theirs]:
    desk = Theirs(tmp_path_factory.mktemp("stranger"), "theirs")
    shutil.copytree(SUBJECTS / "playground" / "stranger", desk.source)
    (desk.folder / "terraform-aws-task-runner").symlink_to(ROOT)
    with zipfile.ZipFile(desk.source / "tasks.zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.write(desk.source / "tasks.py", "tasks.py")
    yield desk
    desk.run("down")


@pytest.fixture(scope="module")
def keyboard() -> Iterator[tuple[int, int]]:
    """The two ends of a terminal."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


@pytest.fixture(scope="module")
def up(desk: Theirs, keyboard: tuple[int, int]) -> Iterator[Following]:
    log = desk.folder / "up.log"
    process = desk.start(log, "up", "-var", "team=ours", stdin=keyboard[1])
    try:
        following = Following(process, log)
        assert following.shows(r"^module\.words: A change in .*tasks\.py is deployed at once"), log.read_text()
        assert following.shows(r"The task code loads\.", times=3), log.read_text()
        yield following
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def test_a_variable_without_a_value_is_asked_for_before_anything_starts(desk: Theirs) -> None:
    asked = desk.start(desk.folder / "asked.log", "up", "--detach")
    assert asked.wait(PATIENCE) == 1
    assert "  team: Whose tasks they are.\n" in (desk.folder / "asked.log").read_text()
    assert not desk.stacks.exists()


def test_the_copy_leads_here_and_says_so(up: Following) -> None:
    assert up.count(r'^In the copy: main\.tf:\d+: module "words" is this checkout, not "git::https://')
    assert up.count(r"^In the copy: The state stays in the copy: s3 is not asked\.")
    assert up.count(r"^In the copy: main\.tf: provider aws\.production: region, profile, .*assume_role left out")


@pytest.mark.usefixtures("up")
def test_every_instance_runs_its_own_code(desk: Theirs) -> None:
    assert desk.result(WORDS, TEXT) == {"words": 4}
    assert desk.result(LETTERS, TEXT) == {"letters": 9}
    assert desk.result(DEMO, {"seconds": 0}) == {"echo": {"seconds": 0}}


def test_each_instance_has_its_lines(desk: Theirs, up: Following) -> None:
    shown = up.log.read_text()
    for instance in (WORDS, LETTERS, DEMO):
        assert f"  API of {instance} {desk.target.api_url(desk.outputs_of(instance))}\n" in shown
    assert up.count(r"^  curl .*-d '\{\}'$") == 1  # one is open, and nobody knows what its code takes
    assert up.count(r"^  # An empty payload: ") == 2
    assert up.count(r"task-runner submit .*greeting") == 1


@pytest.mark.usefixtures("up")
def test_a_command_wants_to_know_which_instance(desk: Theirs) -> None:
    unsaid = desk.run("verify")
    assert unsaid.returncode == 1
    assert f"  {DEMO}\n  {LETTERS}\n  {WORDS}\n" in unsaid.stderr
    verified = desk.run("verify", "--instance", "jobs[demo]")
    assert verified.returncode == 0, verified.stdout


def test_an_edit_reaches_the_workers_that_have_the_file_and_no_other(desk: Theirs, up: Following) -> None:
    with up.told(r"^words: Deployed in "), up.told(r'^jobs\["letters"\]: Deployed in '):
        desk.edit('{"words"', '{"count"', "tasks.py")
    assert desk.result(WORDS, TEXT) == {"count": 4}
    assert desk.result(LETTERS, TEXT) == {"letters": 9}
    assert not up.count(r'^jobs\["demo"\]: Deployed')


def test_a_change_of_the_configuration_is_applied_when_somebody_asks(
    desk: Theirs, up: Following, keyboard: tuple[int, int]
) -> None:
    with up.told(r"^Changed: main\.tf\. Press a to apply it\.$"):
        desk.edit("timeout = 20", "timeout = 25", "main.tf")
    with up.told(r"^Applied\.$"):
        os.write(keyboard[0], b"a")
    worker = desk.target.client("lambda").get_function_configuration(FunctionName="ours-words-worker")
    assert worker["Timeout"] == 25
    assert desk.result(WORDS, TEXT) == {"count": 4}


def test_what_is_theirs_stays_as_it_is_and_nobody_asks_for_their_credentials(desk: Theirs, up: Following) -> None:
    written = fingerprint(desk.source)
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(PATIENCE) == 0
    assert desk.run("down").returncode == 0
    assert poll(lambda: not list(desk.stacks.iterdir()), seconds=PATIENCE)
    assert fingerprint(desk.source) == written
    assert written.keys() == {"main.tf", "tasks.py", "tasks.zip", "credentials"}
    assert not list(desk.folder.rglob("asked-for-credentials"))
