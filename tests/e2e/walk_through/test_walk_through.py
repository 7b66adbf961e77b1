"""docs/task-code.md, step by step, as a newcomer would follow it in a folder that holds a checkout."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from e2e.conftest import place
from e2e.plans import NOT_STABLE_EMBEDDED
from harness.inventory import inventory
from harness.paths import ROOT
from harness.reaper import REAPER, end_group
from harness.target import Target

PAGE = ROOT / "docs" / "task-code.md"
SECONDS = 800  # it applies twice and destroys, which takes two minutes and more on a busy machine
# What an embedded AWS needs and an account does not: the API's address there.
EMBEDDED = """
output "api" {{
  value = "{endpoint}/_aws/execute-api/${{module.task_runner.api_id}}/${{module.task_runner.stage_name}}"
}}
"""


# The page's make, with an environment that is there: this test's own.
MAKE = f"""
make() {{ command make -o .venv/harness/ready HARNESS_PYTHON={shlex.quote(sys.executable)} "$@"; }}
"""
# The file, but for the place of the checkout, is what the page shows.
SHOWN = """
sed 's|source = ".*"|source = "../terraform-aws-task-runner"|' {file} | diff - /dev/fd/3 3<<'END_OF_FILE'
{content}END_OF_FILE
"""
SETTLED = "if [ -f ../override.tf ]; then mv ../override.tf .; fi\n"


def steps() -> Iterator[str]:
    """What the page has its reader do: run a block of shell, or find a file to be what a block shows."""
    yield MAKE
    for block in MarkdownIt().parse(PAGE.read_text()):
        language, _, file = block.info.partition(" ") if block.type == "fence" else ("", "", "")
        if file:
            yield SHOWN.format(file=file, content=block.content)
        elif language == "sh":
            yield block.content
            yield SETTLED


def follow(folder: Path, environment: dict[str, str]) -> str:
    """Run all steps in one shell; return what it printed."""
    shell = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", "\n".join(steps())],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    REAPER.add("group", shell.pid)
    try:
        printed, _ = shell.communicate(timeout=SECONDS)
    finally:
        end_group(shell.pid)
        shell.wait()
        REAPER.drop("group", shell.pid)
    assert shell.returncode == 0, printed
    return printed


_OF_MAKE = ("MAKE", "MFLAGS")  # of the make that runs these tests


def environment_for(target: Target) -> dict[str, str]:
    own = target.terraform_environment()
    kept = {name: value for name, value in own.items() if not name.startswith(_OF_MAKE) and name != "TASK"}
    return {
        **kept,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "NO_PROXY": "127.0.0.1",
        # Nobody is there to type yes.
        "TF_CLI_ARGS_apply": "-auto-approve -no-color",
        "TF_CLI_ARGS_destroy": "-auto-approve -no-color",
    }


@pytest.mark.timeout(SECONDS + 60)
def test_newcomer_gets_from_an_empty_folder_to_a_task_and_back(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    (tmp_path / "terraform-aws-task-runner").symlink_to(ROOT)
    with place(pytestconfig) as target:
        before = inventory(target, "words")
        if target.is_embedded:
            (tmp_path / "override.tf").write_text(EMBEDDED.format(endpoint=target.endpoint))
        printed = follow(tmp_path, environment_for(target))
        assert '"result": {"words": 4}' in printed
        assert '"result": {"words": 4, "letters": 16}' in printed
        assert "Ran 2 tests" in printed
        changed = set(re.findall(r"(module\S+): Modifying", printed)) - NOT_STABLE_EMBEDDED.keys()
        assert changed == {"module.task_runner.aws_lambda_function.worker[0]"}
        assert inventory(target, "words") == before
