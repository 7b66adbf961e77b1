"""What changes is deployed to the workers that are made of it, and said only of those."""

import base64
import hashlib
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness import deployment, task_code
from harness.deployment import Deployment
from harness.errors import HarnessError
from harness.instances import Instance
from harness.task_code import DEMO

MAPPING = {"State": "Disabled", "FunctionArn": "arn:aws:lambda:us-east-1:1:function:f"}


class Aws:
    """Stands for the Lambda and SQS clients: holds a package for each function."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def get_function_configuration(self, FunctionName: str) -> Any:  # noqa: N803 - as boto3 has it
        digest = hashlib.sha256(self.code.get(FunctionName, b"")).digest()
        return {"CodeSha256": base64.b64encode(digest).decode(), "LastUpdateStatus": "Successful"}

    def update_function_code(self, FunctionName: str, ZipFile: bytes) -> None:  # noqa: N803 - as boto3 has it
        self.code[FunctionName] = ZipFile

    def get_event_source_mapping(self, **_: Any) -> Any:
        return MAPPING

    def update_event_source_mapping(self, **_: Any) -> None:
        """Deliveries are no matter here."""

    def get_queue_attributes(self, **_: Any) -> Any:
        return {"Attributes": {"ApproximateNumberOfMessagesNotVisible": "0"}}


@pytest.fixture
def aws() -> Aws:
    return Aws()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("mail", "web"):
        (tmp_path / f"{name}.py").write_text("one")
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as package:
            package.write(tmp_path / f"{name}.py", f"{name}.py")
    return tmp_path


def instance(name: str, package: Path | None) -> Instance:
    outputs = {"worker_function_name": name, "event_source_mapping_uuid": name, "queue_url": name}
    return Instance(
        f"module.{name}", name, outputs, str(package) if package else None, is_open=True, max_receive_count=4
    )


def deployed(aws: Aws, folder: Path, *instances: Instance) -> Deployment:
    """A deployment of what its packages say already."""
    packages = SimpleNamespace(
        code=lambda each: task_code.task_code(folder, each.package and Path(each.package)), keep=lambda *_: None
    )
    stack: Any = SimpleNamespace(packages=packages, target=SimpleNamespace(client=lambda _: aws))
    made = Deployment(stack, instances)
    list(made.catch_up())
    return made


def test_an_edit_is_deployed_to_the_instance_that_has_the_file(aws: Aws, folder: Path) -> None:
    mail, web = (instance(name, folder / f"{name}.zip") for name in ("mail", "web"))
    made = deployed(aws, folder, mail, web)
    before = aws.code["web"]
    (folder / "mail.py").write_text("two = 2")
    (said,) = made.put([folder / "mail.py"])
    assert said.startswith("mail: Deployed in ")
    assert b"two = 2" in aws.code["mail"]
    assert aws.code["web"] == before


def test_the_demo_goes_to_no_worker_that_runs_code_of_its_own(
    aws: Aws, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    demo = tmp_path / "demo"
    demo.mkdir()
    (demo / "tasks.py").write_text("")
    monkeypatch.setattr(task_code.Demo, "roots", (demo,))
    made = deployed(aws, folder, instance("mail", folder / "mail.zip"), instance("shown", DEMO))
    own = aws.code["mail"]
    aws.code["shown"] = b"older"
    (said,) = made.put([demo / "tasks.py"])
    assert said.startswith("shown: Deployed in ")
    assert aws.code == {"mail": own, "shown": DEMO.read_bytes()}


def test_what_changes_nothing_is_not_called_deployed(aws: Aws, folder: Path) -> None:
    made = deployed(aws, folder, instance("mail", folder / "mail.zip"))
    assert list(made.put([folder / "mail.py"])) == ["Nothing to deploy: its package is what it was."]


def test_requirements_that_change_need_a_package_built_anew(aws: Aws, folder: Path) -> None:
    (folder / "requirements.txt").touch()
    made = deployed(aws, folder, instance("mail", folder / "mail.zip"))
    (said,) = made.put([folder / "requirements.txt"])
    assert said == "Nothing to deploy: its package is what it was. Build it, and the libraries come with it."


def test_a_package_that_somebody_builds_is_deployed(aws: Aws, folder: Path) -> None:
    made = deployed(aws, folder, instance("mail", folder / "mail.zip"))
    with zipfile.ZipFile(folder / "mail.zip", "a") as package:
        package.writestr("library.py", "")
    (said,) = made.put([folder / "mail.zip"])
    assert said.startswith("Deployed in ")


def test_sources_that_are_newer_than_their_package_run_at_once(aws: Aws, folder: Path) -> None:
    (folder / "mail.py").write_text("newer = 1")
    deployed(aws, folder, instance("mail", folder / "mail.zip"))
    assert b"newer = 1" in aws.code["mail"]


def test_a_package_without_sources_here_is_told_to_take_an_apply(aws: Aws, folder: Path) -> None:
    made = deployed(aws, folder, instance("s3", None), instance("made", folder / "made-by-terraform.zip"))
    assert list(made.describe()) == [
        "module.s3: Its package is in S3, so a change of its code takes an apply.",
        "module.made: Its package is made by Terraform, so a change of its code takes an apply.",
    ]
    assert not aws.code


def test_code_that_does_not_compile_is_deployed_nowhere(
    aws: Aws, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = deployed(aws, folder, instance("mail", folder / "mail.zip"))
    before = dict(aws.code)
    (folder / "mail.py").write_text("def (")
    monkeypatch.setattr(deployment, "redeploy", lambda *_: pytest.fail("deployed"))
    with pytest.raises(HarnessError, match=r"mail\.py:1: SyntaxError"):
        list(made.put([folder / "mail.py"]))
    assert aws.code == before
