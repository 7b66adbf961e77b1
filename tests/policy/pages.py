"""The published pages and what is in them: fenced blocks, links, headings, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from harness.paths import ROOT

README = ROOT / "README.md"
PAGES = sorted(
    path for pattern in ("*.md", "docs/*.md", "examples/*/README.md", "client/*.md") for path in ROOT.glob(pattern)
)
HISTORY = (ROOT / "CHANGELOG.md", ROOT / "UPGRADING.md")  # pages that name what is gone


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: where it stands.
        line: the line of its fence, from 1.
        language: the first word behind the fence.
        text: what is in it.
    """

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        """Name the place, as a test's id."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def tokens(page: Path) -> list[Token]:
    """Parse a page."""
    return MarkdownIt().enable("table").parse(page.read_text())


def blocks(*languages: str) -> list[Block]:
    """Return the blocks of all pages in these languages."""
    return [
        Block(page, token.map[0] + 1, token.info.split()[0], token.content)
        for page in PAGES
        for token in tokens(page)
        if token.type == "fence" and token.map and token.info.split()[:1] and token.info.split()[0] in languages
    ]


def commands(block: Block) -> Iterator[str]:
    """Yield the commands of a block of shell; of a `console` those behind a prompt, without what they print."""
    joined = block.text.replace("\\\n", " ")
    for line in joined.splitlines():
        if block.language == "sh":
            yield line
        elif line.startswith("$ "):
            yield line.removeprefix("$ ")


def links(page: Path) -> Iterator[str]:
    """Yield the targets of the page's links."""
    for token in tokens(page):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def anchors(page: Path) -> set[str]:
    """Return what the headings can be linked to as: GitHub's rule."""
    found = tokens(page)
    titles = [after.content for token, after in pairwise(found) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def code_spans(page: Path) -> Iterator[str]:
    """Yield what stands between backticks in the text and in the tables."""
    for token in tokens(page):
        for child in token.children or ():
            if child.type == "code_inline":
                yield child.content
