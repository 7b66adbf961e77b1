"""The copy that Terraform works on: complete, leading nowhere but here, and never written through to the original."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import HarnessError
from harness.overrides import FILE
from harness.paths import ROOT
from harness.working_copy import WorkingCopy

MAIN = """
terraform {
  cloud {
    organization = "theirs"
  }
}
provider "aws" {
  region = "eu-west-1"
  profile = "production"
  endpoints {
    sqs = "https://sqs.eu-west-1.amazonaws.com"
  }
}
module "jobs" {
  source  = "acme/task-runner/aws"
  version = "~> 1.0" # theirs
  worker  = { package_file = "${path.root}/../dist/tasks.zip", handler = "tasks.handle" }
}
module "wrapped" { source = "../modules/wrapped" }
"""
WRAPPED = 'module "inner" { source = "git::ssh://git@example.com/acme/terraform-aws-task-runner" }\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a configuration, a module and what a build has left."""
    top = tmp_path / "repository"
    files = {
        "app/main.tf": MAIN,
        "app/terraform.tfvars": "",
        "app/terraform.tfstate": "theirs",
        "app/.terraform/x": "",
        "modules/wrapped/main.tf": WRAPPED,
        "modules/other/main.tf": "",
        "dist/tasks.zip": "packed",
        ".git/HEAD": "",
    }
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return top


def fingerprint(folder: Path) -> dict[Path, str]:
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Callable[[], WorkingCopy]:
    """Copy the configuration once more to the same place."""

    def made() -> WorkingCopy:
        before = fingerprint(repository)
        copy = WorkingCopy(repository / "app", tmp_path / "home")
        copy.make(embedded=True)
        assert fingerprint(repository) == before
        return copy

    return made


def test_every_call_of_the_module_means_this_checkout(copy: Callable[[], WorkingCopy]) -> None:
    made = copy()
    main = (made.folder / "main.tf").read_text()
    assert 'source  = "../.."\n' in main
    assert "version" not in main
    wrapped = (made.folder / "../modules/wrapped").resolve()
    assert wrapped.is_relative_to(made.home)
    assert f'source = "{os.path.relpath(made.home, wrapped)}"' in (wrapped / "main.tf").read_text()
    assert (made.home / "variables_worker.tf").is_file()


def test_paths_that_lead_out_of_the_folder_lead_on(copy: Callable[[], WorkingCopy], repository: Path) -> None:
    made = copy()
    assert (made.folder / "../dist/tasks.zip").read_text() == "packed"
    assert made.original(made.folder / "../dist/tasks.zip") == repository / "dist" / "tasks.zip"
    assert made.original(made.home / "lambda_src/dist/demo.zip") == ROOT / "lambda_src" / "dist" / "demo.zip"


def test_a_link_is_copied_as_what_it_leads_to_and_one_to_nothing_is_left_out(
    copy: Callable[[], WorkingCopy], repository: Path
) -> None:
    (repository / "common.tf").write_text("# common\n")
    (repository / "app" / "common.tf").symlink_to("../common.tf")
    (repository / "app" / ".#main.tf").symlink_to("an editor's lock")
    made = copy()
    assert (made.folder / "common.tf").read_text() == "# common\n"
    assert not (made.folder / ".#main.tf").is_symlink()


def test_state_and_lock_of_theirs_are_not_taken_over(copy: Callable[[], WorkingCopy]) -> None:
    made = copy()
    assert sorted(path.name for path in made.folder.iterdir()) == ["main.tf", "terraform.tfvars", FILE]


def test_a_package_beside_is_written_in_the_copy_alone(copy: Callable[[], WorkingCopy], repository: Path) -> None:
    made = copy()
    mine = made.own(made.home / "yours" / "dist" / "tasks.zip")
    assert mine is not None
    mine.write_text("changed")
    assert (repository / "dist" / "tasks.zip").read_text() == "packed"
    assert (made.folder / "../dist/tasks.zip").read_text() == "changed"
    assert made.own(repository / "dist" / "tasks.zip") is None
    copy()


def test_what_is_gone_from_the_original_is_gone_from_the_next_copy(
    copy: Callable[[], WorkingCopy], repository: Path
) -> None:
    (repository / "app" / "more.tf").touch()
    assert (copy().folder / "more.tf").is_file()
    (repository / "app" / "more.tf").unlink()
    assert not (copy().folder / "more.tf").exists()


def test_overrides_lead_to_no_account_and_to_no_state_of_theirs(repository: Path, tmp_path: Path) -> None:
    made = WorkingCopy(repository / "app", tmp_path / "home")
    said = made.make(embedded=True)
    text = (made.folder / FILE).read_text()
    assert 'backend "local" {}' in text
    assert "profile = null" in text
    assert 'dynamic "endpoints"' in text
    assert "The state stays in the copy: cloud is not asked." in said
    assert "main.tf: provider aws: region, profile, endpoints left out, so that it leads to no account." in said
    assert any(sentence.startswith('main.tf:15: module "jobs" is this checkout, not "acme/') for sentence in said)


def test_an_account_is_reached_by_the_providers_of_the_configuration(repository: Path, tmp_path: Path) -> None:
    copy = WorkingCopy(repository / "app", tmp_path / "home")
    copy.make(embedded=False)
    assert (copy.folder / FILE).read_text() == 'terraform {\n  backend "local" {}\n}\n'


def test_an_example_of_this_repository_keeps_its_place_and_what_it_says(tmp_path: Path) -> None:
    copy = WorkingCopy(ROOT / "examples" / "basic", tmp_path / "home")
    assert copy.make(embedded=True) == []
    assert copy.folder == tmp_path / "home" / "examples" / "basic"
    assert (copy.folder / "main.tf").read_text() == (ROOT / "examples" / "basic" / "main.tf").read_text()


@pytest.mark.parametrize("name", ["main.tf.json", "main.tofu"])
def test_what_cannot_be_read_is_refused(repository: Path, tmp_path: Path, name: str) -> None:
    (repository / "app" / name).write_text("{}")
    with pytest.raises(HarnessError, match=rf"{name}: the harness reads \*\.tf only"):
        WorkingCopy(repository / "app", tmp_path / "home").make(embedded=True)


def test_a_checkout_in_the_folder_is_not_copied_into_itself(repository: Path) -> None:
    (repository / "app" / "vendor").symlink_to(ROOT)
    (repository / "app" / "own.tf").write_text('module "own" { source = "./vendor" }')
    copy = WorkingCopy(repository / "app", repository / "app" / "home")
    assert not any("own" in sentence for sentence in copy.make(embedded=True))
    assert not (copy.folder / "vendor").exists()
    assert not (copy.folder / "home").exists()
    assert 'source = "../.."' in (copy.folder / "own.tf").read_text()


def test_a_module_out_of_reach_is_named(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "main.tf").write_text('variable "x" {}')
    (repository / "app" / "far.tf").write_text('module "far" { source = "../../far" }')
    with pytest.raises(HarnessError, match=r"calls the module .*/far, which is too far away"):
        WorkingCopy(repository / "app", tmp_path / "home").make(embedded=True)


def test_downloaded_modules_lead_to_no_account_either(copy: Callable[[], WorkingCopy]) -> None:
    made = copy()
    modules = made.folder / ".terraform" / "modules"
    theirs = modules / "x"
    theirs.mkdir(parents=True)
    index = {"Modules": [{"Dir": "."}, {"Dir": "../.."}, {"Dir": ".terraform/modules/x"}]}  # as `init` writes it
    (modules / "modules.json").write_text(json.dumps(index))
    (theirs / "main.tf").write_text('provider "aws" {\n  alias = "far"\n  profile = "production"\n}\n')
    assert made.override_downloaded(embedded=True) == [
        "main.tf: provider aws.far: profile left out, so that it leads to no account."
    ]
    assert 'alias = "far"' in (theirs / FILE).read_text()
