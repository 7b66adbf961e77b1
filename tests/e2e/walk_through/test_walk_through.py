"""docs/task-code.md, step by step, as a newcomer would follow it in an empty folder beside a checkout."""

import os
import re
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


def steps() -> Iterator[str]:
    """What the page has its reader do: run a block of shell, or write the file that a block names."""
    for block in MarkdownIt().parse(PAGE.read_text()):
        language, _, file = block.info.partition(" ") if block.type == "fence" else ("", "", "")
        if file:
            yield f"cat > {file} <<'END_OF_FILE'\n{block.content}END_OF_FILE\n"
        elif language == "sh":
            yield block.content


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


def environment_for(target: Target) -> dict[str, str]:
    return {
        **target.terraform_environment(),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "NO_PROXY": "127.0.0.1",
        # Nobody is there to type yes.
        "TF_CLI_ARGS_apply": "-auto-approve -no-color",
        "TF_CLI_ARGS_destroy": "-auto-approve -no-color",
    }


@pytest.mark.timeout(SECONDS + 60)
def test_newcomer_gets_from_an_empty_folder_to_a_task_and_back(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    (tmp_path / "terraform-aws-task-runner").symlink_to(ROOT)
    folder = tmp_path / "empty"
    folder.mkdir()
    with place(pytestconfig) as target:
        before = inventory(target, "word-count")
        if target.is_embedded:
            (folder / "override.tf").write_text(EMBEDDED.format(endpoint=target.endpoint))
        printed = follow(folder, environment_for(target))
        assert '"result": {"words": 4}' in printed
        assert '"result": {"words": 4, "letters": 16}' in printed
        assert "Ran 2 tests" in printed
        changed = set(re.findall(r"(module\S+): Modifying", printed)) - NOT_STABLE_EMBEDDED.keys()
        assert changed == {"module.task_runner.aws_lambda_function.worker[0]"}
        assert inventory(target, "word-count") == before
