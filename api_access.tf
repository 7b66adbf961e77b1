# ---------------------------------------------------------------------------------------------------------------------
# Authorizer: a Cognito user pool or a Lambda function
# ---------------------------------------------------------------------------------------------------------------------

locals {
  # arn:<partition>:lambda:<region>:<account>:function:<name>[:<version or alias>]
  authorizer_arn = split(":", try(coalesce(var.api.authorizer.function_arn), "::::::"))
}

resource "aws_api_gateway_authorizer" "this" {
  count = var.create && contains(["COGNITO_USER_POOLS", "CUSTOM"], var.api.authorization) ? 1 : 0

  rest_api_id   = aws_api_gateway_rest_api.this[0].id
  name          = "callers"
  type          = var.api.authorization == "CUSTOM" ? var.api.authorizer.type : "COGNITO_USER_POOLS"
  provider_arns = try(var.api.cognito.user_pool_arns, null)

  authorizer_uri = (
    var.api.authorization == "CUSTOM"
    ? "arn:${local.authorizer_arn[1]}:apigateway:${local.authorizer_arn[3]}:lambda:path/2015-03-31/functions/${var.api.authorizer.function_arn}/invocations"
    : null
  )
  authorizer_credentials           = try(var.api.authorizer.role_arn, null)
  authorizer_result_ttl_in_seconds = try(var.api.authorizer.result_ttl_seconds, null)
  identity_source                  = try(join(",", var.api.authorizer.identity_sources), "method.request.header.Authorization")
}

resource "aws_lambda_permission" "authorizer" {
  count = var.create && var.api.authorization == "CUSTOM" && try(var.api.authorizer.role_arn, null) == null ? 1 : 0

  statement_id  = "${var.name}-authorizer" # the function may serve other APIs as well
  action        = "lambda:InvokeFunction"
  function_name = join(":", slice(local.authorizer_arn, 0, 7))
  qualifier     = try(local.authorizer_arn[7], null)
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.this[0].execution_arn}/authorizers/${aws_api_gateway_authorizer.this[0].id}"
}

# ---------------------------------------------------------------------------------------------------------------------
# Usage plan. The keys are the caller's: in here their secrets would be in the state.
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_api_gateway_usage_plan" "this" {
  count = var.create && var.api.api_key_required ? 1 : 0

  name        = local.names.usage_plan
  description = "Callers of ${local.names.api}"
  tags        = var.tags

  api_stages {
    api_id = aws_api_gateway_rest_api.this[0].id
    stage  = aws_api_gateway_stage.this[0].stage_name
  }

  dynamic "throttle_settings" {
    for_each = try(var.api.usage_plan.rate, null)[*]

    content {
      rate_limit  = throttle_settings.value
      burst_limit = var.api.usage_plan.burst
    }
  }

  dynamic "quota_settings" {
    for_each = try(var.api.usage_plan.quota, null)[*]

    content {
      limit  = quota_settings.value.limit
      period = quota_settings.value.period
    }
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Resource policy: where requests may come from
# ---------------------------------------------------------------------------------------------------------------------

locals {
  restricted = var.create && length(concat(var.api.allowed_source_ips, var.api.allowed_vpc_endpoints)) > 0

  # Beside such a policy, API Gateway wants an explicit allow where nothing else gives one. Where signatures or a Lambda
  # function decide, an allow would do the opposite of what is wanted: let in whom they are silent about.
  # A preflight request has neither.
  allowed_calls = contains(["NONE", "COGNITO_USER_POOLS"], var.api.authorization) ? ["*"] : var.api.cors != null ? ["*/OPTIONS/*"] : []
}

resource "aws_api_gateway_rest_api_policy" "this" {
  count = local.restricted ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for calls in local.allowed_calls : {
        Sid       = "AllowWhomTheMethodsAllow"
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "${aws_api_gateway_rest_api.this[0].execution_arn}/${calls}"
      }],
      [for blocks in [var.api.allowed_source_ips] : {
        Sid       = "OnlyFromTheseAddresses"
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "${aws_api_gateway_rest_api.this[0].execution_arn}/*"
        Condition = { NotIpAddress = { (var.api.endpoint_type == "PRIVATE" ? "aws:VpcSourceIp" : "aws:SourceIp") = blocks } }
      } if length(blocks) > 0],
      [for endpoints in [var.api.allowed_vpc_endpoints] : {
        Sid       = "OnlyThroughTheseEndpoints"
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "${aws_api_gateway_rest_api.this[0].execution_arn}/*"
        Condition = { StringNotEquals = { "aws:SourceVpce" = endpoints } }
      } if length(endpoints) > 0],
    )
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# Firewall
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_wafv2_web_acl_association" "this" {
  count = var.create && var.api.web_acl != null ? 1 : 0

  resource_arn = aws_api_gateway_stage.this[0].arn
  web_acl_arn  = var.api.web_acl.arn
}
