"""A package that somebody zips by hand: with the sources beside it, as they are now, in place of what it holds.

The zip itself is left alone. So what is edited runs before it is packed again, with the libraries of the zip.
"""

import ast
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class SourcesBeside:
    """A zip, and the folder with the sources of its modules."""

    package: Path
    root: Path

    @classmethod
    def find(cls, package: Path, near: Iterable[Path]) -> "SourcesBeside":
        """Look for the sources in each of the folders, and in `src` of each."""
        folders = [place for folder in near for place in (folder, folder / "src")]
        names = _modules(package)
        return cls(package, max(folders, key=lambda folder: sum((folder / name).is_file() for name in names)))

    @property
    def roots(self) -> tuple[Path, ...]:
        """The zip, the sources that there are, and what says which libraries the zip should have."""
        return (self.package, *self._sources().values(), *sorted(self.root.glob("requirements*")))

    def files(self) -> Iterator[Path]:
        """Yield the files that there are now."""
        yield from self.roots

    def build(self) -> bytes:
        """Return the zip, with each source that differs put in; the zip's own bytes where none does."""
        with zipfile.ZipFile(self.package) as packed:
            held = {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}
        now = {name: path.read_bytes() for name, path in self._sources().items()}
        if held.items() >= now.items():
            return self.package.read_bytes()
        return _zip({**held, **now})

    def current(self) -> bytes:
        """The same: to zip a few files takes no time."""
        return self.build()

    def _sources(self) -> dict[str, Path]:
        """Return the zip's modules that lie in the root, and the modules there that these import."""
        found: dict[str, Path] = {}
        ahead = _modules(self.package)
        while ahead:
            name = ahead.pop()
            path = self.root / name
            if name not in found and path.is_file():
                found[name] = path
                ahead += _imported(path, self.root)
        return dict(sorted(found.items()))


def _modules(package: Path) -> list[str]:
    try:
        with zipfile.ZipFile(package) as packed:
            return [name for name in packed.namelist() if name.endswith(".py")]
    except (OSError, zipfile.BadZipFile):  # gone, or being written: a later look finds it whole
        return []


def _imported(file: Path, root: Path) -> Iterator[str]:
    """Yield the modules below the root that a file imports by name."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            place = PurePosixPath(*name.split("."))
            for path in (place.with_suffix(".py"), place / "__init__.py"):
                if (root / path).is_file():
                    yield str(path)


def _zip(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name)  # dated 1980: the same sources are the same bytes
            entry.create_system, entry.external_attr = 3, 0o755 << 16
            archive.writestr(entry, data)
    return content.getvalue()
