import json
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.subjects import NAMES, load

RUN = {"machine": {"cores": 2, "cpu": "Some CPU", "lambda_python": "3.12.1"}, "commit": "abc", "seconds": 9}


def test_page_is_drawn_from_the_kept_results() -> None:
    text = report.PAGE.read_text()
    assert report.page(text, report.kept()) == text, "run `make bench SUBJECTS=--draw`"


@pytest.mark.parametrize("name", NAMES)
def test_subject_with_a_plot_has_its_picture_on_the_page(name: str) -> None:
    plotted = hasattr(load(name), "plot")
    assert (f"](benchmarks/{name}.png)" in report.PAGE.read_text()) == plotted
    assert (report.FOLDER / f"{name}.png").is_file() == (plotted and name in report.kept())


def test_kept_results_do_not_tell_whose_machine_it_was() -> None:
    for run in report.kept().values():
        assert set(run["machine"]) <= {"cpu", "cores", "python", "lambda_python", "ministack", "terraform", "provider"}
        assert "/" not in json.dumps(run["machine"])


def test_result_replaces_its_own_earlier_one_only(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    for value, name in enumerate(["drain", "latency", "drain"]):
        report.keep(name, RUN, {"value": value}, file)
    assert {name: run["result"]["value"] for name, run in report.kept(file).items()} == {"latency": 1, "drain": 2}
    assert report.kept(file)["drain"]["commit"] == "abc"


def test_long_lists_stand_on_one_line(tmp_path: Path) -> None:
    report.keep("calls", RUN, {"curve": [1, 2, 3], "rows": [{"a": 1}]}, tmp_path / "results.json")
    assert '"curve": [ 1, 2, 3 ]' in (tmp_path / "results.json").read_text()
    assert report.kept(tmp_path / "results.json")["calls"]["result"]["curve"] == [1, 2, 3]


def test_page_without_markers_is_refused() -> None:
    with pytest.raises(SystemExit, match="<!-- BEGIN_LATENCY -->"):
        report.page("# No markers\n", {})


def marker(name: str) -> str:
    return name.upper().replace("-", "_")


def test_subject_that_was_never_measured_says_so() -> None:
    page = "".join(f"<!-- BEGIN_{marker(name)} -->\n<!-- END_{marker(name)} -->\n" for name in NAMES)
    assert report.page(page, {}).count("Not measured yet.") == len(NAMES)
