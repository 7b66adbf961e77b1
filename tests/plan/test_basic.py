import pytest

from plan.planner import Plan, Planner, differences

VALUES = {
    "aws_dynamodb_table.this[0]": {
        "name": "task-runner-basic-tasks",
        "billing_mode": "PAY_PER_REQUEST",
        "hash_key": "taskId",
        "attribute": [{"name": "taskId", "type": "S"}],
        "ttl": [{"attribute_name": "expiration_time", "enabled": True}],
        "point_in_time_recovery": [{"enabled": True}],
        "deletion_protection_enabled": False,
    },
    "aws_sqs_queue.this[0]": {
        "name": "task-runner-basic-queue",
        "visibility_timeout_seconds": 360,
        "message_retention_seconds": 345600,
    },
    "aws_sqs_queue.dead_letter[0]": {"name": "task-runner-basic-dlq", "message_retention_seconds": 1209600},
    "aws_lambda_function.api[0]": {
        "function_name": "task-runner-basic-api",
        "handler": "task_runner.api.entry.handler",
        "runtime": "python3.12",
        "architectures": ["arm64"],
        "memory_size": 512,
        "timeout": 10,
    },
    "aws_lambda_function.worker[0]": {
        "function_name": "task-runner-basic-worker",
        "handler": "task_runner.worker.entry.handler",
        "runtime": "python3.12",
        "architectures": ["arm64"],
        "memory_size": 512,
        "timeout": 60,
    },
    "aws_lambda_event_source_mapping.this[0]": {"batch_size": 10, "scaling_config": []},
    "aws_cloudwatch_log_group.api[0]": {"name": "/aws/lambda/task-runner-basic-api", "retention_in_days": 365},
    "aws_cloudwatch_log_group.worker[0]": {"name": "/aws/lambda/task-runner-basic-worker"},
    "aws_iam_role.api[0]": {"name": "task-runner-basic-api"},
    "aws_iam_role.worker[0]": {"name": "task-runner-basic-worker"},
    'aws_api_gateway_method.this["submit"]': {"http_method": "POST", "authorization": "NONE"},
    'aws_api_gateway_method.this["get"]': {"http_method": "GET", "authorization": "NONE"},
    'aws_api_gateway_integration.this["submit"]': {"type": "AWS_PROXY", "integration_http_method": "POST"},
    "aws_api_gateway_stage.this[0]": {"stage_name": "v1"},
    "aws_api_gateway_method_settings.this[0]": {
        "method_path": "*/*",
        "settings": [{"throttling_rate_limit": 100, "throttling_burst_limit": 200, "metrics_enabled": True}],
    },
}
TYPES = {
    "aws_dynamodb_table": 1,
    "aws_sqs_queue": 2,
    "aws_sqs_queue_policy": 2,
    "aws_sqs_queue_redrive_policy": 1,
    "aws_sqs_queue_redrive_allow_policy": 1,
    "aws_lambda_layer_version": 1,
    "aws_lambda_function": 2,
    "aws_lambda_event_source_mapping": 1,
    "aws_lambda_permission": 4,
    "aws_cloudwatch_log_group": 2,
    "aws_iam_role": 2,
    "aws_iam_role_policy": 2,
    "aws_api_gateway_rest_api": 1,
    "aws_api_gateway_resource": 2,
    "aws_api_gateway_method": 4,
    "aws_api_gateway_request_validator": 1,
    "aws_api_gateway_integration": 4,
    "aws_api_gateway_gateway_response": 19,
    "aws_api_gateway_deployment": 1,
    "aws_api_gateway_stage": 1,
    "aws_api_gateway_method_settings": 1,
}


@pytest.fixture(scope="module")
def basic(plan: Planner) -> Plan:
    return plan("examples/basic")


def test_values(basic: Plan) -> None:
    assert differences(VALUES, basic.values) == []


def test_nothing_but_these(basic: Plan) -> None:
    assert basic.types == TYPES


def test_outputs(basic: Plan) -> None:
    assert basic.outputs == {"api_endpoint", "task_runner"}


def test_unknown_path_or_method_is_404_in_the_shape_of_all_errors(basic: Plan) -> None:
    response = basic.values['aws_api_gateway_gateway_response.this["MISSING_AUTHENTICATION_TOKEN"]']
    assert response["status_code"] == "404"
    assert response["response_templates"] == {
        "application/json": '{"code":"NOT_FOUND","error":"No such path or method."}'
    }


def test_throttled_caller_is_told_when_to_come_back(basic: Plan) -> None:
    response = basic.values['aws_api_gateway_gateway_response.this["THROTTLED"]']
    assert response["status_code"] == "429"
    assert response["response_parameters"] == {"gatewayresponse.header.Retry-After": "'1'"}


def test_defaults_leave_each_status_as_it_is(basic: Plan) -> None:
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        assert basic.values[f'aws_api_gateway_gateway_response.this["{kind}"]']["status_code"] is None


def test_no_gateway_response_passes_on_a_message_of_api_gateway(basic: Plan) -> None:
    templates = [
        values["response_templates"] for address, values in basic.values.items() if "gateway_response" in address
    ]
    assert len(templates) == TYPES["aws_api_gateway_gateway_response"]
    assert all("$" not in template["application/json"] for template in templates)
