"""The copy of the module and of a configuration that Terraform works on; what was copied is never written to.

The module stands at the copy's top. A configuration of this repository has the same place below it as here. One from
elsewhere stands below `yours`, among links to its neighbours, so that paths that lead out of its folder lead on.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path, PurePath

from harness.configuration import ModuleFolder, leads_here, module_folders
from harness.errors import HarnessError
from harness.overrides import FILE as OVERRIDES
from harness.overrides import overrides
from harness.paths import ROOT, module_files

_LEVELS = 2  # of folders around one that is in no git repository
_NOT_COPIED: Callable[[str, list[str]], set[str]] = shutil.ignore_patterns(
    ".terraform*", "*.tfstate*", "__pycache__", ".git", ".venv", "node_modules"
)
_READ_BY_TERRAFORM = ("*.tf", "*.tfvars", "*.tfvars.json")


def surroundings(source: Path) -> Path:
    """Return the folder whose content a configuration may lead to: its repository, or some levels up."""
    above = [folder for folder in source.parents if folder != folder.parent]
    for folder in above:
        if (folder / ".git").exists():
            return folder
    return above[:_LEVELS][-1] if above else source


class WorkingCopy:
    """A copy below `home`. Attributes: folder: the configuration's place in it."""

    def __init__(self, source: Path, home: Path) -> None:
        """Copy nothing yet. `source` is the configuration's folder."""
        self.source, self.home = source.resolve(), home.resolve()
        inside = self.source.is_relative_to(ROOT)
        self._from, self._to = (ROOT, self.home) if inside else (surroundings(self.source), self.home / "yours")
        self.folder = self.place(self.source)

    def place(self, original: Path) -> Path:
        """Return where a file or folder of the configuration, or one around it, is in the copy."""
        return self._to / PurePath(os.path.relpath(original, self._from))

    def original(self, path: Path) -> Path:
        """Return what a path in the copy is a copy of; a path elsewhere, or through a link, is itself."""
        path = Path(os.path.normpath(path))
        for here, there in ((self._to, self._from), (self.home, ROOT)):
            if path.is_relative_to(here):
                return Path(os.path.normpath(there / path.relative_to(here)))
        return path

    def make(self, *, embedded: bool) -> list[str]:
        """Copy everything as it is now; return, in sentences, where the copy says something else than the original."""
        for old in self.home.glob("*.tf"):
            old.unlink()  # one that is gone must not stay in the copy
        for file in module_files():
            copy = self.home / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        folders = module_folders(self.source)
        for folder in folders:
            if not folder.path.is_relative_to(self._from):
                raise HarnessError(
                    f"{self.source} calls the module {folder.path}, which is too far away to be copied with it. Put "
                    "both into one git repository, or closer to each other."
                )
        for folder in folders:
            if folder.path == self.source or not folder.path.is_relative_to(self.source):
                self._copy(folder.path)
        said = [sentence for folder in folders for sentence in self._lead_here(folder)]
        for folder in folders:
            said += self._override(folder, embedded=embedded, root=folder.path == self.source)
        return said

    def override_downloaded(self, *, embedded: bool) -> list[str]:
        """Do the same to the modules that `terraform init` has put into the copy."""
        said = []
        index = self.folder / ".terraform" / "modules" / "modules.json"
        for module in json.loads(index.read_text())["Modules"] if index.is_file() else ():
            path = PurePath(module["Dir"])
            if path.is_relative_to(".terraform"):
                folder = ModuleFolder.read(self.folder / path)
                text, sentences = overrides(folder, embedded=embedded, root=False)
                if text:
                    (folder.path / OVERRIDES).write_text(text)
                said += sentences
        return said

    def own(self, path: Path) -> Path | None:
        """Make a file of the copy one that can be written, and return it; None where the path leads out of the copy."""
        if not path.is_relative_to(self.home):
            return None
        if self._is_among_links(path):
            self._stand_among_links(self.original(path).parent)
        if path.is_symlink():
            path.unlink()
        return path

    def _is_among_links(self, path: Path) -> bool:
        return self._to != self.home and path.is_relative_to(self._to)

    def _copy(self, original: Path) -> None:
        place = self.place(original)
        if self._is_among_links(place):
            self._stand_among_links(original.parent)
        _clear(place)
        shutil.copytree(original, place, ignore=self._ignored, dirs_exist_ok=True)

    def _ignored(self, folder: str, names: list[str]) -> set[str]:
        """Leave out what Terraform does not read, and this checkout: it may be in the folder, with the copy in it.

        And links to nothing: `copytree` itself takes a relative one for such, unless it leads on from where we stand.
        """
        left_out = {name for name in names if not Path(folder, name).exists()}
        left_out |= {name for name in names if Path(folder, name).resolve() in {ROOT, self.home}}
        return left_out | _NOT_COPIED(folder, names)

    def _stand_among_links(self, original: Path) -> None:
        """Make a folder in the copy that holds a link to whatever the original holds, and those that lead to it."""
        if original != self._from:
            self._stand_among_links(original.parent)
        place = self.place(original)
        if place.is_symlink():
            place.unlink()
        place.mkdir(parents=True, exist_ok=True)
        if original.is_relative_to(self.source):
            return  # that was copied whole
        for entry in original.iterdir():
            if not os.path.lexists(place / entry.name):
                (place / entry.name).symlink_to(entry)

    def _lead_here(self, folder: ModuleFolder) -> list[str]:
        """Make each call of this module in a folder mean the copy's."""
        said = []
        here = os.path.relpath(self.home, self.place(folder.path))
        for file in {block.file for block in folder.of("module")}:
            text, cuts = file.read_text(), []
            for block, source in folder.calls():
                if block.file != file or not leads_here(source.literal or "", folder.path) or source.literal == here:
                    continue
                cuts.append((source.start, source.end, f'"{here}"'))
                if version := block.arguments.get("version"):  # a local path has none
                    cuts.append((version.name_at, version.end, ""))
                if (folder.path / (source.literal or "")).resolve() != ROOT:
                    place = f"{os.path.relpath(file, self.source)}:{source.line}"
                    said.append(f'{place}: module "{block.labels[0]}" is this checkout, not {source.text}.')
            for start, end, new in sorted(cuts, reverse=True):
                text = text[:start] + new + text[end:]
            if cuts:
                (self.place(folder.path) / file.name).write_text(text)
        return said

    def _override(self, folder: ModuleFolder, *, embedded: bool, root: bool) -> list[str]:
        text, said = overrides(folder, embedded=embedded, root=root)
        if text:
            (self.place(folder.path) / OVERRIDES).write_text(text)
        return said


def _clear(place: Path) -> None:
    """Take away links, through which a copy would write, and what Terraform reads, since its original may be gone."""
    if place.is_symlink():
        place.unlink()
    for folder, folders, names in os.walk(place):
        folders[:] = [name for name in folders if name != ".terraform"]
        for path in (Path(folder, name) for name in (*folders, *names)):
            if path.is_symlink() or (path.is_file() and any(path.match(pattern) for pattern in _READ_BY_TERRAFORM)):
                path.unlink()
