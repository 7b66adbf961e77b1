"""The folder that `new` makes for task code of somebody's own, and what is refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.__main__ import main
from harness.paths import ROOT
from harness_tests.shells import printed_lines, shell

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown) -> tuple[Path, list[str]]:
    """A new folder in one with a space in its name, and the lines that are printed for a shell."""
    monkeypatch.delenv("MAKELEVEL", raising=False)
    (tmp_path / "my code").mkdir()
    assert main(["new", "words", "--in", str(tmp_path / "my code")]) == 0
    return tmp_path / "my code" / "words", printed_lines(capsys.readouterr().out)


def test_its_unit_tests_pass_by_the_line_that_is_printed(made: tuple[Path, list[str]]) -> None:
    _, (tests, *_) = made
    done = shell(tests, Path.cwd())
    assert (done.returncode, "Ran 2 tests" in done.stderr) == (0, True), done.stderr


def test_one_payload_runs_by_the_line_that_is_printed(made: tuple[Path, list[str]]) -> None:
    _, (_, run, *_) = made
    done = shell(run, Path.cwd())
    assert (done.returncode, done.stdout) == (0, '{"words": 4}\n'), done.stderr


def test_its_package_is_built_and_holds_the_task_code(made: tuple[Path, list[str]]) -> None:
    folder, _ = made
    subprocess.run([sys.executable, folder / "package.py"], check=True, capture_output=True)
    shutil.unpack_archive(folder / "build" / "worker.zip", folder / "unpacked")
    assert [path.name for path in (folder / "unpacked").iterdir()] == ["tasks.py"]


def test_its_configuration_uses_this_module_under_its_own_name(made: tuple[Path, list[str]]) -> None:
    folder, _ = made
    text = (folder / "main.tf").read_text()
    source = text.split('source = "')[1].split('"')[0]
    assert source.startswith("../")
    assert (folder / source).resolve() == ROOT
    assert 'name = "words"' in text
    assert "my-tasks" not in "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def test_a_folder_that_is_there_is_left_alone(made: tuple[Path, list[str]], capsys: Shown) -> None:
    folder, _ = made
    (folder / "src" / "tasks.py").write_text("mine")
    assert main(["new", "words", "--in", str(folder.parent)]) == 2
    assert f"{folder} is there already. Take another NAME" in capsys.readouterr().err
    assert (folder / "src" / "tasks.py").read_text() == "mine"


@pytest.mark.parametrize("name", ["", "Words", "9words", "a/b", "..", "w" * 41, "a b"])
def test_a_name_that_will_not_do_is_refused(name: str, tmp_path: Path, capsys: Shown) -> None:
    assert main(["new", name, "--in", str(tmp_path)]) == 2
    assert f"{name!r} will not do as a name: take up to 40" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_missing_is_named(tmp_path: Path, capsys: Shown) -> None:
    assert main(["new", "words", "--in", str(tmp_path / "nowhere")]) == 2
    assert "nowhere. Make it, or name another one with IN=." in capsys.readouterr().err
