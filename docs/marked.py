"""Pages of which a part is generated: what stands between two markers."""

import sys
from collections.abc import Mapping
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
