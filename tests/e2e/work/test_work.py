"""The caller's own work: a package in S3, a layer over the module's, and grants for the task code alone."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.conftest import SUBJECTS, Live, live, packaged
from e2e.plans import second_plan
from harness.paths import ROOT

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


def test_a_second_plan_is_empty(work: Live) -> None:
    assert second_plan(work) == {}
