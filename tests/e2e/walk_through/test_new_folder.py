"""A new folder's README, line by line: its tests, `make up`, a task, an edit that is live, and the end."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from e2e.conftest import PATIENCE
from harness.paths import ROOT, STACKS_VARIABLE
from harness.reaper import REAPER, end_group
from harness.waiting import poll

# The README's make, with an environment that is there: this test's own.
MAKE = f'make() {{ command make -o .venv/harness/ready HARNESS_PYTHON={shlex.quote(sys.executable)} "$@"; }}\n'
_ALIEN = ("MAKE", "MFLAGS", "AWS_")  # of the make that runs these tests, and of the caller


class Newcomer:
    """Somebody in a folder of their own, with a shell that knows nothing of this one."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "words"
        self.log = home / "up.log"
        own = {name: value for name, value in os.environ.items() if not name.startswith(_ALIEN) and name != "TASK"}
        python = str(Path(sys.executable).parent)
        stacks = {STACKS_VARIABLE: str(home / "stacks")}
        self._environment = {**own, **stacks, "PATH": os.pathsep.join((python, own["PATH"])), "NO_PROXY": "127.0.0.1"}

    def run(self, line: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["bash", "-c", MAKE + line],
            cwd=folder or self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=2 * PATIENCE,
        )

    def start(self, line: str) -> "subprocess.Popen[bytes]":
        """Run a line as in another terminal, whose screen is the log."""
        with self.log.open("wb") as log:
            shell = subprocess.Popen(
                ["bash", "-c", MAKE + line],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        REAPER.add("group", shell.pid)
        return shell

    def readme(self) -> list[str]:
        """The README's lines for a shell."""
        blocks = MarkdownIt().parse((self.folder / "README.md").read_text())
        return [line for block in blocks if block.info == "sh" for line in block.content.splitlines()]

    def shows(self, pattern: str, times: int = 1) -> bool:
        def count() -> int:
            return len(re.findall(pattern, self.log.read_text(), re.M))

        return poll(count, lambda seen: seen >= times, seconds=2 * PATIENCE) >= times


@pytest.fixture(scope="module")
def newcomer(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    if pytestconfig.getoption("--target") == "aws":
        pytest.skip("the playground is on the embedded AWS")
    home = tmp_path_factory.mktemp("home")
    newcomer = Newcomer(home)
    made = newcomer.run(f"make -C {ROOT} new NAME=words IN={home}", home)
    assert made.returncode == 0, made.stderr
    _, up, *_, down = newcomer.readme()[:4]
    shell = newcomer.start(up)
    try:
        assert newcomer.shows(r"^The task code loads\."), newcomer.log.read_text()
        yield newcomer
    finally:
        newcomer.run(down)
        end_group(shell.pid)
        shell.wait()
        REAPER.drop("group", shell.pid)


def test_its_readme_says_what_works(newcomer: Newcomer) -> None:
    tests, _, submit, *_ = newcomer.readme()
    tested = newcomer.run(tests)
    assert (tested.returncode, "Ran 2 tests" in tested.stderr) == (0, True), tested.stderr
    submitted = newcomer.run(submit)
    assert '{"words": 4}' in submitted.stdout.splitlines(), submitted.stderr


def test_an_edit_is_live(newcomer: Newcomer) -> None:
    code = newcomer.folder / "src" / "tasks.py"
    code.write_text(code.read_text().replace("len(text.split())}", 'len(text.split()), "letters": len(text)}'))
    assert newcomer.shows(r"^Deployed in [\d.]+ s\."), newcomer.log.read_text()
    submitted = newcomer.run(newcomer.readme()[2])
    assert '{"words": 4, "letters": 19}' in submitted.stdout.splitlines(), submitted.stderr


def test_a_print_of_a_task_by_itself_is_shown_with_its_id(newcomer: Newcomer) -> None:
    code = newcomer.folder / "src" / "tasks.py"
    code.write_text(
        code.read_text().replace("    context.progress", '    print("a plain print")\n    context.progress')
    )
    assert newcomer.shows(r"^Deployed in [\d.]+ s\.", times=2), newcomer.log.read_text()
    for _ in range(10):  # what a new process prints at first may be of an import, and has no id
        said = newcomer.run(newcomer.readme()[2]).stderr
        task_id = said.split("Task ")[1].split()[0]
        assert newcomer.shows(rf" worker INFO    {task_id} task completed$")
        if re.search(rf"^[\d:]{{8}} worker +{task_id} a plain print$", newcomer.log.read_text(), re.M):
            break
    else:
        pytest.fail(newcomer.log.read_text())


def test_a_failure_is_shown_with_its_text_and_place(newcomer: Newcomer) -> None:
    failed = newcomer.run(newcomer.readme()[2].partition("TASK=")[0] + "TASK='{\"txt\": 1}'")
    assert failed.returncode == 2  # make's own, of any command that fails
    assert "PermanentError: the payload must be an object with a text" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert newcomer.shows(
        r"^    PermanentError: the payload must be an object with a text\n      tasks\.py:\d+ in handle$"
    )


def test_status_and_logs_tell_of_it(newcomer: Newcomer) -> None:
    make, _, rest = newcomer.readme()[2].partition(" submit ")
    example = rest.split(" TASK=")[0]
    status = newcomer.run(f"{make} status {example}").stdout
    url = re.search(r"^  API     (https://127\.0\.0\.1:\d+/\S+)$", status, re.M)
    assert url, status
    assert url[1] in newcomer.log.read_text()
    assert "\n  Code    loads\n" in status
    logs = newcomer.run(f"{make} logs {example} FOLLOW=no").stdout
    assert re.search(r"^[\d:]{8} worker INFO    \S{36} counting characters=19$", logs, re.M), logs
