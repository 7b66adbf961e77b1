"""What shapes the API and what does not: each attribute of the input `api`, and what its resources are made of."""

from typing import Any

from plan.refused import FUNCTION, POOL, WEB_ACL, cognito, custom, keys

Api = dict[str, Any]


def cors(**changes: Any) -> Api:
    return {"cors": {"allow_origins": ["https://app.example.com"], **changes}}


def private(**changes: Any) -> Api:
    return {"endpoint_type": "PRIVATE", "allowed_vpc_endpoints": ["vpce-0a"], **changes}


def in_pool(**changes: Any) -> Api:
    api = cognito([POOL])
    api["cognito"].update(changes)
    return api


# What shapes the API: an API as it is, and with another value of this attribute.
SHAPING: dict[str, tuple[Api, Api]] = {
    "authorization": ({}, {"authorization": "NONE"}),
    "cognito.user_pool_arns": (in_pool(), in_pool(user_pool_arns=[f"{POOL}d"])),
    "cognito.scopes": (in_pool(), in_pool(scopes=["tasks/write"])),
    "authorizer.function_arn": (custom(), custom(function_arn=f"{FUNCTION}:live")),
    "authorizer.type": (custom(), custom(type="REQUEST")),
    "authorizer.identity_sources": (custom(), custom(identity_sources=["method.request.header.X-Key"])),
    "authorizer.result_ttl_seconds": (custom(), custom(result_ttl_seconds=0)),
    "authorizer.role_arn": (custom(), custom(role_arn="arn:aws:iam::123456789012:role/invoke")),
    "api_key_required": ({}, {"api_key_required": True}),
    "routes": ({}, {"routes": ["retry"]}),
    "cors.allow_origins": (cors(), cors(allow_origins=["https://admin.example.com"])),
    "endpoint_type": ({}, private()),
    "vpc_endpoint_ids": (private(), private(vpc_endpoint_ids=["vpce-0a"])),
    "allowed_vpc_endpoints": (private(), private(allowed_vpc_endpoints=["vpce-0b"])),
    "allowed_source_ips": ({}, {"allowed_source_ips": ["192.0.2.0/24"]}),
}
# What does not: it is the stage's, the function's, or of a resource beside the API.
ELSEWHERE: dict[str, tuple[Api, Api]] = {
    "stage_name": ({}, {"stage_name": "v2"}),
    "usage_plan.rate": (keys(), keys(rate=5, burst=10)),
    "usage_plan.burst": (keys(rate=5, burst=10), keys(rate=5, burst=11)),
    "usage_plan.quota.limit": (keys(), keys(quota={"limit": 5})),
    "usage_plan.quota.period": (keys(quota={"limit": 5}), keys(quota={"limit": 5, "period": "WEEK"})),
    "cors.allow_headers": (cors(), cors(allow_headers=["X-Trace"])),
    "cors.max_age": (cors(), cors(max_age=60)),
    "web_acl.arn": ({}, {"web_acl": {"arn": WEB_ACL}}),
    "access_logs.retention_days": ({}, {"access_logs": {"retention_days": 30}}),
    "account_log_role": ({}, {"account_log_role": True}),
    "throttle.rate": ({}, {"throttle": {"rate": 1}}),
    "throttle.burst": ({}, {"throttle": {"burst": 1}}),
    "memory_size": ({}, {"memory_size": 128}),
    "timeout": ({}, {"timeout": 1}),
    "snap_start": ({}, {"snap_start": True}),
    "provisioned_concurrency": ({}, {"provisioned_concurrency": 1}),
}
# Each local and each input that an expression of the API's resources names, and in which part of the hash it is.
HASHED = {
    "local.routes": "local.routes",
    "local.gateway_responses": "local.gateway_responses",
    "local.gateway_headers": "local.gateway_headers",
    "local.scopes": "var.api.cognito",
    "local.authorizer_uri": "var.api.authorizer",
    "local.identity_sources": "var.api.authorizer",
    "local.allowed_calls": "var.api.authorization",
    "local.address_denials": "var.api.allowed_source_ips",
    "local.endpoint_denials": "var.api.allowed_vpc_endpoints",
    "var.api.api_key_required": "var.api.api_key_required",
    "var.api.authorization": "var.api.authorization",
    "var.api.authorizer": "var.api.authorizer",
    "var.api.cognito": "var.api.cognito",
    "var.api.endpoint_type": "var.api.endpoint_type",
    "var.api.routes": "local.routes",
    "var.api.vpc_endpoint_ids": "var.api.vpc_endpoint_ids",
}
# What these resources name, and what no deployment takes into use.
NOT_DEPLOYED = {
    "local.api_invoke_arn": "function or alias: an integration that calls another one replaces the deployment itself",
    "local.resource_ids": "the ids of the resources, which replace the deployment themselves",
    "local.restricted": "whether there is a policy: that follows from what it says",
    "local.names": "the name of the API, which its callers do not see",
    "var.create": "whether there is anything",
    "var.tags": "tags of the API",
}
SHAPED = (
    "aws_api_gateway_authorizer",
    "aws_api_gateway_gateway_response",
    "aws_api_gateway_integration",
    "aws_api_gateway_method",
    "aws_api_gateway_request_validator",
    "aws_api_gateway_resource",
    "aws_api_gateway_rest_api",
    "aws_api_gateway_rest_api_policy",
)
