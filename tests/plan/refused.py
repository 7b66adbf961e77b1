"""Inputs that the module refuses, each with the beginning of the sentence that says so."""

from typing import Any

DAY = 86400
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"
KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b"
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/wall/0a1b"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:decide"
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:fonts:7"
POLICY = "arn:aws:iam::123456789012:policy/team/read"
PACKAGE = "lambda_src/dist/demo.zip"  # a zip that is there; what is in it is nobody's concern
READY = {"snap_start": True, "provisioned_concurrency": 1}
VPC = {"subnet_ids": ["subnet-0a"], "security_group_ids": ["sg-0a"]}


def cognito(pools: list[str]) -> dict[str, Any]:
    return {"authorization": "COGNITO_USER_POOLS", "cognito": {"user_pool_arns": pools}}


def custom(**authorizer: Any) -> dict[str, Any]:
    return {"authorization": "CUSTOM", "authorizer": {"function_arn": FUNCTION, **authorizer}}


def keys(**usage_plan: Any) -> dict[str, Any]:
    return {"api_key_required": True, "usage_plan": usage_plan}


def statements(**changes: Any) -> list[dict[str, Any]]:
    return [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::documents/*"], **changes}]


REFUSED: list[tuple[str, Any, str]] = [
    ("api.stage_name", "v 1", "api.stage_name must be 1 to 128 letters"),
    ("api.stage_name", "v" * 129, "api.stage_name must be 1 to 128 letters"),
    ("api.authorization", "none", "api.authorization must be AWS_IAM, NONE, COGNITO_USER_POOLS or CUSTOM"),
    ("api.authorization", "COGNITO_USER_POOLS", "api.cognito must be set with api.authorization = COGNITO_USER_POOLS"),
    ("api.cognito", {"user_pool_arns": [POOL]}, "api.cognito must be set with api.authorization = COGNITO_USER_POOLS"),
    ("api", cognito([]), "api.cognito.user_pool_arns must hold the ARN"),
    ("api", cognito(["eu-west-1_abc"]), "api.cognito.user_pool_arns must hold the ARN"),
    ("api.authorization", "CUSTOM", "api.authorizer must be set with api.authorization = CUSTOM"),
    ("api.authorizer", {"function_arn": FUNCTION}, "api.authorizer must be set with api.authorization = CUSTOM"),
    ("api", custom(function_arn="decide"), "api.authorizer.function_arn must be the ARN of a Lambda function"),
    ("api", custom(type="token"), "api.authorizer.type must be TOKEN or REQUEST"),
    ("api", custom(identity_sources=[]), "api.authorizer.identity_sources must be one"),
    ("api", custom(identity_sources=["method.request.querystring.t"]), "api.authorizer.identity_sources must be one"),
    ("api", custom(identity_sources=["method.request.header.a"] * 2), "api.authorizer.identity_sources must be one"),
    ("api", custom(type="REQUEST", identity_sources=["Authorization"]), "api.authorizer.identity_sources must be one"),
    ("api", custom(result_ttl_seconds=3601), "api.authorizer.result_ttl_seconds must be a whole number"),
    ("api", custom(result_ttl_seconds=-1), "api.authorizer.result_ttl_seconds must be a whole number"),
    ("api", custom(role_arn="mine"), "api.authorizer.role_arn must be the ARN of an IAM role"),
    ("api.usage_plan", {}, "api.usage_plan needs api.api_key_required = true"),
    ("api", keys(rate=1), "api.usage_plan.rate and api.usage_plan.burst must be set together"),
    ("api", keys(rate=0, burst=1), "api.usage_plan.rate must be above 0"),
    ("api", keys(rate=10001, burst=1), "api.usage_plan.rate must be above 0"),
    ("api", keys(rate=1, burst=5001), "api.usage_plan.burst must be a whole number"),
    ("api", keys(rate=1, burst=0), "api.usage_plan.burst must be a whole number"),
    ("api", keys(quota={"limit": 0}), "api.usage_plan.quota must have a whole number"),
    ("api", keys(quota={"limit": 5, "period": "HOUR"}), "api.usage_plan.quota must have a whole number"),
    ("api.cors", {"allow_origins": []}, "api.cors.allow_origins must be either"),
    ("api.cors", {"allow_origins": ["https://a.example/"]}, "api.cors.allow_origins must be either"),
    ("api.cors", {"allow_origins": ["*", "https://a.example"]}, "api.cors.allow_origins must be either"),
    ("api.cors", {"allow_origins": ["*"], "allow_headers": ["X Y"]}, "api.cors.allow_headers must be names"),
    ("api.cors", {"allow_origins": ["*"], "max_age": 86401}, "api.cors.max_age must be a whole number"),
    ("api.routes", ["retry", "delete"], "api.routes must hold names of optional routes"),
    ("api.routes", ["RETRY"], "api.routes must hold names of optional routes"),
    ("api.endpoint_type", "EDGE", "api.endpoint_type must be REGIONAL or PRIVATE"),
    ("api", {"endpoint_type": "PRIVATE"}, "api.allowed_vpc_endpoints must name at least one"),
    ("api", {"allowed_vpc_endpoints": ["vpce-0a"]}, "api.allowed_vpc_endpoints must name at least one"),
    ("api.allowed_vpc_endpoints", ["vpc-0a"], "api.vpc_endpoint_ids and api.allowed_vpc_endpoints must be ids"),
    ("api.vpc_endpoint_ids", ["0a"], "api.vpc_endpoint_ids and api.allowed_vpc_endpoints must be ids"),
    ("api", {"vpc_endpoint_ids": ["vpce-0a"]}, "api.vpc_endpoint_ids needs api.endpoint_type = PRIVATE"),
    ("api.allowed_source_ips", ["192.0.2.1"], "api.allowed_source_ips must be CIDR blocks"),
    ("api.web_acl", {"arn": WEB_ACL.replace("regional", "global")}, "api.web_acl.arn must be the ARN of a regional"),
    ("api.access_logs", {"retention_days": 31}, "api.access_logs.retention_days must be a period"),
    ("api.throttle.rate", 0, "api.throttle.rate must be 1 to 10000"),
    ("api.throttle.rate", 10001, "api.throttle.rate must be 1 to 10000"),
    ("api.throttle.burst", 0, "api.throttle.burst must be a whole number of requests, 1 to 5000"),
    ("api.throttle.burst", 5001, "api.throttle.burst must be a whole number of requests, 1 to 5000"),
    ("api.memory_size", 127, "api.memory_size must be a whole number of MB, 128 to 10240"),
    ("api.memory_size", 10241, "api.memory_size must be a whole number of MB, 128 to 10240"),
    ("api.timeout", 0, "api.timeout must be a whole number of seconds, 1 to 29"),
    ("api.timeout", 30, "api.timeout must be a whole number of seconds, 1 to 29"),
    ("api.provisioned_concurrency", 0, "api.provisioned_concurrency must be a whole number, at least 1"),
    ("api.provisioned_concurrency", 1.5, "api.provisioned_concurrency must be a whole number, at least 1"),
    ("api", READY, "api.snap_start and api.provisioned_concurrency exclude each other"),
    ("architecture", "arm", "architecture must be arm64 or x86_64"),
    ("kms_key_arn", KEY.replace("key/", "alias/"), "kms_key_arn must be the ARN of a KMS key"),
    ("kms_key_arn", "0a1b", "kms_key_arn must be the ARN of a KMS key"),
    ("kms_key_arn", KEY.replace("us-east-1", "eu-west-1"), "kms_key_arn must be a key of the provider's region"),
    ("logs.retention_days", 31, "logs.retention_days must be a period that CloudWatch Logs offers"),
    ("logs.level", "TRACE", "logs.level must be DEBUG, INFO"),
    ("max_receive_count", 0, "max_receive_count must be a whole number, 1 to 1000"),
    ("max_receive_count", 1001, "max_receive_count must be a whole number, 1 to 1000"),
    ("max_receive_count", 2.5, "max_receive_count must be a whole number, 1 to 1000"),
    ("name", "", "name must be 1 to 57 letters"),
    ("name", "n" * 58, "name must be 1 to 57 letters"),
    ("name", "-name", "name must be 1 to 57 letters"),
    ("name", "na.me", "name must be 1 to 57 letters"),
    ("names.table", "ab", "names.table must be 3 to 255"),
    ("names.table", "t" * 256, "names.table must be 3 to 255"),
    ("names.queue", "q" * 81, "names.queue and names.dead_letter_queue must be 1 to 80"),
    ("names.dead_letter_queue", "dlq.fifo", "names.queue and names.dead_letter_queue must be 1 to 80"),
    ("names.dead_letter_queue", "demo-queue", "names.dead_letter_queue must differ from the name of the queue"),
    ("names.api", " api", "names.api and names.usage_plan must be 1 to 255 characters"),
    ("names.usage_plan", "a" * 256, "names.api and names.usage_plan must be 1 to 255 characters"),
    ("names.api_function", "f" * 65, "names.api_function and names.worker_function must be 1 to 64"),
    ("names.worker_function", "f.g", "names.api_function and names.worker_function must be 1 to 64"),
    ("names.api_role", "r" * 65, "names.api_role, names.worker_role and names.account_log_role must"),
    ("names.worker_role", "r/s", "names.api_role, names.worker_role and names.account_log_role must"),
    ("names.account_log_role", "r/s", "names.api_role, names.worker_role and names.account_log_role must"),
    ("names.access_logs", "my logs", "names.access_logs must be 1 to 512"),
    ("names.worker_function", "demo-api", "names.worker_function must differ from the name of the API function"),
    ("names.worker_role", "demo-api", "names.worker_role must differ from the name of the API function's role"),
    ("names.task_runner_layer", "l" * 141, "names.task_runner_layer must be 1 to 140"),
    ("names.task_runner_layer", "l.m", "names.task_runner_layer must be 1 to 140"),
    ("queue.visibility_timeout", 43201, "queue.visibility_timeout must be a whole number of seconds, at most 43200"),
    ("queue.visibility_timeout", 59, "queue.visibility_timeout must be at least worker.timeout"),
    ("queue.retention_seconds", 59, "queue.retention_seconds must be a whole number of seconds, 60 to 1209600"),
    ("queue.retention_seconds", 1209601, "queue.retention_seconds must be a whole number of seconds, 60 to 1209600"),
    ("queue.dead_letter_retention_seconds", 1209601, "queue.dead_letter_retention_seconds must be a whole number"),
    ("queue.dead_letter_retention_seconds", 345599, "queue.dead_letter_retention_seconds must be a whole number"),
    ("retry.base_seconds", 0, "retry.base_seconds must be a whole number of seconds, at least 1"),
    ("retry.cap_seconds", 43201, "retry.cap_seconds must be a whole number of seconds, from retry.base_seconds"),
    ("retry.cap_seconds", 1, "retry.cap_seconds must be a whole number of seconds, from retry.base_seconds"),
    (
        "roles.api_arn",
        "arn:aws:iam::123456789012:user/mine",
        "roles.api_arn and roles.worker_arn must be ARNs of IAM roles",
    ),
    ("roles.worker_arn", "mine", "roles.api_arn and roles.worker_arn must be ARNs of IAM roles"),
    ("roles.permissions_boundary", "mine", "roles.permissions_boundary must be the ARN of an IAM policy"),
    ("roles.path", "services/", "roles.path must be at most 512 visible ASCII characters"),
    ("roles.path", "/services", "roles.path must be at most 512 visible ASCII characters"),
    ("roles.path", f"/{'x' * 511}/", "roles.path must be at most 512 visible ASCII characters"),
    ("runtime", "python3.9", "runtime must be a Python that Lambda supports"),
    ("runtime", "nodejs22.x", "runtime must be a Python that Lambda supports"),
    ("tags", {"aws:team": "mine"}, "tags must have keys that do not start with aws:"),
    ("tags", {"AWS:team": "mine"}, "tags must have keys that do not start with aws:"),
    ("tags", {"k" * 129: "v"}, "tags must have keys of 1 to 128 characters"),
    ("tags", {"": "v"}, "tags must have keys of 1 to 128 characters"),
    ("tags", {"k": "v" * 257}, "tags must have values of at most 256 characters"),
    ("table.record_ttl_days", 0, "table.record_ttl_days must be a whole number of days, 1 to 3650"),
    ("table.record_ttl_days", 3651, "table.record_ttl_days must be a whole number of days, 1 to 3650"),
    ("table.record_ttl_days", 18, "table.record_ttl_days must be longer than queue.retention_seconds"),
    (
        "worker",
        {"package_file": PACKAGE, "package_s3": {"bucket": "code", "key": "tasks.zip"}, "handler": "tasks.handle"},
        "worker.package_file and worker.package_s3 are two places",
    ),
    ("worker.package_file", "missing.zip", "worker.package_file must be the path of a zip that exists"),
    ("worker.package_file", "main.tf", "worker.package_file must be a zip with your task code in it"),
    ("worker.package_s3", {"bucket": "arn:aws:s3:::code", "key": "k"}, "worker.package_s3.bucket must be the name"),
    ("worker.package_s3", {"bucket": "code", "key": ""}, "worker.package_s3.key must be 1 to 1024 characters"),
    ("worker.package_s3", {"bucket": "code", "key": "k" * 1025}, "worker.package_s3.key must be 1 to 1024 characters"),
    (
        "worker.package_s3",
        {"bucket": "code", "key": "k", "version": "v" * 1025},
        "worker.package_s3.key must be 1 to 1024 characters",
    ),
    ("worker", {"package_file": PACKAGE}, "worker.handler must be set with a package"),
    ("worker", {"package_s3": {"bucket": "code", "key": "k"}}, "worker.handler must be set with a package"),
    ("worker", {"handler": "my_tasks.handle"}, "worker.handler needs worker.package_file or worker.package_s3"),
    ("worker.handler", "handle", "worker.handler must be module.function"),
    ("worker.handler", "my-tasks.handle", "worker.handler must be module.function"),
    ("worker.handler", "my_tasks.", "worker.handler must be module.function"),
    ("worker.handler", "my_tasks:handle", "worker.handler must be module.function"),
    ("worker.memory_size", 127, "worker.memory_size must be a whole number of MB, 128 to 10240"),
    ("worker.memory_size", 10241, "worker.memory_size must be a whole number of MB, 128 to 10240"),
    ("worker.timeout", 4, "worker.timeout must be a whole number of seconds, 5 to 900"),
    ("worker.timeout", 901, "worker.timeout must be a whole number of seconds, 5 to 900"),
    ("worker.batch_size", 0, "worker.batch_size must be a whole number, 1 to 10000"),
    ("worker.batch_size", 10001, "worker.batch_size must be a whole number, 1 to 10000"),
    ("worker.batch_size", 11, "worker.batch_size above 10 needs a worker.batching_window"),
    ("worker.batching_window", -1, "worker.batching_window must be a whole number of seconds, 0 to 300"),
    ("worker.batching_window", 301, "worker.batching_window must be a whole number of seconds, 0 to 300"),
    ("worker.concurrency", 0, "worker.concurrency must be a whole number of threads, 1 to 100"),
    ("worker.concurrency", 101, "worker.concurrency must be a whole number of threads, 1 to 100"),
    ("worker.maximum_concurrency", 1, "worker.maximum_concurrency must be a whole number, 2 to 1000"),
    ("worker.maximum_concurrency", 1001, "worker.maximum_concurrency must be a whole number, 2 to 1000"),
    ("worker.reserved_concurrency", 1, "worker.reserved_concurrency must be a whole number, at least 2"),
    ("worker.reserved_concurrency", 2.5, "worker.reserved_concurrency must be a whole number, at least 2"),
    (
        "worker",
        {"reserved_concurrency": 9, "maximum_concurrency": 10},
        "worker.reserved_concurrency must be at least worker.maximum_concurrency",
    ),
    *(
        ("worker.provisioned_pollers", pollers, "worker.provisioned_pollers must have whole numbers")
        for pollers in (
            {"minimum": 1},
            {"minimum": 201},
            {"minimum": 2.5},
            {"minimum": 2, "maximum": 1},
            {"maximum": 2001},
            {"maximum": 3.5},
        )
    ),
    (
        "worker.provisioned_pollers",
        {"minimum": 9, "maximum": 8},
        "worker.provisioned_pollers must have a maximum that is at least its minimum",
    ),
    (
        "worker",
        {"provisioned_pollers": {}, "maximum_concurrency": 20},
        "worker.provisioned_pollers and worker.maximum_concurrency exclude each other",
    ),
    (
        "worker",
        {"provisioned_pollers": {"maximum": 10}, "reserved_concurrency": 99},
        "worker.reserved_concurrency must be at least ten times worker.provisioned_pollers.maximum",
    ),
    ("worker.provisioned_concurrency", 0, "worker.provisioned_concurrency must be a whole number, at least 1"),
    ("worker.provisioned_concurrency", 1.5, "worker.provisioned_concurrency must be a whole number, at least 1"),
    (
        "worker",
        {"provisioned_concurrency": 11, "reserved_concurrency": 10},
        "worker.provisioned_concurrency must be at most worker.reserved_concurrency",
    ),
    ("worker", READY, "worker.snap_start and worker.provisioned_concurrency exclude each other"),
    (
        "worker",
        {"snap_start": True, "ephemeral_storage": 513},
        "worker.snap_start needs worker.ephemeral_storage = 512",
    ),
    ("worker.environment", {"_HANDLER": "mine"}, "worker.environment must have names of at least two letters"),
    ("worker.environment", {"A": "mine"}, "worker.environment must have names of at least two letters"),
    ("worker.environment", {"MY-NAME": "mine"}, "worker.environment must have names of at least two letters"),
    ("worker.environment", {"TASK_RUNNER_TABLE_NAME": "mine"}, "worker.environment must leave names that start with"),
    ("worker.environment", {"POWERTOOLS_LOG_LEVEL": "DEBUG"}, "worker.environment must leave names that start with"),
    *(
        ("worker.environment", {name: "mine"}, "worker.environment must leave names that Lambda reserves")
        for name in ("AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "LAMBDA_TASK_ROOT")
    ),
    ("worker.environment", {"LONG": "x" * 3069}, "worker.environment must be at most 3072 characters"),
    ("worker.layers", [LAYER] * 5, "worker.layers must be at most four"),
    ("worker.layers", [LAYER.removesuffix(":7")], "worker.layers must be ARNs of layer versions"),
    ("worker.layers", ["fonts"], "worker.layers must be ARNs of layer versions"),
    ("worker.architecture", "amd64", "worker.architecture must be arm64 or x86_64"),
    ("worker.ephemeral_storage", 511, "worker.ephemeral_storage must be a whole number of MB, 512 to 10240"),
    ("worker.ephemeral_storage", 10241, "worker.ephemeral_storage must be a whole number of MB, 512 to 10240"),
    ("worker.vpc", {**VPC, "security_group_ids": []}, "worker.vpc must name 1 to 16 subnets and 1 to 5"),
    ("worker.vpc", {**VPC, "subnet_ids": []}, "worker.vpc must name 1 to 16 subnets and 1 to 5"),
    ("worker.vpc", {**VPC, "subnet_ids": None}, "worker.vpc must name 1 to 16 subnets and 1 to 5"),
    ("worker.vpc", {**VPC, "subnet_ids": ["subnet-0a"] * 17}, "worker.vpc must name 1 to 16 subnets and 1 to 5"),
    ("worker.vpc", {**VPC, "security_group_ids": ["sg-0a"] * 6}, "worker.vpc must name 1 to 16 subnets and 1 to 5"),
    ("worker.vpc", {**VPC, "subnet_ids": ["vpc-0a"]}, "worker.vpc must hold ids"),
    ("worker.vpc", {**VPC, "security_group_ids": ["default"]}, "worker.vpc must hold ids"),
    ("worker.policy_statements", statements(actions=[]), "worker.policy_statements must each have at least one"),
    ("worker.policy_statements", statements(resources=[]), "worker.policy_statements must each have at least one"),
    ("worker.policy_statements", statements(actions=None), "worker.policy_statements must each have at least one"),
    ("worker.policy_statements", statements(actions=["GetObject"]), "worker.policy_statements must have actions as"),
    ("worker.policy_statements", statements(resources=["documents"]), "worker.policy_statements must have ARNs as"),
    ("worker.policy_statements", statements(resources=["arn:aws:s3"]), "worker.policy_statements must have ARNs as"),
    ("worker.policy_statements", statements(effect="allow"), "worker.policy_statements must have Allow or Deny"),
    ("worker.policy_statements", statements(sid="Read it"), "worker.policy_statements must have letters and digits"),
    ("worker.policy_statements", statements(sid="A") * 2, "worker.policy_statements must have letters and digits"),
    (
        "worker.policy_statements",
        statements(sid="WriteLogs"),
        "worker.policy_statements must not have a sid of the module's own",
    ),
    (
        "worker.policy_statements",
        statements(conditions={"StringEquals": {}}),
        "worker.policy_statements must have a key for each operator",
    ),
    (
        "worker.policy_statements",
        statements(conditions={"StringEquals": {"aws:SourceVpc": []}}),
        "worker.policy_statements must have a key for each operator",
    ),
    ("worker.policy_arns", {"read": POLICY.replace("policy", "role")}, "worker.policy_arns must be ARNs of IAM"),
    ("worker.policy_arns", {"read": "ReadOnlyAccess"}, "worker.policy_arns must be ARNs of IAM policies"),
]
# Two inputs that exclude each other: each of them is valid by itself.
EXCLUDED: list[tuple[dict[str, Any], str]] = [
    (
        {
            "worker": {"policy_arns": {"read": POLICY}},
            "roles": {"worker_arn": "arn:aws:iam::123456789012:role/mine"},
        },
        "worker.policy_arns must be empty with roles.worker_arn",
    ),
    *(
        ({"runtime": runtime, function: {"snap_start": True}}, f"{function}.snap_start needs runtime = python3.12")
        for function, runtime in (("api", "python3.10"), ("worker", "python3.11"))
    ),
]
# These come from resources, which Terraform reaches only when all the inputs are valid by themselves.
