"""What the pages say of each other and of the project is true: links, versions, error codes."""

import json
import re
from pathlib import Path

import pytest

from harness.paths import API_ERRORS, ROOT
from policy.pages import PAGES, README, Block, anchors, blocks, links
from task_runner import PermanentError, RetryLater
from task_runner.progress import Progress
from task_runner.testing import task_context

CALLING = ROOT / "docs" / "calling.md"


def test_readme_is_read_in_one_go() -> None:
    assert len(README.read_text().splitlines()) <= 160


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_cell_of_a_table_is_longer_than_a_paragraph(page: Path) -> None:
    rows = [line for line in page.read_text().splitlines() if line.startswith("|")]
    assert [cell for row in rows for cell in re.split(r"(?<!\\)\|", row) if len(cell) > 500] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        place, _, anchor = link.partition("#")
        target = page.parent / place if place else page
        if not link.startswith("https://") and (not target.exists() or (anchor and anchor not in anchors(target))):
            broken.append(link)
    assert broken == []


def test_versions_to_install_are_released() -> None:
    released = set(re.findall(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE))
    named = {found for page in PAGES for found in re.findall(r"(?:\?ref=|\.git@)v([\w.]+)", page.read_text())}
    assert named
    assert named <= released


def test_each_error_code_is_told_with_its_status() -> None:
    told = set(re.findall(r"^\| (\d{3}) \| `([A-Z_]+)` \|", CALLING.read_text(), re.MULTILINE))
    written = json.loads(API_ERRORS.read_text())
    known = {(str(answer["status"]), code) for code, answer in written["function"].items()}
    known |= {(str(answer["status"]), answer["code"]) for answer in written["gateway"].values() if answer["status"]}
    unnamed = {answer["code"] for answer in written["gateway"].values() if not answer["status"]}  # whatever the status
    assert known <= told
    assert {code for status, code in told - known} <= unnamed


def test_each_metric_is_told_to_who_watches() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "lambda_src" / "task_runner").rglob("*.py"))
    counted = re.findall(r"^ *(?:count\(|\w+ = Outcome\().*", sources, re.MULTILINE)
    known = {name for line in counted for name in re.findall(r'"([A-Z][A-Za-z]+)"', line)}
    assert len(known) > 5
    page = (ROOT / "docs" / "operations.md").read_text()
    assert set(re.findall(r"^\| `([A-Z][A-Za-z]+)` \|", page, re.MULTILINE)) == known


def test_each_block_has_a_language() -> None:
    fences = sum(page.read_text().count("\n```") for page in PAGES)
    known = blocks("console", "hcl", "js", "json", "mermaid", "python", "sh")
    assert len(known) * 2 == fences, "a block without a language, or in one that no test knows"


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_json_is_json(block: Block) -> None:
    json.loads(block.text)


def test_task_code_of_the_readme_runs() -> None:
    [code] = [block for block in blocks("python") if block.page == README]
    names: dict[str, object] = {"busy": lambda: False, "fetch": lambda url, **_: len(url)}
    exec(compile(code.text, str(code), "exec"), names)  # noqa: S102 - the README's own
    handle = names["handle"]
    assert callable(handle)
    reports: list[Progress] = []
    assert handle({"url": "https://example.com"}, task_context(reports=reports)) == {"size": 19}
    assert reports
    with pytest.raises(PermanentError):
        handle({}, task_context())
    names["busy"] = lambda: True
    with pytest.raises(RetryLater):
        handle({"url": "x"}, task_context())
