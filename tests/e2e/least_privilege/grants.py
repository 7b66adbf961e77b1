"""What a role may do, one grant at a time, and a role with a grant less or more for the time of a block."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from e2e.conftest import Live

ROLES = ("api", "worker")
Document = Mapping[str, Any]  # of a policy


@dataclass(frozen=True, order=True)
class Grant:
    """One action on one resource, as one statement of a role's policy allows it."""

    role: str
    sid: str
    action: str
    on: str  # "table", "queue", "log group" of the same stack; anything else by its full ARN

    def __str__(self) -> str:
        return f"{self.role} role, {self.sid}: {self.action} on the {self.on}"


class Policies:
    """The inline policies of a stack's roles. They are all that a role has: an attached one raises."""

    def __init__(self, stack: Live) -> None:
        outputs = stack.outputs
        self._iam = stack.target.client("iam")
        self._roles = {role: outputs[f"{role}_role_arn"].rsplit("/", 1)[-1] for role in ROLES}
        self._names = {outputs["table_arn"]: "table", outputs["queue_arn"]: "queue"}
        self._log_groups = {role: f":log-group:/aws/lambda/{outputs[f'{role}_function_name']}:*" for role in ROLES}

    def grants(self) -> list[Grant]:
        """Read every grant of both roles."""
        return [
            grant
            for role in ROLES
            for document in self._documents(role).values()
            for grant in self._split(role, document)
        ]

    @contextmanager
    def without(self, removed: Grant) -> Iterator[None]:
        """Take one grant away, and leave each other one as it is."""
        holders = {
            name: document
            for name, document in self._documents(removed.role).items()
            if removed in self._split(removed.role, document)
        }
        assert len(holders) == 1, f"{removed} stands in {len(holders)} policies"
        [(name, document)] = holders.items()
        rest = [statement for grant, statement in self._split(removed.role, document).items() if grant != removed]
        self._put(removed.role, name, {**document, "Statement": rest})
        try:
            yield
        finally:
            self._put(removed.role, name, document)

    @contextmanager
    def granting(self, role: str, action: str, resource: str) -> Iterator[None]:
        """Grant one more action."""
        statement = {"Sid": "Extra", "Effect": "Allow", "Action": action, "Resource": resource}
        self._put(role, "extra", {"Version": "2012-10-17", "Statement": [statement]})
        try:
            yield
        finally:
            self._iam.delete_role_policy(RoleName=self._roles[role], PolicyName="extra")

    def _documents(self, role: str) -> dict[str, Document]:
        name = {"RoleName": self._roles[role]}
        attached = self._iam.list_attached_role_policies(**name)["AttachedPolicies"]
        assert not attached, f"the {role} role has more than its own policy: {attached}"
        return {
            policy: self._iam.get_role_policy(**name, PolicyName=policy)["PolicyDocument"]
            for policy in self._iam.list_role_policies(**name)["PolicyNames"]
        }

    def _split(self, role: str, document: Document) -> dict[Grant, dict[str, Any]]:
        """Return each grant, with a statement (nameless, since two may not have one name) that allows just that."""
        grants = {}
        for statement in document["Statement"]:
            assert statement["Effect"] == "Allow"
            assert not {"NotAction", "NotResource"} & statement.keys(), "what is allowed cannot be listed"
            rest = {key: value for key, value in statement.items() if key != "Sid"}
            for action in _listed(statement["Action"]):
                for resource in _listed(statement["Resource"]):
                    own_logs = resource.endswith(self._log_groups[role])
                    on = "log group" if own_logs else self._names.get(resource, resource)
                    grant = Grant(role, statement["Sid"], action, on)
                    grants[grant] = {**rest, "Action": action, "Resource": resource}
        return grants

    def _put(self, role: str, policy: str, document: Document) -> None:
        self._iam.put_role_policy(RoleName=self._roles[role], PolicyName=policy, PolicyDocument=json.dumps(document))


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
