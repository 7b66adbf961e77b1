"""Writes the tables of requirements, inputs and outputs into the READMEs, from the .tf files beside each of them."""

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import hcl2

BEGIN, END = "<!-- BEGIN_TF_DOCS -->", "<!-- END_TF_DOCS -->"


def readmes(root: Path) -> list[Path]:
    """Return the READMEs that have tables: the module's own and those of the examples."""
    return [root / "README.md", *sorted(root.glob("examples/*/README.md"))]


def rendered(readme: Path) -> str:
    """Return the README's text with its tables as they should be.

    Raises:
        SystemExit: the README is missing, or lacks the two markers.
    """
    try:
        head, rest = readme.read_text().split(BEGIN)
        _, tail = rest.split(END)
    except (FileNotFoundError, ValueError):
        sys.exit(f"{readme} must exist and hold '{BEGIN}' and '{END}', once each")
    return f"{head}{BEGIN}\n{_tables(readme.parent)}{END}{tail}"


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
    """Rewrite the READMEs, or with --check say which are stale; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a README is stale")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1], help="the repository")
    arguments = parser.parse_args()
    stale = [path for path in readmes(arguments.root) if rendered(path) != path.read_text()]
    for path in stale:
        if arguments.check:
            print(f"{path.relative_to(arguments.root)} is stale: run `make docs`", file=sys.stderr)
        else:
            path.write_text(rendered(path))
    return int(arguments.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
