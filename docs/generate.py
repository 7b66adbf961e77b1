"""Writes what the pages say of the .tf files: inputs and outputs into docs/inputs.md and the READMEs of the examples,
the checks that are skipped into docs/security.md."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import inputs
from hcl_files import blocks, default_of, requirements, skips, text, type_of
from marked import filled, publish

BEGIN, END = "<!-- BEGIN_TF_DOCS -->", "<!-- END_TF_DOCS -->"
BEGIN_SKIPS, END_SKIPS = "<!-- BEGIN_SKIPS -->", "<!-- END_SKIPS -->"


def pages(root: Path) -> dict[Path, str]:
    """Return each page that has generated tables, with its text as it should be.

    Raises:
        SystemExit: a page is missing or lacks its two markers, or the description of an input does not fit its type.
    """
    reference, security = root / "docs" / "inputs.md", root / "docs" / "security.md"
    return {
        **{page: filled(page, BEGIN, END, _tables(page.parent)) for page in sorted(root.glob("examples/*/README.md"))},
        reference: filled(reference, BEGIN, END, _reference(root)),
        security: filled(security, BEGIN_SKIPS, END_SKIPS, _skips(root)),
    }


def _tables(folder: Path) -> str:
    """Return the tables of an example."""
    rows = [
        (f"`{name}`", "`object`" if inputs.is_object(body) else f"`{type_of(body)}`", _default(body), _said(body))
        for name, body in blocks(folder, "variable")
    ]
    return "".join(
        [
            _table("### Requirements", ("Name", "Version"), _requirements(folder)),
            _table("### Inputs", ("Name", "Type", "Default", "Description"), rows),
            _table("### Outputs", ("Name", "Description"), _outputs(folder)),
        ]
    )


def _reference(root: Path) -> str:
    """Return the tables of the module, with a section for each input that is an object."""
    sections, rows = [], []
    for name, body in blocks(root, "variable"):
        if inputs.is_object(body):
            rows.append((f"[`{name}`](#{name})", "`object`", _default(body), inputs.introduction(body)))
            table = [(f"`{name}.{one}`", f"`{kind}`", *rest) for one, kind, *rest in inputs.rows(name, body)]
            heading = f"## {name}\n\n{inputs.introduction(body)}"
            sections.append(_table(heading, ("Attribute", "Type", "Default", "Meaning"), table))
        else:
            rows.append((f"`{name}`", f"`{type_of(body)}`", _default(body), _said(body)))
    return "".join(
        [
            _table("## Requirements", ("Name", "Version"), _requirements(root)),
            _table("## Inputs", ("Name", "Type", "Default", "Meaning"), rows),
            *sections,
            _table("## Outputs", ("Name", "Meaning"), _outputs(root)),
        ]
    )


def _skips(root: Path) -> str:
    rows = []
    for file in [*sorted(root.glob("*.tf")), *sorted(root.glob("examples/*/*.tf"))]:
        place = file.relative_to(root).as_posix()
        rows += [(f"[{place}](../{place})", f"`{resource}`", check, why) for resource, check, why in skips(file)]
    return _lines([("File", "Resource", "Check", "Reason"), ("---",) * 4, *rows])


def _requirements(folder: Path) -> Iterator[tuple[str, str]]:
    return ((name, f"`{version}`") for name, version in requirements(folder))


def _outputs(folder: Path) -> Iterator[tuple[str, str]]:
    return ((f"`{name}`", _said(body)) for name, body in blocks(folder, "output"))


def _said(body: dict[str, str]) -> str:
    return text(body["description"])


def _default(body: dict[str, str]) -> str:
    default = default_of(body)
    return "required" if default is None else f"`{default}`"


def _table(heading: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]] | Iterator[tuple[str, ...]]) -> str:
    return f"{heading}\n\n{_lines([columns, ('---',) * len(columns), *rows])}\n"


def _lines(rows: Sequence[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in rows)


def _cell(content: str) -> str:
    return content.strip().replace("|", "\\|").replace("\n", "<br>")


def main() -> int:
    """Rewrite the pages, or with --check say which are stale; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is stale")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1], help="the repository")
    arguments = parser.parse_args()
    return publish(pages(arguments.root), arguments.root, check=arguments.check)


if __name__ == "__main__":
    sys.exit(main())
