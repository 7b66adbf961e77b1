"""The recipe of docs/changes.md, followed to the letter: another name, another label, and another configuration."""

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import Live
from harness.paths import ROOT
from harness.runner import run
from harness.terraform import terraform_binary
from policy.pages import blocks

PAGE = ROOT / "docs" / "changes.md"
RENAMED, OTHER_CONFIGURATION = (block for block in blocks("hcl", "sh") if block.page == PAGE)
KEEPING = {"aws_dynamodb_table.this[0]", "aws_sqs_queue.this[0]", "aws_sqs_queue.dead_letter[0]"}


def terraform(stack: Live, *arguments: str, folder: Path) -> None:
    run(
        [terraform_binary().path, *arguments],
        folder,
        stack.target.terraform_environment(),
        grace=10.0,
    )


def rename(stack: Live) -> None:
    """Write what the page says into the stack's copy, with the stack's own name in it."""
    folder, name = stack.stack.folder, stack.stack.variables["name"]
    text = re.sub(r'source = ".*"', 'source = "../.."', RENAMED.text)
    text = text.replace('name = "documents"', f'name = "{name}-new"').replace("demo-", f"{name}-")
    main, outputs = folder / "main.tf", folder / "outputs.tf"
    provider = re.findall(r'^provider "aws" \{.*?^\}$', main.read_text(), re.DOTALL | re.MULTILINE)
    main.write_text("\n\n".join([*provider, text]))
    outputs.write_text(outputs.read_text().replace("module.task_runner", "module.documents"))
    terraform(stack, "init", "-input=false", folder=folder)


def planned(stack: Live) -> dict[str, Any]:
    """Return what a plan would do to each resource of the renamed instance."""
    changes = stack.stack.plan().resource_changes
    prefix = "module.documents."
    return {name.removeprefix(prefix): one["change"]["actions"] for name, one in changes.items() if prefix in name}


@pytest.fixture(scope="module")
def renamed(basic: Live) -> tuple[Live, dict[str, str], dict[str, Any]]:
    """The stack under another name and another label; the ids from before, and what the plan of it said."""
    done = basic.run({"seconds": 0})["taskId"]
    with basic.paused():
        waits = basic.api.submit({"seconds": 0})["taskId"]
        rename(basic)
        plan = planned(basic)
        basic.stack.apply()
    return Live(basic.stack, basic.stack.outputs()), {"done": done, "waits": waits}, plan


def test_a_renamed_stack_keeps_its_records_and_runs_what_waits(
    renamed: tuple[Live, dict[str, str], dict[str, Any]],
) -> None:
    stack, ids, plan = renamed
    assert {plan[name] == ["no-op"] for name in KEEPING} == {True}
    assert stack.outputs["worker_function_name"].endswith("-new-worker")
    assert stack.api.get(ids["done"])["status"] == "completed"
    assert stack.end_of(ids["waits"])["status"] == "completed"
    assert stack.run({"seconds": 0})["status"] == "completed"


def test_another_configuration_takes_the_table_over(renamed: tuple[Live, dict[str, str], dict[str, Any]]) -> None:
    stack, ids, _ = renamed
    old, name = stack.stack.folder, stack.stack.variables["name"]
    new = old.with_name("new")
    shutil.copytree(old, new, ignore=shutil.ignore_patterns("*.tfstate*", "*.tfplan"))
    (new / "main.tf").write_text((new / "main.tf").read_text().partition("moved {")[0])
    text = OTHER_CONFIGURATION.text.replace("demo-tasks", f"{name}-tasks").replace("task_runner.aws", "documents.aws")
    for line in text.splitlines():
        _, place, *command = shlex.split(line)
        terraform(stack, *command, folder={"-chdir=new": new, "-chdir=old": old}[place])
    assert stack.api.get(ids["done"])["status"] == "completed"
    terraform(stack, "destroy", "-auto-approve", "-input=false", folder=new)  # its state holds the table alone
    assert f"{name}-tasks" not in stack.target.client("dynamodb").list_tables()["TableNames"]
