"""docs/changes.md says what a change of each input does, and what goes with it."""

import re

import pytest

from harness.paths import ROOT
from plan.changes import page
from plan.changes.cases import CASES, attributes
from plan.changes.lost import LOST
from plan.planner import Planner

PAGE = (ROOT / "docs" / "changes.md").read_text()
# All of the page is planned by `make docs`, and here what a reader must be able to trust most: whatever takes something
# away, and one of each other kind. The rest follows the same way from the same code.
PLANNED = (
    *("name", "names.table", "names.queue", "names.dead_letter_queue", "names.worker_function", "names.access_logs"),
    *("roles.path", "roles.worker_arn", "api.stage_name", "api.account_log_role"),
    *("api.authorization", "api.endpoint_type", "worker.timeout", "worker.policy_arns"),
)


@pytest.fixture(scope="module")
def found(plan: Planner) -> page.Found:
    return page.found(plan, PLANNED)


def test_every_attribute_of_every_input_has_a_row() -> None:
    assert set(CASES) == set(attributes())
    assert sorted(re.findall(r"^\| `([a-z0-9_.]+)` \|", PAGE, re.MULTILINE)) == sorted(CASES)


def test_it_is_said_of_every_resource_what_goes_with_it() -> None:
    declared = re.findall(r'^resource "(\w+)" "(\w+)"', "".join(file.read_text() for file in ROOT.glob("*.tf")), re.M)
    assert set(LOST) == {".".join(names) for names in declared}


def test_rows_are_what_the_plans_say(found: page.Found) -> None:
    assert [row for table in page.rows(found) for row in table if row not in PAGE] == []


def test_only_new_names_of_table_and_queues_take_records_and_wake_ups(found: page.Found) -> None:
    kept = {"aws_dynamodb_table.this", "aws_sqs_queue.this", "aws_sqs_queue.dead_letter"}
    taking = {name for name, done in found.items() if any(done.get(one) in ("replace", "delete") for one in kept)}
    assert taking == {"name", "names.table", "names.queue", "names.dead_letter_queue"}


def test_policy_of_a_role_is_made_anew_with_it(found: page.Found) -> None:
    done = found["roles.path"]
    assert {done.get("aws_iam_role_policy.api"), done.get("aws_iam_role_policy.worker")} == {"replace"}
