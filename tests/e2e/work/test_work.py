"""The caller's own work: a package in S3, a layer over the module's, and grants for the task code alone."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.conftest import SUBJECTS, Live, live, package_of, packaged
from e2e.plans import second_plan
from harness.paths import ROOT
from harness.redeploy import update_code

SOURCE = SUBJECTS / "work"


def layer_over_ours(folder: Path) -> str:
    """Zip a layer with the files of the module's own, and a mark in one of them.

    All of them, since the embedded AWS keeps layers in folders of their own, and a package counts in one alone.
    """
    layer = folder / "layer.zip"
    with zipfile.ZipFile(ROOT / "lambda_src" / "dist" / "task_runner.zip") as ours, zipfile.ZipFile(layer, "w") as over:
        for name in ours.namelist():
            mark = b"\nFROM_MY_LAYER = True\n" if name.endswith("/testing.py") else b""
            over.writestr(name, ours.read(name) + mark)
    return str(layer)


def version_behind(alias_arn: str, stack: Live) -> str:
    """The number of the version that an alias points to, and not $LATEST."""
    function, _, alias = alias_arn.rpartition(":")
    version = stack.target.client("lambda").get_alias(FunctionName=function, Name=alias)["FunctionVersion"]
    return str(int(version))


def callable_parts(stack: Live, **qualifier: str) -> set[str]:
    """What the API function's policies name; without a qualifier the embedded AWS tells the alias' as well."""
    client = stack.target.client("lambda")
    try:
        policy = client.get_policy(FunctionName=stack.outputs["api_function_name"], **qualifier)["Policy"]
    except client.exceptions.ResourceNotFoundException:
        return set()
    return {one["Resource"] for one in json.loads(policy)["Statement"]}


@pytest.fixture(scope="module")
def work(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("work")
    variables = {"package_file": packaged(SOURCE, folder), "layer_file": layer_over_ours(folder)}
    with live(pytestconfig, SOURCE, **variables) as stack:
        yield stack


def test_file_of_the_callers_layer_counts(work: Live) -> None:
    task = work.run({})
    assert (task["status"], task.get("result")) == ("completed", {"from_my_layer": True}), task


@pytest.mark.parametrize("document", ["open", "attached"])
def test_task_code_may_do_what_it_is_granted(work: Live, document: str) -> None:
    task = work.run({"read": document})
    assert task.get("result") == {"text": f"the {document} document"}, task


def test_task_code_may_do_nothing_else(work: Live) -> None:
    task = work.run({"read": "closed"})
    assert task["status"] == "failed"
    assert "AccessDenied" in task["error"]["message"]


def test_a_task_runs_in_the_version_behind_the_alias(work: Live) -> None:
    task = work.run({"version": "?"})
    assert task.get("result") == {"version": version_behind(work.outputs["worker_alias_arn"], work)}, task


def test_the_api_may_call_the_alias_alone(work: Live) -> None:
    assert callable_parts(work, Qualifier="live") == {work.outputs["api_alias_arn"]}
    assert work.outputs["api_function_arn"] not in callable_parts(work)


def test_changed_code_runs_in_a_version_of_its_own(work: Live) -> None:
    """The old one stays what it was, for whoever is in the midst of it."""
    before = version_behind(work.outputs["worker_alias_arn"], work)
    package = package_of((SOURCE / "tasks.py").read_text() + "# changed")
    update_code(work.target, work.outputs, package)
    after = version_behind(work.outputs["worker_alias_arn"], work)
    assert int(after) == int(before) + 1
    assert work.run({"version": "?"}).get("result") == {"version": after}


def test_a_second_plan_is_empty(work: Live) -> None:
    assert second_plan(work) == {}
