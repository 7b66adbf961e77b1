locals {
  # A browser sends no credentials with a preflight request. The function answers it, as it adds the headers to all else:
  # so one place knows them.
  routes = merge({
    submit                                   = { method = "POST", path = "/task", guarded = true, parameters = {} }
    get                                      = { method = "GET", path = "/task/{taskId}", guarded = true, parameters = { "method.request.path.taskId" = true } }
    }, { for key, path in { preflight_submit = "/task", preflight_get = "/task/{taskId}" } : key => {
      method                                 = "OPTIONS", path = path, guarded = false, parameters = {}
  } if var.api.cors != null })

  resource_ids = {
    "/task"          = one(aws_api_gateway_resource.task[*].id)
    "/task/{taskId}" = one(aws_api_gateway_resource.task_id[*].id)
  }

  # A gateway response can hold one origin only. With several it names whichever asks: its sentences are fixed and tell
  # no script of another origin anything.
  cors_origins = try(var.api.cors.allow_origins, [])
  cors_headers = length(local.cors_origins) == 0 ? {} : merge({
    "gatewayresponse.header.Access-Control-Allow-Origin"   = length(local.cors_origins) == 1 ? "'${local.cors_origins[0]}'" : "method.request.header.Origin"
    "gatewayresponse.header.Access-Control-Expose-Headers" = "'Retry-After'"
  }, length(local.cors_origins) == 1 ? {} : { "gatewayresponse.header.Vary" = "'Origin'" })

  # What API Gateway answers itself, in the shape of all other errors. The sentences are fixed: its own would name ARNs.
  # A default has no status, so that each type it stands in for keeps its own.
  gateway_responses = {
    ACCESS_DENIED = { status = 403, code = "ACCESS_DENIED", error = "You may not call this API." }
    # The authorizer's own fault, not the caller's.
    AUTHORIZER_CONFIGURATION_ERROR = { status = 500, code = "AUTHORIZER_FAILED", error = "The request could not be authorized. Try again." }
    AUTHORIZER_FAILURE             = { status = 500, code = "AUTHORIZER_FAILED", error = "The request could not be authorized. Try again." }
    BAD_REQUEST_PARAMETERS         = { status = 400, code = "BAD_REQUEST", error = "The request lacks a parameter." }
    DEFAULT_4XX                    = { status = null, code = "BAD_REQUEST", error = "The request cannot be served." }
    DEFAULT_5XX                    = { status = null, code = "INTERNAL", error = "The request failed on our side. Try again." }
    EXPIRED_TOKEN                  = { status = 403, code = "EXPIRED_TOKEN", error = "The credentials of the request have expired." }
    INVALID_API_KEY                = { status = 403, code = "INVALID_API_KEY", error = "The request needs a valid API key." }
    INVALID_SIGNATURE              = { status = 403, code = "INVALID_SIGNATURE", error = "The signature of the request is not valid." }
    # Not 503, which promises that nothing was accepted: here nobody knows.
    INTEGRATION_FAILURE = { status = 504, code = "NO_ANSWER", error = "The request got no answer. It may have been accepted." }
    INTEGRATION_TIMEOUT = { status = 504, code = "TIMEOUT", error = "The request was not answered in time. It may have been accepted." }
    # An unknown path or method. With AWS_IAM it cannot be told from a request without a signature.
    MISSING_AUTHENTICATION_TOKEN = var.api.authorization == "AWS_IAM" ? {
      status = 403, code = "MISSING_AUTHENTICATION_TOKEN", error = "The request is not signed, or there is no such path or method."
      } : {
      status = 404, code = "NOT_FOUND", error = "No such path or method."
    }
    QUOTA_EXCEEDED         = { status = 429, code = "QUOTA_EXCEEDED", error = "The quota of this API key is used up." }
    REQUEST_TOO_LARGE      = { status = 413, code = "PAYLOAD_TOO_LARGE", error = "The request is too large." }
    RESOURCE_NOT_FOUND     = { status = 404, code = "NOT_FOUND", error = "No such path or method." }
    THROTTLED              = { status = 429, code = "THROTTLED", error = "Too many requests. Try again in a moment." }
    UNAUTHORIZED           = { status = 401, code = "UNAUTHORIZED", error = "The request needs a valid token." }
    UNSUPPORTED_MEDIA_TYPE = { status = 415, code = "UNSUPPORTED_MEDIA_TYPE", error = "The content type is not supported. Send JSON." }
    WAF_FILTERED           = { status = 403, code = "ACCESS_DENIED", error = "You may not call this API." }
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

# Parameters only. It can check neither the length nor the form of a header, and a body against a schema only where one is
# sent, which the contract does not ask for: those are the function's, which can say what is wrong.
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
  authorization_scopes = each.value.guarded ? try(length(var.api.cognito.scopes) > 0 ? var.api.cognito.scopes : null, null) : null
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
  uri                     = aws_lambda_function.api[0].invoke_arn
  timeout_milliseconds    = 29000
}

resource "aws_lambda_permission" "api" {
  for_each = { for key, route in local.routes : key => route if var.create }

  statement_id  = "api-gateway-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.api[0].function_name
  principal     = "apigateway.amazonaws.com"
  # A path parameter is a star in the ARN that API Gateway presents.
  source_arn = "${aws_api_gateway_rest_api.this[0].execution_arn}/*/${each.value.method}${replace(each.value.path, "/{[^}]*}/", "*")}"
}

resource "aws_api_gateway_gateway_response" "this" {
  for_each = { for type, response in local.gateway_responses : type => response if var.create }

  rest_api_id   = aws_api_gateway_rest_api.this[0].id
  response_type = each.key
  status_code   = each.value.status
  response_templates = {
    "application/json" = jsonencode({ error = each.value.error, code = each.value.code })
  }
  response_parameters = merge(
    local.cors_headers,
    each.key == "THROTTLED" ? { "gatewayresponse.header.Retry-After" = "'1'" } : {},
  )
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
      local.names.api_function,
      var.api.authorization,
      var.api.cognito,
      var.api.authorizer,
      var.api.api_key_required,
      local.cors_headers,
      var.api.endpoint_type,
      var.api.vpc_endpoint_ids,
      var.api.allowed_vpc_endpoints,
      var.api.allowed_source_ips,
    ]))
  }

  lifecycle {
    create_before_destroy = true
    # What the hash cannot see: one of them made anew, or set right after a change by hand.
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
  # checkov:skip=CKV_AWS_76:Access logs are an input. On by default, they would fail in each account that has no log role for API Gateway.
  # checkov:skip=CKV2_AWS_4:Execution logs need a role that belongs to the whole account, and would hold payloads.
  # checkov:skip=CKV_AWS_120:The status of a task must never be read from a cache.
  # checkov:skip=CKV2_AWS_29:A firewall is an input: it has a price by the month, and its rules are the caller's to choose.
  # checkov:skip=CKV2_AWS_77:The rules are those of the caller's web ACL, which is made outside of the module and so is not scanned with it.
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

  # Without a role, API Gateway refuses a stage that logs.
  depends_on = [aws_api_gateway_account.this]
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
