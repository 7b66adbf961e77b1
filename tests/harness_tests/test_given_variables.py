"""Variables: who gives them a value, and who is asked for one."""

from pathlib import Path

import pytest

from harness.errors import HarnessError
from harness.given_variables import provided, refuse_missing, without_value
from harness.target import Target

VARIABLES = """
variable "name" { type = string }
variable "team" {
  description = "Whose tasks."
  type        = string
}
variable "size" { default = 1 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "variables.tf").write_text(VARIABLES)
    return tmp_path


def test_a_variable_without_a_value_is_asked_for_by_name(folder: Path) -> None:
    with pytest.raises(HarnessError, match=r"\n  team: Whose tasks\.\nGive them with -var team=\.\.\. \(make: VARS="):
        refuse_missing(folder, [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("terraform.tfvars", 'team = "a"\n'),
        ("some.auto.tfvars", 'other = { team = 1 }\nteam = "a"'),
        ("terraform.tfvars.json", '{"team": "a"}'),
    ],
)
def test_a_file_of_theirs_gives_values(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    refuse_missing(folder, [])


def test_a_file_that_terraform_does_not_read_by_itself_counts_once_it_is_given(folder: Path) -> None:
    (folder / "prod.tfvars").write_text('team = "a"')
    assert "team" in without_value(folder, [])
    assert "team" not in without_value(folder, [f"-var-file={folder / 'prod.tfvars'}"])


def test_the_command_line_and_the_environment_give_values(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_missing(folder, ["-var=team=a=b"])
    monkeypatch.setenv("TF_VAR_team", "a")
    refuse_missing(folder, [])


def test_the_harness_names_what_has_no_name_and_leaves_a_name_of_theirs(folder: Path) -> None:
    here = Target.embedded("http://127.0.0.1:1")
    assert provided(here, folder, []) == {"name": f"task-runner-{folder.name}"}
    (folder / "terraform.tfvars").write_text('name = "theirs"')
    assert provided(here, folder, []) == {}
    assert provided(Target("aws", "eu-west-1"), folder, [])["name"] == f"task-runner-{folder.name}"
