"""One change of each attribute of each input, and the stack that it is made to."""

import copy
from collections.abc import Iterator
from typing import Any

import inputs
from harness.paths import ROOT
from hcl_files import blocks, type_of
from plan.refused import FUNCTION, KEY, LAYER, PACKAGE, POLICY, POOL, VPC, WEB_ACL, statements

Inputs = dict[str, Any]
ROLE = "arn:aws:iam::123456789012:role/mine"
S3 = {"bucket": "packages", "key": "tasks.zip", "version": "1"}

# What most have; what else an instance needs for an attribute to count in it.
BASES: dict[str, Inputs] = {
    "plain": {"name": "demo"},
    "pool": {
        "name": "demo",
        "api": {
            "authorization": "COGNITO_USER_POOLS",
            "cognito": {"user_pool_arns": [POOL]},
            "endpoint_type": "PRIVATE",
            "allowed_vpc_endpoints": ["vpce-0a"],
        },
        "worker": {
            "package_s3": S3,
            "handler": "tasks.handle",
            "provisioned_pollers": {"minimum": 2, "maximum": 10},
        },
    },
    "custom": {
        "name": "demo",
        "api": {
            "authorization": "CUSTOM",
            "authorizer": {"function_arn": FUNCTION},
            "api_key_required": True,
            "usage_plan": {"rate": 5, "burst": 10, "quota": {"limit": 1000}},
            "cors": {"allow_origins": ["https://app.example.com"]},
            "access_logs": {},
            "account_log_role": True,
        },
        "worker": {"vpc": VPC, "package_file": f"../{PACKAGE}", "handler": "tasks.handle"},
    },
}

# The attribute of an input, the stack that it is changed in, and what it becomes.
CASES: dict[str, tuple[str, Any]] = {
    "architecture": ("plain", "x86_64"),
    "create": ("plain", False),
    "kms_key_arn": ("plain", KEY),
    "logs.error_text": ("plain", True),
    "logs.level": ("plain", "DEBUG"),
    "logs.retention_days": ("plain", 30),
    "max_receive_count": ("plain", 3),
    "name": ("plain", "renamed"),
    **{
        f"names.{name}": ("custom", "renamed")
        for name in (
            *("table", "queue", "dead_letter_queue", "api", "api_function", "worker_function", "api_role"),
            *("worker_role", "access_logs", "account_log_role", "usage_plan", "task_runner_layer"),
        )
    },
    "roles.api_arn": ("plain", ROLE),
    "roles.worker_arn": ("plain", ROLE),
    "roles.permissions_boundary": ("plain", POLICY),
    "roles.path": ("plain", "/services/"),
    "runtime": ("plain", "python3.13"),
    "tags": ("plain", {"Team": "documents"}),
    "api.stage_name": ("plain", "v2"),
    "api.authorization": ("plain", "NONE"),
    "api.cognito.user_pool_arns": ("pool", [f"{POOL}d"]),
    "api.cognito.scopes": ("pool", ["tasks/write"]),
    "api.authorizer.function_arn": ("custom", f"{FUNCTION}-again"),
    "api.authorizer.type": ("custom", "REQUEST"),
    "api.authorizer.identity_sources": ("custom", ["method.request.header.X-Token"]),
    "api.authorizer.result_ttl_seconds": ("custom", 0),
    "api.authorizer.role_arn": ("custom", ROLE),
    "api.api_key_required": ("plain", True),
    "api.usage_plan.rate": ("custom", 6),
    "api.usage_plan.burst": ("custom", 20),
    "api.usage_plan.quota.limit": ("custom", 2000),
    "api.usage_plan.quota.period": ("custom", "WEEK"),
    "api.routes": ("plain", ["retry"]),
    "api.cors.allow_origins": ("custom", ["https://admin.example.com"]),
    "api.cors.allow_headers": ("custom", ["X-Trace"]),
    "api.cors.max_age": ("custom", 60),
    "api.endpoint_type": ("plain", "PRIVATE"),
    "api.vpc_endpoint_ids": ("pool", ["vpce-0a"]),
    "api.allowed_vpc_endpoints": ("pool", ["vpce-0b"]),
    "api.allowed_source_ips": ("plain", ["192.0.2.0/24"]),
    "api.web_acl.arn": ("plain", WEB_ACL),
    "api.access_logs.retention_days": ("custom", 30),
    "api.account_log_role": ("custom", False),
    "api.throttle.rate": ("plain", 50),
    "api.throttle.burst": ("plain", 100),
    "api.memory_size": ("plain", 1024),
    "api.timeout": ("plain", 5),
    "api.snap_start": ("plain", True),
    "api.provisioned_concurrency": ("plain", 2),
    "queue.visibility_timeout": ("plain", 600),
    "queue.retention_seconds": ("plain", 86400),
    "queue.dead_letter_retention_seconds": ("plain", 604800),
    "retry.base_seconds": ("plain", 5),
    "retry.cap_seconds": ("plain", 60),
    "table.record_ttl_days": ("plain", 60),
    "table.point_in_time_recovery": ("plain", False),
    "table.deletion_protection": ("plain", True),
    "worker.package_file": ("custom", "../lambda_src/dist/task_runner.zip"),
    "worker.package_s3.bucket": ("pool", "other-packages"),
    "worker.package_s3.key": ("pool", "other.zip"),
    "worker.package_s3.version": ("pool", "2"),
    "worker.handler": ("custom", "tasks.other"),
    "worker.environment": ("plain", {"GREETING": "hello"}),
    "worker.layers": ("plain", [LAYER]),
    "worker.architecture": ("plain", "x86_64"),
    "worker.memory_size": ("plain", 1024),
    "worker.ephemeral_storage": ("plain", 1024),
    "worker.timeout": ("plain", 30),
    "worker.batch_size": ("plain", 5),
    "worker.batching_window": ("plain", 5),
    "worker.concurrency": ("plain", 5),
    "worker.maximum_concurrency": ("plain", 20),
    "worker.reserved_concurrency": ("plain", 20),
    "worker.snap_start": ("plain", True),
    "worker.provisioned_concurrency": ("plain", 2),
    "worker.provisioned_pollers.minimum": ("pool", 3),
    "worker.provisioned_pollers.maximum": ("pool", 20),
    "worker.vpc.subnet_ids": ("custom", ["subnet-0b"]),
    "worker.vpc.security_group_ids": ("custom", ["sg-0b"]),
    "worker.policy_statements": ("plain", statements()),
    "worker.policy_arns": ("plain", {"read": POLICY}),
}


# What has to change along with it.
ALONG = {"api.endpoint_type": {"api.allowed_vpc_endpoints": ["vpce-0a"]}}


def attributes() -> Iterator[str]:
    """Yield each input of the module that is a plain value, and each attribute of those that are objects."""
    for name, body in blocks(ROOT, "variable"):
        if inputs.is_object(body):
            yield from (f"{name}.{attribute.name}" for attribute in inputs.attributes(type_of(body)))
        else:
            yield name


def after(attribute: str) -> Inputs:
    """Return the inputs of the case's stack with this one attribute changed, and what has to go along with it."""
    base, value = CASES[attribute]
    changed = copy.deepcopy(BASES[base])
    for path, one in {attribute: value, **ALONG.get(attribute, {})}.items():
        *parents, last = path.split(".")
        inner = changed
        for part in parents:
            inner = inner.setdefault(part, {})
        inner[last] = one
    return changed
