"""Reads as much of HCL as the harness has to know: blocks, and where in its file each argument's expression stands.

Terraform checks the language. What is no HCL here is left for it to name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_BETWEEN = re.compile(r"(?:[\s,]+|(?:#|//)[^\n]*|/\*.*?\*/)*", re.DOTALL)
_BLANKS = re.compile(r"[ \t]*")
_COMMENT = re.compile(r"(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
_HEREDOC = re.compile(r"<<-?(?P<end>\w+)\n.*?^[ \t]*(?P=end)(?=\n|\Z)", re.DOTALL | re.MULTILINE)
_WORD = re.compile(r"[\w-]+")
_FOR = re.compile(r"\{\s*for\b")


@dataclass(frozen=True)
class Expression:
    """An argument's value: `whole[start:end]`; its name begins at `name_at`."""

    whole: str = field(repr=False)
    name_at: int
    start: int
    end: int

    @property
    def text(self) -> str:
        """As it is written."""
        return self.whole[self.start : self.end]

    @property
    def line(self) -> int:
        """Line of its name, the first being 1."""
        return self.whole.count("\n", 0, self.name_at) + 1

    @property
    def literal(self) -> str | None:
        """What a string without templates and escapes stands for; None for anything else."""
        found = re.fullmatch(r'"([^"\\$%]*)"', self.text)
        return found[1] if found else None

    def members(self) -> "dict[str, Expression] | None":
        """Return the members of an object that is written out; None for anything else."""
        if not self.text.startswith("{") or _FOR.match(self.text) or past(self.whole, self.start) != self.end:
            return None
        return _Body(self.whole, self.start + 1).arguments


@dataclass(frozen=True)
class Block:
    """A block with its labels, arguments and inner blocks; `file` is where it stands."""

    kind: str
    labels: tuple[str, ...]
    arguments: dict[str, Expression]
    blocks: "tuple[Block, ...]"
    file: Path

    def inner(self, kind: str) -> "Iterator[Block]":
        """Yield its inner blocks of a kind, those that are made by `dynamic` too."""
        for block in self.blocks:
            if block.kind == kind or (block.kind == "dynamic" and kind in block.labels):
                yield block


def read(file: Path) -> tuple[Block, ...]:
    """Return the blocks of a file; none where it is no HCL."""
    try:
        return tuple(_Body(file.read_text(), 0, file).blocks)
    except (IndexError, UnicodeDecodeError):
        return ()


def arguments(file: Path) -> dict[str, Expression]:
    """Return the arguments at a file's top, as a .tfvars has them; none where it is no HCL."""
    try:
        return _Body(file.read_text(), 0, file).arguments
    except (IndexError, UnicodeDecodeError):
        return {}


class _Body:
    """What stands between two braces, or in a file."""

    def __init__(self, text: str, at: int, file: Path = Path()) -> None:
        self.arguments: dict[str, Expression] = {}
        self.blocks: list[Block] = []
        self._text, self._file = text, file
        while (at := _past_between(text, at)) < len(text) and text[at] != "}":
            at = self._item(at)
        self.end = at + 1

    def _item(self, begin: int) -> int:
        text, at = self._text, past(self._text, begin)
        words = [text[begin:at].strip('"')]
        while (at := _past_blanks(text, at)) < len(text) and text[at] not in "={:":
            words.append(text[at : (end := past(text, at))].strip('"'))
            at = end
        if text[at] == "{":
            inner = _Body(text, at + 1, self._file)
            self.blocks.append(Block(words[0], tuple(words[1:]), inner.arguments, tuple(inner.blocks), self._file))
            return inner.end
        start = end = _past_blanks(text, at + 1)
        while end < len(text) and text[end] not in ",\n}" and not _COMMENT.match(text, end):
            end = past(text, end)
        while text[end - 1] in " \t\r":
            end -= 1
        self.arguments[words[0]] = Expression(text, begin, start, end)
        return end


def _past_between(text: str, at: int) -> int:
    return found.end() if (found := _BETWEEN.match(text, at)) else at


def _past_blanks(text: str, at: int) -> int:
    return found.end() if (found := _BLANKS.match(text, at)) else at


def past(text: str, at: int) -> int:
    """Return where that ends which begins here: a comment, a string, what is in brackets, a word, or one character."""
    if found := _COMMENT.match(text, at) or _HEREDOC.match(text, at) or _WORD.match(text, at):
        return found.end()
    if text[at] == '"':
        return _past_string(text, at)
    if text[at] in "([{":
        at += 1
        while text[at] not in ")]}":
            at = past(text, at)
    return at + 1


def elements(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each element of the list that begins here."""
    at = _past_between(text, at + 1)
    while text[at] != "]":
        begin = at
        while text[at] not in ",]":
            at = past(text, at)
        yield begin, begin + len(text[begin:at].rstrip())
        at = _past_between(text, at)


def _past_string(text: str, at: int) -> int:
    at += 1
    while text[at] != '"':
        if text[at] == "\\":
            at += 2
        elif text.startswith(("$${", "%%{"), at):
            at += 3
        elif text.startswith(("${", "%{"), at):
            at = past(text, at + 1)
        else:
            at += 1
    return at + 1
