"""docs/cost.md is what the client's cost model tells, adds up, and is what the README says."""

import re
from pathlib import Path

import pytest

from harness.paths import ROOT
from policy.pages import README
from support.generated import written_by
from task_runner_client.cost import Load, bill

COST = ROOT / "docs" / "cost.md"

# What, how many, price for how many, cost.
ROW = re.compile(r"^\| [^|*]+ \| ([\d,.]+)[^|]* \| ([\d.]+) for ([\d,]+) \| ([\d.]+) \|$", re.MULTILINE)


def number(text: str) -> float:
    return float(text.replace(",", ""))


def test_page_is_current() -> None:
    done = written_by("costs.py", "--check")
    assert done.returncode == 0, done.stderr


def test_sum_that_was_changed_by_hand_is_stale_and_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "cost.md"
    right = COST.read_text()
    page.write_text(right.replace("| 10.50 |", "| 9.50 |", 1))
    done = written_by("costs.py", "--check", "--page", page)
    assert (done.returncode, done.stderr) == (1, "cost.md is stale: run `make docs`\n")
    assert written_by("costs.py", "--page", page).returncode == 0
    assert page.read_text() == right


@pytest.mark.parametrize("marker", ["<!-- BEGIN_POLLS -->", "<!-- END_PRICES -->"])
def test_page_without_one_of_its_markers_is_refused(marker: str, tmp_path: Path) -> None:
    page = tmp_path / "cost.md"
    page.write_text(COST.read_text().replace(marker, ""))
    done = written_by("costs.py", "--page", page)
    assert done.returncode == 1
    assert marker in done.stderr


def test_rows_of_the_example_add_up() -> None:
    rows = ROW.findall(COST.read_text())
    assert len(rows) > 8
    for many, price, per, cost in rows:
        assert number(many) * number(price) / number(per) == pytest.approx(number(cost), abs=0.0051)
    total = sum(number(cost) for *_, cost in rows)
    [together] = re.findall(r"\*\*([\d.]+)\*\* \|$", COST.read_text(), re.MULTILINE)
    assert total == pytest.approx(number(together), abs=0.0101)


def test_readme_says_the_same_sums() -> None:
    made, readme = bill(Load()), README.read_text()
    assert readme.count(f"{made.usd:.2f} USD") == 2
    assert f"of which {made.usd_of('api_request'):.2f} USD are API Gateway's" in readme
    assert f"an idle stack costs {bill(Load(tasks=0)).usd:.2f} USD" in readme
