"""Noticing changed files: each change once, and none half way."""

import os
from pathlib import Path

import pytest

from harness.watcher import Watcher, files_below


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "tasks.py").write_text("1")
    return tmp_path


def watch(folder: Path) -> Watcher:
    return Watcher(lambda: files_below(folder))


def settled(watcher: Watcher) -> list[str]:
    """Look twice: the second look tells what has come to rest."""
    return [path.name for path in (*watcher.changes(), *watcher.changes())]


def test_nothing_is_told_until_something_changes(code: Path) -> None:
    watcher = watch(code)
    assert settled(watcher) == []


def test_a_change_an_addition_and_a_deletion_are_told_once(code: Path) -> None:
    (code / "old.py").write_text("1")
    watcher = watch(code)
    (code / "tasks.py").write_text("22")
    (code / "pages").mkdir()
    (code / "pages" / "new.py").write_text("1")
    (code / "old.py").unlink()
    assert sorted(settled(watcher)) == ["new.py", "old.py", "tasks.py"]
    assert settled(watcher) == []


def test_a_change_of_the_same_size_is_told(code: Path) -> None:
    watcher = watch(code)
    (code / "tasks.py").write_text("2")
    os.utime(code / "tasks.py", ns=(1, 1))
    assert settled(watcher) == ["tasks.py"]


def test_files_that_are_still_being_written_are_left_alone(code: Path) -> None:
    watcher = watch(code)
    for size in (2, 3, 4):
        (code / "tasks.py").write_text("x" * size)
        assert watcher.changes() == []
    assert [path.name for path in watcher.changes()] == ["tasks.py"]


def test_a_change_before_the_first_look_is_told(code: Path) -> None:
    watcher = watch(code)
    (code / "tasks.py").write_text("changed while the stack was applied")
    assert settled(watcher) == ["tasks.py"]


@pytest.mark.parametrize("name", [".tasks.py.swp", "tasks.py~", "#tasks.py#", "__pycache__/tasks.pyc", ".git/index"])
def test_caches_and_editors_drafts_are_nobodys_change(code: Path, name: str) -> None:
    watcher = watch(code)
    (code / name).parent.mkdir(exist_ok=True)
    (code / name).write_text("x")
    assert settled(watcher) == []


def test_a_place_may_be_a_file_and_need_not_exist(code: Path) -> None:
    assert list(files_below(code / "tasks.py", code / "nothing")) == [code / "tasks.py"]
