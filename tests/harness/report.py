"""Shows findings as a table, and writes them as JSON and as JUnit XML."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

from rich.table import Table

from harness.acceptance import Finding
from harness.instances import Instance
from harness.paths import BUILD
from task_runner_client.progress import View


def title(stack: str, instance: Instance, several: bool) -> str:
    """Return what to call the report of an instance: the stack's name, with its own where there are several."""
    return f"{stack}-{re.sub(r'[^a-z0-9]+', '-', instance.label.lower()).strip('-')}" if several else stack


def report(findings: Sequence[Finding], view: View, stack: str, folder: Path = BUILD) -> bool:
    """Print the findings, write them to acceptance-<stack>.json and .xml; return whether all have passed."""
    _print(findings, view)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"acceptance-{stack}.json"
    records = [{**asdict(finding), "passed": finding.passed} for finding in findings]
    file.write_text(json.dumps(records, indent=2) + "\n")
    _write_junit(findings, stack, file.with_suffix(".xml"))
    failed = sum(not finding.passed for finding in findings)
    view.say(f"{len(findings) - failed} of {len(findings)} checks passed; written to {file} and .xml")
    return not failed


def _print(findings: Sequence[Finding], view: View) -> None:
    if not view.console.is_terminal:  # a log has no width to fit a table in
        for finding in findings:
            result = "pass" if finding.passed else "FAIL"
            view.say(f"{result} | {finding.check} | expected: {finding.expected} | observed: {finding.observed}")
        return
    table = Table("check", "expected", "observed", "result")
    for finding in findings:
        result = "[green]pass" if finding.passed else "[bold red]FAIL"
        table.add_row(finding.check, finding.expected, finding.observed.replace("[", r"\["), result)
    view.console.print(table)


def _write_junit(findings: Sequence[Finding], stack: str, file: Path) -> None:
    failures = str(sum(not finding.passed for finding in findings))
    suite = ElementTree.Element("testsuite", name=f"acceptance.{stack}", tests=str(len(findings)), failures=failures)
    for finding in findings:
        case = ElementTree.SubElement(suite, "testcase", classname=f"acceptance.{stack}", name=finding.check)
        if not finding.passed:
            message = f"expected: {finding.expected}; observed: {finding.observed}"
            ElementTree.SubElement(case, "failure", message=message)
    ElementTree.ElementTree(suite).write(file, encoding="utf-8", xml_declaration=True)
