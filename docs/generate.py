"""Writes the tables of requirements, inputs and outputs into the READMEs, from the .tf files beside each of them.

And that of the checks that are skipped, with the reasons, into docs/security.md."""

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import hcl2

BEGIN, END = "<!-- BEGIN_TF_DOCS -->", "<!-- END_TF_DOCS -->"
BEGIN_SKIPS, END_SKIPS = "<!-- BEGIN_SKIPS -->", "<!-- END_SKIPS -->"

_RESOURCE_OR_SKIP = re.compile(
    r'^resource "(?P<type>\w+)" "(?P<name>\w+)"|checkov:skip=(?P<check>\w+):(?P<reason>.+)$', re.MULTILINE
)


def readmes(root: Path) -> list[Path]:
    """Return the READMEs that have tables: the module's own and those of the examples."""
    return [root / "README.md", *sorted(root.glob("examples/*/README.md"))]


def pages(root: Path) -> dict[Path, str]:
    """Return each page that has generated tables, with its text as it should be.

    Raises:
        SystemExit: a page is missing, or lacks its two markers.
    """
    texts = {readme: _filled(readme, BEGIN, END, _tables(readme.parent)) for readme in readmes(root)}
    security = root / "docs" / "security.md"
    return {**texts, security: _filled(security, BEGIN_SKIPS, END_SKIPS, _skips(root))}


def _filled(page: Path, begin: str, end: str, tables: str) -> str:
    try:
        head, rest = page.read_text().split(begin)
        _, tail = rest.split(end)
    except (FileNotFoundError, ValueError):
        sys.exit(f"{page} must exist and hold '{begin}' and '{end}', once each")
    return f"{head}{begin}\n{tables}{end}{tail}"


def _skips(root: Path) -> str:
    rows: list[tuple[str, ...]] = [("File", "Resource", "Check", "Reason"), ("---",) * 4]
    for file in [*sorted(root.glob("*.tf")), *sorted(root.glob("examples/*/*.tf"))]:
        resource = ""
        for found in _RESOURCE_OR_SKIP.finditer(file.read_text()):
            if found["type"]:
                resource = f"{found['type']}.{found['name']}"
            else:
                place = file.relative_to(root).as_posix()
                rows.append((f"[{place}](../{place})", f"`{resource}`", found["check"], _cell(found["reason"])))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _tables(folder: Path) -> str:
    inputs = [
        (f"`{name}`", f"`{_type(body)}`", _default(body), _cell(_text(body["description"])))
        for name, body in _blocks(folder, "variable")
    ]
    outputs = [(f"`{name}`", _cell(_text(body["description"]))) for name, body in _blocks(folder, "output")]
    return "".join(
        [
            _table("Requirements", ("Name", "Version"), list(_requirements(folder))),
            _table("Inputs", ("Name", "Type", "Default", "Description"), inputs),
            _table("Outputs", ("Name", "Description"), outputs),
        ]
    )


def _table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines: list[tuple[str, ...]] = [columns, ("---",) * len(columns), *rows]
    return f"### {title}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def _blocks(folder: Path, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and body of each `kind` block in the folder, by name."""
    found = {
        _text(name): body
        for file in folder.glob("*.tf")
        for block in hcl2.loads(file.read_text()).get(kind, [])
        for name, body in block.items()
        if isinstance(body, dict)
    }
    yield from sorted(found.items())


def _requirements(folder: Path) -> Iterator[tuple[str, str]]:
    settings = hcl2.loads((folder / "versions.tf").read_text())["terraform"][0]
    yield "terraform", f"`{_text(settings['required_version'])}`"
    for name, body in settings["required_providers"][0].items():
        if isinstance(body, dict):
            yield name, f"`{_text(body['version'])}`"


def _type(body: dict[str, Any]) -> str:
    """Return the type; of an object only that it is one, since its description tells each attribute."""
    text = str(body["type"]).removeprefix("${").removesuffix("}")
    return "object" if text.startswith("object(") else text


def _default(body: dict[str, Any]) -> str:
    if "default" not in body:
        return "required"
    value = body["default"]
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _text(literal: str) -> str:
    """Return what a string literal of HCL stands for, quoted or a heredoc."""
    if literal.startswith('"<<-'):
        return textwrap.dedent("\n".join(literal.splitlines()[1:-1]))
    return str(json.loads(literal)) if literal.startswith('"') else literal


def _cell(text: str) -> str:
    return text.strip().replace("|", "\\|").replace("\n", "<br>")


def main() -> int:
    """Rewrite the pages, or with --check say which are stale; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is stale")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1], help="the repository")
    arguments = parser.parse_args()
    stale = {path: text for path, text in pages(arguments.root).items() if text != path.read_text()}
    for path, text in stale.items():
        if arguments.check:
            print(f"{path.relative_to(arguments.root)} is stale: run `make docs`", file=sys.stderr)
        else:
            path.write_text(text)
    return int(arguments.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
