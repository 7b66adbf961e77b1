"""A zip made by hand runs with the sources beside it as they are, and stays as it is."""

import io
import zipfile
from pathlib import Path

import pytest

from harness.sources_beside import SourcesBeside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tasks.py").write_text("import library\n")
    (tmp_path / "test_tasks.py").write_text("import tasks\n")
    (tmp_path / "helpers.py").write_text("")
    with zipfile.ZipFile(tmp_path / "tasks.zip", "w") as package:
        package.write(tmp_path / "tasks.py", "tasks.py")
        package.writestr("library.py", "packed")
    return tmp_path


def code(folder: Path) -> SourcesBeside:
    return SourcesBeside.find(folder / "tasks.zip", [folder])


def held(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_zip_that_is_up_to_date_is_taken_as_it_is(folder: Path) -> None:
    assert code(folder).build() == (folder / "tasks.zip").read_bytes()
    assert [path.name for path in code(folder).files()] == ["tasks.zip", "tasks.py"]


def test_an_edit_goes_in_beside_what_else_is_packed(folder: Path) -> None:
    before = (folder / "tasks.zip").read_bytes()
    (folder / "tasks.py").write_text("changed")
    assert held(code(folder).build()) == {"tasks.py": "changed", "library.py": "packed"}
    assert (folder / "tasks.zip").read_bytes() == before


def test_a_new_module_goes_in_once_it_is_imported(folder: Path) -> None:
    (folder / "tasks.py").write_text("from helpers import x\n")
    assert held(code(folder).build()).keys() == {"tasks.py", "library.py", "helpers.py"}
    assert "helpers.py" in [path.name for path in code(folder).files()]


def test_code_that_does_not_parse_is_packed_all_the_same(folder: Path) -> None:
    (folder / "tasks.py").write_text("def (")
    assert held(code(folder).build())["tasks.py"] == "def ("


def test_sources_are_found_in_src(folder: Path) -> None:
    (folder / "src").mkdir()
    (folder / "tasks.py").rename(folder / "src" / "tasks.py")
    assert code(folder).root == folder / "src"


def test_a_zip_that_is_being_written_has_no_sources_yet(folder: Path) -> None:
    found = code(folder)
    (folder / "tasks.zip").write_text("PK")
    assert list(found.files()) == [folder / "tasks.zip"]
