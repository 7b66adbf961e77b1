"""The blocks of HCL in the pages are formatted, and the module accepts them: all are planned, in one go."""

import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.terraform import terraform_binary, terraform_environment
from plan.planner import Plan, Planner
from policy.pages import Block, blocks

BLOCKS = blocks("hcl")
USES = [block for block in BLOCKS if "terraform-aws-task-runner" in block.text]


def folder_of(block: Block) -> str:
    return re.sub(r"\W", "_", str(block))


def placed(block: Block) -> str:
    """The block as a module beside this one, which it has as its source; the provider is the planner's."""
    text = re.sub(r'source = "[^"]*terraform-aws-task-runner[^"]*"', 'source = "../"', block.text)
    return re.sub(r'^provider "aws" \{.*?^\}$', "", text, flags=re.DOTALL | re.MULTILINE)


def write_packages(text: str, root: Path, module: Path) -> None:
    """Make the zips that the block takes for built."""
    for place, name in re.findall(r'package_file = "(?:\$\{path\.(root|module)\}/)?([^"]+)"', text):
        folder = module if place == "module" else root
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(folder / name, "w") as package:
            package.writestr("tasks.py", "")


@pytest.fixture(scope="module")
def planned() -> Iterator[Plan]:
    with tempfile.TemporaryDirectory(prefix="task-runner-pages-") as home:
        planner = Planner(Path(home))
        root = Path(home) / "pages"
        root.mkdir()
        for block in USES:
            folder = Path(home) / folder_of(block)
            folder.mkdir()
            (folder / "main.tf").write_text(placed(block))
            write_packages(block.text, root, folder)
        calls = (f'module "{folder_of(block)}" {{\n  source = "../{folder_of(block)}"\n}}\n' for block in USES)
        (root / "main.tf").write_text("\n".join(calls))
        yield planner("pages")


def test_there_are_blocks() -> None:
    assert len(USES) >= 5


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_it_is_formatted(block: Block) -> None:
    done = subprocess.run(
        [terraform_binary().path, "fmt", "-"],
        input=block.text,
        capture_output=True,
        text=True,
        check=False,
        env=terraform_environment(),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == block.text


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_the_module_accepts_it(block: Block, planned: Plan) -> None:
    assert block in USES, "a block that is no whole configuration cannot be tried: write it out"
    made = [address for address in planned.values if address.startswith(f"module.{folder_of(block)}.")]
    assert any(address.endswith("aws_sqs_queue.this[0]") for address in made)
