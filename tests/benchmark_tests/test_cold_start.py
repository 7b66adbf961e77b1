import shutil
from pathlib import Path
from typing import Any

import pytest

from benchmarks import observed
from benchmarks.observed import by_package
from benchmarks.subjects import cold_start
from harness.errors import HarnessError

TOLD = """import time: self [us] | cumulative | imported package
import time:       120 |        120 |   botocore.utils
import time:      2000 |       2120 | botocore
{"ready": 1}
"""


def test_imports_are_read_with_what_each_takes_by_itself() -> None:
    assert observed._imports(TOLD) == {"botocore.utils": 120, "botocore": 2000}


def test_modules_of_a_package_are_added_up() -> None:
    costs = {"json": 1000, "_sha2": 500, "botocore": 2000, "botocore.utils": 120}
    assert by_package(costs) == {"botocore": 2.1, observed.STANDARD: 1.5}


def test_entry_stands_by_itself_since_it_makes_the_clients_while_it_is_imported() -> None:
    costs = {"task_runner.config": 1000, "task_runner.worker.entry": 9000}
    assert by_package(costs) == {observed.ENTRY: 9.0, "task_runner": 1.0}


def test_machine_without_valgrind_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(HarnessError, match="valgrind"):
        observed.instructions(tmp_path, ["api"])


def result(instructions: Any) -> dict[str, Any]:
    measured = {name: {"ready": ms, "first": 5.0} for name, ms in (("api", 300.0), ("worker", 450.0), ("boto3", 400.0))}
    imports = {name: {"botocore": 80.0, "six": 0.1, observed.ENTRY: 40.0} for name in cold_start.SHOWN}
    del imports["boto3"][observed.ENTRY]
    return {"rounds": 9, "medians": measured, "imports": imports, "instructions": instructions}


def test_table_shows_the_ratio_to_boto3_and_marks_what_is_above_it() -> None:
    shown = cold_start.table(result({"api": 9e8, "worker": 1e9, "boto3": 1e9}))
    assert "| CPU until the handler is ready, ms | 300.0 | 450.0 | 400.0 | 0.75 | **1.12** | ≤ 1, 0.8 |" in shown
    assert "| 900.0 | 1,000.0 | 1,000.0 | 0.90 | 1.00 |" in shown


def test_first_request_has_no_target() -> None:
    assert "| 5.0 | 5.0 | 5.0 | 1.00 | 1.00 |  |" in cold_start.table(result("none"))


def test_packages_that_take_little_are_told_together() -> None:
    assert "| others | 0.1 | 0.1 | 0.1 |" in cold_start.table(result("none"))


def test_making_the_clients_is_told_beside_the_imports() -> None:
    shown = cold_start.table(result("none"))
    assert "| together | 80.1 | 80.1 | 80.1 |" in shown
    assert f"| {observed.ENTRY} | 40.0 | 40.0 |  |" in shown


def test_reason_stands_in_place_of_instructions_that_were_not_counted() -> None:
    assert "\nnot installed\n" in cold_start.table(result("not installed"))


def test_plot_is_small(tmp_path: Path) -> None:
    cold_start.plot(result("none"), tmp_path)
    assert (tmp_path / "cold-start.png").stat().st_size < 60_000
