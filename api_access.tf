# Who may call, and from where.

# ---------------------------------------------------------------------------------------------------------------------
# Authorizer: a Cognito user pool or a Lambda function
# ---------------------------------------------------------------------------------------------------------------------

locals {
  # arn:<partition>:lambda:<region>:<account>:function:<name>[:<version or alias>]
  authorizer_arn = split(":", try(coalesce(var.api.authorizer.function_arn), "::::::"))
  authorizer_uri = join(":", [
    "arn", local.authorizer_arn[1], "apigateway", local.authorizer_arn[3],
    "lambda:path/2015-03-31/functions/${join(":", local.authorizer_arn)}/invocations"
  ])
  identity_sources = try(var.api.authorizer.identity_sources, ["method.request.header.Authorization"])

  # None asks for an identity token, one or more for an access token with one of them.
  scopes = try(coalescelist(var.api.cognito.scopes), null)
}

resource "aws_api_gateway_authorizer" "this" {
  count = var.create && contains(["COGNITO_USER_POOLS", "CUSTOM"], var.api.authorization) ? 1 : 0

  rest_api_id   = aws_api_gateway_rest_api.this[0].id
  name          = "callers"
  type          = var.api.authorization == "CUSTOM" ? var.api.authorizer.type : "COGNITO_USER_POOLS"
  provider_arns = try(var.api.cognito.user_pool_arns, null)

  authorizer_uri                   = var.api.authorization == "CUSTOM" ? local.authorizer_uri : null
  authorizer_credentials           = try(var.api.authorizer.role_arn, null)
  authorizer_result_ttl_in_seconds = try(var.api.authorizer.result_ttl_seconds, null)
  identity_source                  = join(",", local.identity_sources)
}

resource "aws_lambda_permission" "authorizer" {
  count = var.create && var.api.authorization == "CUSTOM" && try(var.api.authorizer.role_arn, null) == null ? 1 : 0

  statement_id  = "${var.name}-authorizer" # the function may serve other APIs as well
  action        = "lambda:InvokeFunction"
  function_name = join(":", slice(local.authorizer_arn, 0, 7))
  qualifier     = try(local.authorizer_arn[7], null)
  principal     = "apigateway.amazonaws.com"
  source_arn = join("/", [
    aws_api_gateway_rest_api.this[0].execution_arn, "authorizers", aws_api_gateway_authorizer.this[0].id
  ])
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
  allows_all    = contains(["NONE", "COGNITO_USER_POOLS"], var.api.authorization)
  allowed_calls = local.allows_all ? ["*"] : local.cors_calls

  source_ip = var.api.endpoint_type == "PRIVATE" ? "aws:VpcSourceIp" : "aws:SourceIp"
  address_denials = length(var.api.allowed_source_ips) == 0 ? {} : {
    OnlyFromTheseAddresses = { NotIpAddress = { (local.source_ip) = var.api.allowed_source_ips } }
  }
  endpoint_denials = length(var.api.allowed_vpc_endpoints) == 0 ? {} : {
    OnlyThroughTheseEndpoints = { StringNotEquals = { "aws:SourceVpce" = var.api.allowed_vpc_endpoints } }
  }
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
      [for sid, condition in merge(local.address_denials, local.endpoint_denials) : {
        Sid       = sid
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "${aws_api_gateway_rest_api.this[0].execution_arn}/*"
        Condition = condition
      }],
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
