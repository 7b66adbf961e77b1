"""Reading HCL: as much of it as the harness needs, in everything that this repository holds of it."""

from collections import Counter
from pathlib import Path

import hcl2
import pytest

from harness import hcl
from harness.paths import ROOT

FILES = sorted([*ROOT.glob("*.tf"), *ROOT.glob("examples/*/*.tf"), *ROOT.glob("tests/**/*.tf")])
TRICKY = """
# module "commented" {
/* module "out" { */
module "a" { source = "./a" } // trailing }
locals {
  text = "a } brace, a \\" quote, ${join(",", ["x", "}"])} and $${no} template"
  long = <<-EOT
    module "in_a_heredoc" {
  EOT
  many = [
    { one = 1 }, # first
    { two = { deep = "x" } },
  ]
}
module "b" {
  source   = "./b" # why
  "quoted" = { (local.text) = 1, plain : 2 }
}
"""


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_block_of_this_repository_is_read(file: Path) -> None:
    parsed = hcl2.loads(file.read_text())
    expected = Counter({kind: len(found) for kind, found in parsed.items() if not kind.startswith("__")})
    assert Counter(block.kind for block in hcl.read(file)) == expected


def tricky(tmp_path: Path) -> dict[str, hcl.Block]:
    file = tmp_path / "main.tf"
    file.write_text(TRICKY)
    return {" ".join((block.kind, *block.labels)): block for block in hcl.read(file)}


def test_what_looks_like_a_block_in_comments_and_strings_is_none(tmp_path: Path) -> None:
    assert list(tricky(tmp_path)) == ["module a", "locals", "module b"]


def test_arguments_stand_where_they_stand(tmp_path: Path) -> None:
    blocks = tricky(tmp_path)
    source = blocks["module b"].arguments["source"]
    assert (source.literal, source.line) == ("./b", 16)
    assert blocks["module a"].arguments["source"].literal == "./a"
    assert blocks["locals"].arguments.keys() == {"text", "long", "many"}
    assert blocks["locals"].arguments["text"].literal is None


def test_members_of_an_object_are_read(tmp_path: Path) -> None:
    members = tricky(tmp_path)["module b"].arguments["quoted"].members() or {}
    assert {name: member.text for name, member in members.items()} == {"(local.text)": "1", "plain": "2"}


@pytest.mark.parametrize("text", ['x = "', "}", "\x00"])
def test_what_is_no_hcl_is_left_to_terraform(tmp_path: Path, text: str) -> None:
    (tmp_path / "main.tf").write_text(text)
    assert hcl.read(tmp_path / "main.tf") == ()
