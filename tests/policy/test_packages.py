"""The committed Lambda packages are what the sources build, byte for byte."""

import zipfile
from pathlib import Path

import pytest

import package

COMMITTED = Path(package.__file__).parent / "dist"
LARGEST = {"demo.zip": 4_000, "task_runner.zip": 200_000}
"""Bytes; each cold start unpacks them, and each version of this repository carries them."""


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in package.build(tmp_path_factory.mktemp("dist"))}


def test_committed_packages_are_up_to_date(rebuilt: dict[str, bytes]) -> None:
    stale = [name for name, built in rebuilt.items() if (COMMITTED / name).read_bytes() != built]
    assert not stale, "these differ from what the sources build: run `make package` and commit the result"
    assert sorted(path.name for path in COMMITTED.iterdir()) == sorted(rebuilt)


def test_packages_are_pure_python_and_carry_no_bytecode(rebuilt: dict[str, bytes]) -> None:
    for name in rebuilt:
        with zipfile.ZipFile(COMMITTED / name) as archive:
            odd = [entry for entry in archive.namelist() if entry.endswith((".so", ".pyd", ".dylib", ".pyc"))]
            assert not odd, name
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_packages_stay_small(rebuilt: dict[str, bytes]) -> None:
    assert {name for name, built in rebuilt.items() if len(built) > LARGEST[name]} == set()
