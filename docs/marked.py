"""Pages of which a part is generated: what stands between two markers."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path


def filled(page: Path, begin: str, end: str, content: str) -> str:
    """Return the page's text with this content between its markers, which stand on lines of their own.

    Raises:
        SystemExit: the page is missing, or lacks one of the markers.
    """
    try:
        return between(page.read_text(), begin, end, content)
    except (FileNotFoundError, ValueError):
        sys.exit(f"{page} must exist and hold '{begin}' and '{end}', once each")


def filled_by_name(page: Path, contents: Mapping[str, str]) -> str:
    """Return the page's text with each of these contents between the markers of its name, BEGIN_ and END_.

    Raises:
        SystemExit: the page is missing, or lacks one of the markers.
    """
    text = page.read_text() if page.exists() else ""
    for name, content in contents.items():
        begin, end = f"<!-- BEGIN_{name} -->", f"<!-- END_{name} -->"
        try:
            text = between(text, begin, end, content)
        except ValueError:
            sys.exit(f"{page} must exist and hold '{begin}' and '{end}', once each")
    return text


def rewrite(
    description: str | None,
    page: Path,
    contents: Callable[[], Mapping[str, str]],
    draw: Callable[[Path], None] | None = None,
) -> int:
    """Be the command that rewrites a page and draws its plots, or with --check says whether the page is stale.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the page is stale")
    parser.add_argument("--page", type=Path, default=page)
    arguments = parser.parse_args()
    pages = {arguments.page: filled_by_name(arguments.page, contents())}
    if draw and not arguments.check:
        draw(arguments.page.parent)
    return publish(pages, arguments.page.parent, check=arguments.check)


def between(text: str, begin: str, end: str, content: str) -> str:
    """Return the text with this content between two markers.

    Raises:
        ValueError: one of them is not there, or more than once.
    """
    head, rest = text.split(begin)
    _, tail = rest.split(end)
    return f"{head}{begin}\n{content}{end}{tail}"


def publish(pages: Mapping[Path, str], root: Path, *, check: bool) -> int:
    """Write each page that is not as it should be, or with `check` only say which; return the exit code."""
    stale = {page: text for page, text in pages.items() if text != page.read_text()}
    for page, text in stale.items():
        if check:
            print(f"{page.relative_to(root)} is stale: run `make docs`", file=sys.stderr)
        else:
            page.write_text(text)
    return int(check and bool(stale))
