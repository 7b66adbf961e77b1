# How REST API Gateway serves what api.tf says. Who may call is in api_access.tf, what is logged in api_logs.tf.
locals {
  resource_ids = merge(
    {
      "/task"          = one(aws_api_gateway_resource.task[*].id)
      "/task/{taskId}" = one(aws_api_gateway_resource.task_id[*].id)
    },
    { for name, action in aws_api_gateway_resource.action : "/task/{taskId}/${name}" => action.id },
  )

  # The end of the ARN that API Gateway presents to Lambda. A path parameter is a star in it, and so is ANY: there the
  # method of the request itself stands (API Gateway developer guide, "Control access for invoking an API").
  calls = {
    for key, route in local.routes :
    key => join("", [replace(route.method, "ANY", "*"), replace(route.path, "/{[^}]*}/", "*")])
  }
}

resource "aws_api_gateway_rest_api" "this" {
  count = var.create ? 1 : 0

  name        = local.names.api
  description = "Accepts tasks and reports on them"
  tags        = var.tags

  endpoint_configuration {
    types            = [var.api.endpoint_type]
    vpc_endpoint_ids = length(var.api.vpc_endpoint_ids) > 0 ? var.api.vpc_endpoint_ids : null
  }

  lifecycle {
    create_before_destroy = true
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Routes
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_api_gateway_resource" "task" {
  count = var.create ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = aws_api_gateway_rest_api.this[0].root_resource_id
  path_part   = "task"
}

resource "aws_api_gateway_resource" "task_id" {
  count = var.create ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = aws_api_gateway_resource.task[0].id
  path_part   = "{taskId}"
}

# What can be done to a task: see api_routes.tf.
resource "aws_api_gateway_resource" "action" {
  for_each = { for name in var.api.routes : name => name if var.create }

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = aws_api_gateway_resource.task_id[0].id
  path_part   = each.key
}

# Parameters only. It can check neither the length nor the form of a header, and a body against a schema only where one
# is sent, which the contract does not ask for: those are the function's, which can say what is wrong.
resource "aws_api_gateway_request_validator" "parameters" {
  count = var.create ? 1 : 0

  rest_api_id                 = aws_api_gateway_rest_api.this[0].id
  name                        = "parameters"
  validate_request_parameters = true
}

resource "aws_api_gateway_method" "this" {
  # checkov:skip=CKV_AWS_59:Signed requests only, unless the caller asks for an open API in so many words.
  for_each = { for key, route in local.routes : key => route if var.create }

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  resource_id = local.resource_ids[each.value.path]
  http_method = each.value.method

  authorization        = each.value.guarded ? var.api.authorization : "NONE"
  authorizer_id        = each.value.guarded ? one(aws_api_gateway_authorizer.this[*].id) : null
  authorization_scopes = each.value.guarded ? local.scopes : null
  api_key_required     = each.value.guarded && var.api.api_key_required

  request_validator_id = aws_api_gateway_request_validator.parameters[0].id
  request_parameters   = each.value.parameters
}

resource "aws_api_gateway_integration" "this" {
  for_each = { for key, route in local.routes : key => route if var.create }

  rest_api_id             = aws_api_gateway_rest_api.this[0].id
  resource_id             = local.resource_ids[each.value.path]
  http_method             = aws_api_gateway_method.this[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST" # how Lambda is invoked, whatever the method of the route
  uri                     = local.api_invoke_arn
  timeout_milliseconds    = 29000
}

resource "aws_lambda_permission" "api" {
  for_each = { for key, route in local.routes : key => route if var.create }

  statement_id  = join("-", compact(["api-gateway", each.key, local.api_qualifier]))
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.api[0].function_name
  qualifier     = local.api_qualifier
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.this[0].execution_arn}/*/${local.calls[each.key]}"

  # With the stage, which waits for it: where the API comes to call another function or alias, it may call the old one
  # until it does not any more. For that moment both stand side by side, so the alias is in the id.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_gateway_response" "this" {
  for_each = { for type, response in local.gateway_responses : type => response if var.create }

  rest_api_id   = aws_api_gateway_rest_api.this[0].id
  response_type = each.key
  status_code   = each.value.status
  response_templates = {
    "application/json" = jsonencode({ error = each.value.error, code = each.value.code })
  }
  response_parameters = local.gateway_headers[each.key]
}

# ---------------------------------------------------------------------------------------------------------------------
# Deployment and stage
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_api_gateway_deployment" "this" {
  count = var.create ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id

  # A change that is not deployed is not live.
  triggers = {
    settings = sha256(jsonencode([
      local.routes,
      local.gateway_responses,
      local.gateway_headers,
      local.names.api_function,
      var.api.authorization,
      var.api.cognito,
      var.api.authorizer,
      var.api.api_key_required,
      var.api.endpoint_type,
      var.api.vpc_endpoint_ids,
      var.api.allowed_vpc_endpoints,
      var.api.allowed_source_ips,
    ]))
  }

  lifecycle {
    create_before_destroy = true
    # What the hash cannot see: one of them made anew, or set right after a change by hand. Resources of optional routes
    # are not named, since Terraform takes no resource here that has no instance; their methods follow them.
    replace_triggered_by = [
      aws_api_gateway_resource.task,
      aws_api_gateway_resource.task_id,
      aws_api_gateway_method.this,
      aws_api_gateway_integration.this,
      aws_api_gateway_gateway_response.this,
    ]
  }

  depends_on = [
    aws_api_gateway_integration.this,
    aws_api_gateway_gateway_response.this,
    aws_api_gateway_rest_api_policy.this, # without which a private API cannot be deployed
  ]
}

resource "aws_api_gateway_stage" "this" {
  # checkov:skip=CKV_AWS_73:Tracing adds cost and a grant to every request; metrics and structured logs are on.
  # checkov:skip=CKV_AWS_76:They are an input: on by default, they would fail in an account without a log role for API Gateway.
  # checkov:skip=CKV2_AWS_4:Execution logs need a role that belongs to the whole account, and would hold payloads.
  # checkov:skip=CKV_AWS_120:The status of a task must never be read from a cache.
  # checkov:skip=CKV2_AWS_29:A firewall is an input: it has a price by the month, and its rules are the caller's to choose.
  # checkov:skip=CKV2_AWS_77:The rules are those of the caller's web ACL, which is not made and so not scanned here.
  # checkov:skip=CKV2_AWS_51:The integration is Lambda, which is called with IAM and not over a client certificate.
  count = var.create ? 1 : 0

  rest_api_id   = aws_api_gateway_rest_api.this[0].id
  deployment_id = aws_api_gateway_deployment.this[0].id
  stage_name    = var.api.stage_name
  tags          = var.tags

  dynamic "access_log_settings" {
    for_each = var.api.access_logs[*]

    content {
      destination_arn = aws_cloudwatch_log_group.access[0].arn
      format          = local.access_log_format
    }
  }

  # Without a role, API Gateway refuses a stage that logs; without the permissions, it answers 500.
  depends_on = [aws_api_gateway_account.this, aws_lambda_permission.api]
}

resource "aws_api_gateway_method_settings" "this" {
  # checkov:skip=CKV_AWS_225:The status of a task must never be read from a cache.
  count = var.create ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  stage_name  = aws_api_gateway_stage.this[0].stage_name
  method_path = "*/*"

  settings {
    metrics_enabled        = true
    throttling_rate_limit  = var.api.throttle.rate
    throttling_burst_limit = var.api.throttle.burst
  }
}
