"""Where a configuration's task code comes from, and when its package is built."""

import os
import time
import zipfile
from pathlib import Path

import pytest

from harness import package_script
from harness.package_script import PackageScript, PackagingError
from harness.paths import ROOT
from harness.sources_beside import SourcesBeside
from harness.task_code import DEMO, Demo, package_before_plan, task_code

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
    monkeypatch.setattr(package_script, "BUILD", tmp_path / "locks")
    folder = tmp_path / "mine"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "my_tasks.py").write_text("one")
    (folder / "package.py").write_text(SCRIPT)
    return folder


def runs(folder: Path) -> int:
    """Count how often the script ran."""
    return len((folder / "runs").read_text())


def script(folder: Path) -> PackageScript:
    return PackageScript(folder, folder / "build" / "worker.zip")


def built_an_hour_ago(folder: Path) -> PackageScript:
    """Build the package, and let everything be old."""
    code = script(folder)
    code.current()
    now = time.time()
    for path in folder.rglob("*"):
        os.utime(path, (now, now - 7200))
    os.utime(folder / "build" / "worker.zip", (now, now - 3600))
    code.current()
    assert runs(folder) == 1
    return code


def test_a_missing_package_is_built_and_a_current_one_is_not(own: Path) -> None:
    code = script(own)
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
        script(own).build()


def test_a_script_that_writes_elsewhere_is_told_where(own: Path) -> None:
    (own / "package.py").write_text("")
    with pytest.raises(PackagingError, match=r"has not written .*build/worker.zip"):
        script(own).current()


def test_a_script_may_write_elsewhere_as_long_as_nobody_says_where(own: Path) -> None:
    (own / "package.py").write_text("open('ran', 'w')")
    package_before_plan(own)
    assert (own / "ran").exists()


def test_the_demo_is_what_its_sources_say(tmp_path: Path) -> None:
    package = tmp_path / "demo.zip"
    package.write_bytes(Demo().build())
    assert package.read_bytes() == DEMO.read_bytes()
    assert zipfile.ZipFile(package).namelist() == ["tasks.py"]
    assert [path.name for path in Demo().files()] == ["tasks.py"]


@pytest.mark.parametrize(
    ("place", "kind"), [("tasks.zip", SourcesBeside), ("lib/x.zip", SourcesBeside), ("not/there.zip", type(None))]
)
def test_code_of_ones_own_is_never_the_demo(tmp_path: Path, place: str, kind: type) -> None:
    (tmp_path / "lib").mkdir()
    for name in ("tasks.zip", "lib/x.zip"):
        zipfile.ZipFile(tmp_path / name, "w").close()
    assert isinstance(task_code(tmp_path, tmp_path / place), kind)
    assert isinstance(task_code(tmp_path, DEMO), Demo)


def test_a_package_in_s3_has_no_sources_here() -> None:
    assert task_code(ROOT, None) is None


@pytest.mark.parametrize("place", ["build/worker.zip", "tasks.zip", "elsewhere/tasks.zip"])
def test_a_script_beside_the_configuration_packs_its_code(own: Path, place: str) -> None:
    code = task_code(own, own / place)
    assert isinstance(code, PackageScript)
    assert code.folder == own


def test_a_script_further_up_is_nobodys(own: Path) -> None:
    (own / "deeper").mkdir()
    assert task_code(own / "deeper", own / "deeper" / "tasks.zip") is None
