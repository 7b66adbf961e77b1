"""Where a configuration's task code comes from, and when its package is built."""

import os
import time
import zipfile
from pathlib import Path

import pytest

from harness import task_code
from harness.paths import ROOT
from harness.task_code import PackagingError, TaskCode

SCRIPT = """
import zipfile
from pathlib import Path
here = Path(__file__).parent
(here / "build").mkdir(exist_ok=True)
with zipfile.ZipFile(here / "build" / "worker.zip", "w") as archive:
    for file in sorted((here / "src").rglob("*.py")):
        archive.write(file, file.relative_to(here / "src"))
with (here / "runs").open("a") as runs:
    runs.write("x")
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(task_code, "BUILD", tmp_path / "locks")
    folder = tmp_path / "mine"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "my_tasks.py").write_text("one")
    (folder / "package.py").write_text(SCRIPT)
    return folder


def runs(folder: Path) -> int:
    """Count how often the script ran."""
    return len((folder / "runs").read_text())


def built_an_hour_ago(folder: Path) -> TaskCode:
    """Build the package, and let everything be old."""
    code = TaskCode.of(folder)
    code.current()
    now = time.time()
    for path in folder.rglob("*"):
        os.utime(path, (now, now - 7200))
    os.utime(folder / "build" / "worker.zip", (now, now - 3600))
    code.current()
    assert runs(folder) == 1
    return code


def test_a_missing_package_is_built_and_a_current_one_is_not(own: Path) -> None:
    code = TaskCode.of(own)
    package = code.current()
    assert code.current() == package
    assert runs(own) == 1
    assert package == (own / "build" / "worker.zip").read_bytes()


@pytest.mark.parametrize("changed", ["src/my_tasks.py", "src/pages/new.py", "package.py", "requirements.txt"])
def test_a_package_is_built_again_when_anything_in_it_is_newer(own: Path, changed: str) -> None:
    (own / "src" / "pages").mkdir()
    code = built_an_hour_ago(own)
    with (own / changed).open("a") as file:
        file.write("# changed")
    code.current()
    assert runs(own) == 2


def test_a_package_is_built_again_when_a_file_is_gone(own: Path) -> None:
    (own / "src" / "other.py").write_text("two")
    code = built_an_hour_ago(own)
    (own / "src" / "other.py").unlink()
    code.current()
    assert runs(own) == 2


def test_a_failing_script_is_named_with_what_it_said(own: Path) -> None:
    (own / "package.py").write_text("import sys; print('fetching'); sys.exit('no route to the index')")
    with pytest.raises(PackagingError, match=r"package.py failed with exit code 1:\nfetching\nno route to the index"):
        TaskCode.of(own).build()


def test_a_script_that_writes_elsewhere_is_told_where(own: Path) -> None:
    (own / "package.py").write_text("")
    with pytest.raises(PackagingError, match=r"has not written .*build/worker.zip"):
        TaskCode.of(own).current()


def test_the_package_goes_where_the_configuration_looks_for_it(own: Path) -> None:
    assert TaskCode.of(own).place.as_posix() == "examples/mine/build/worker.zip"
    assert TaskCode.of(ROOT / "examples" / "basic").place.as_posix() == "lambda_src/dist/demo.zip"


def test_a_configuration_without_a_script_runs_the_demo(tmp_path: Path) -> None:
    code = TaskCode.of(ROOT / "examples" / "basic")
    package = tmp_path / "demo.zip"
    package.write_bytes(code.build())
    assert package.read_bytes() == (ROOT / "lambda_src" / "dist" / "demo.zip").read_bytes()
    assert zipfile.ZipFile(package).namelist() == ["tasks.py"]
    assert [path.name for path in code.files()] == ["tasks.py"]
