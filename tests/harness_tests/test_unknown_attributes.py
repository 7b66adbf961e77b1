"""Attributes that Terraform would drop in silence are named, with their place and the nearest right name."""

from pathlib import Path

import pytest

from harness.configuration import module_folders
from harness.errors import HarnessError
from harness.paths import ROOT
from harness.unknown_attributes import refuse_unknown_attributes

CALL = 'module "jobs" {{\n  source = "../.."\n  name   = "x"\n  {argument}\n}}\n'


def refuse(folder: Path, argument: str) -> None:
    (folder / "main.tf").write_text(CALL.format(argument=argument))
    refuse_unknown_attributes(module_folders(folder))


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        (
            "worker = { timout = 30 }",
            r'main\.tf:4: module "jobs": there is no `worker\.timout`\. Did you mean `timeout`\?',
        ),
        (
            'worker = { package_file = "${path.root}/x.zip", batchsize = 3 }',
            r"`worker\.batchsize`\. Did you mean `batch_size`",
        ),
        ("api = {\n throttle = { rat = 1 }\n}", r"main\.tf:5: .*`api\.throttle\.rat`\. Did you mean `rate`"),
        (
            "worker = { policy_statements = [{ action = [] }] }",
            r"`worker\.policy_statements\.action`\. Did you mean `actions`",
        ),
        ("queue = { zzz = 1 }", r"`queue\.zzz`\.$"),
        (
            "worker = local.mine\n}\nlocals {\n  mine = { memory = 1 }",
            r"main\.tf:7: .*`worker\.memory`\. Did you mean `memory_size`",
        ),
    ],
    ids=["a literal", "beside a reference", "an inner object", "in a list", "nothing near", "a local value"],
)
def test_an_attribute_that_is_not_known_is_named(tmp_path: Path, argument: str, sentence: str) -> None:
    with pytest.raises(HarnessError, match=sentence):
        refuse(tmp_path, argument)


@pytest.mark.parametrize(
    "argument",
    [
        "worker = { environment = { anything = 1 } }",
        "worker = { for name in [] : name => name }",
        "worker = merge({ timout = 1 }, {})",
        "tags = { Whatever = 1 }",
        "worker = { policy_statements = [{ conditions = { Bool = { x = [] } }, actions = [], resources = [] }] }",
    ],
    ids=["a map's key", "a for expression", "a call", "tags", "maps in a list"],
)
def test_what_is_known_or_cannot_be_seen_is_let_through(tmp_path: Path, argument: str) -> None:
    refuse(tmp_path, argument)


@pytest.mark.parametrize("example", sorted(ROOT.glob("examples/*")), ids=lambda folder: folder.name)
def test_the_examples_know_what_they_say(example: Path) -> None:
    refuse_unknown_attributes(module_folders(example))


def test_another_module_may_have_what_it_likes(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "main.tf").write_text('variable "worker" {}')
    (tmp_path / "main.tf").write_text('module "x" {\n  source = "./theirs"\n  worker = { timout = 1 }\n}\n')
    refuse_unknown_attributes(module_folders(tmp_path))
