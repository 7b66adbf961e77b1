"""What cannot work is named before anything is applied, with what to do."""

from pathlib import Path

import pytest

from harness.configuration import module_folders
from harness.errors import HarnessError
from harness.preflight import missing_provider, refuse_planned, refuse_providers, refuse_written

NOT_FOUND = """
│ Error: Failed to query available provider packages
│
│ Could not retrieve the list of available versions for provider
│ hashicorp/random: could not connect
"""


def lock(folder: Path, *names: str) -> Path:
    file = folder / ".terraform.lock.hcl"
    file.write_text("".join(f'provider "registry.terraform.io/{name}" {{\n}}\n' for name in names))
    return file


def test_a_provider_that_works_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match=r"no place for the provider registry\.terraform\.io/integrations/github"):
        refuse_providers(lock(tmp_path, "hashicorp/aws", "integrations/github"))


def test_providers_that_need_no_account_are_fine(tmp_path: Path) -> None:
    refuse_providers(lock(tmp_path, "hashicorp/aws", "hashicorp/random", "hashicorp/archive"))
    refuse_providers(tmp_path / "none")


def test_a_provider_that_is_not_found_comes_with_advice() -> None:
    assert "hashicorp/random cannot be installed" in (missing_provider(NOT_FOUND) or "")
    assert missing_provider("Error: Unsupported argument") is None


def test_a_planned_resource_that_is_known_to_fail_is_named() -> None:
    refuse_planned("aws_sqs_queue.x", "aws_sqs_queue")
    with pytest.raises(HarnessError, match=r"module\.x\.aws_xray_group\.this\[0\]: aws_xray_group is not known to it"):
        refuse_planned("module.x.aws_xray_group.this[0]", "aws_xray_group")


def test_what_is_written_and_known_to_fail_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_api_gateway_rest_api" "x" {\n  name = "x"\n  body = "{}"\n}\n')
    with pytest.raises(HarnessError, match=r"main\.tf:3: aws_api_gateway_rest_api\.x"):
        refuse_written(module_folders(tmp_path))


def test_a_state_of_theirs_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('data "terraform_remote_state" "network" {\n  backend = "remote"\n}\n')
    with pytest.raises(HarnessError, match=r"data\.terraform_remote_state\.network would read a state of yours"):
        refuse_written(module_folders(tmp_path))
