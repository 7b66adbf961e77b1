locals {
  # Nothing that a caller sends: no body, no query, no header, and of the path only its pattern. Of a key its id, never
  # the key itself.
  access_log_format = jsonencode({
    requestId          = "$context.requestId"
    requestTime        = "$context.requestTimeEpoch"
    method             = "$context.httpMethod"
    route              = "$context.resourcePath"
    status             = "$context.status"
    refusal            = "$context.error.responseType"
    responseLength     = "$context.responseLength"
    responseLatency    = "$context.responseLatency"
    integrationLatency = "$context.integrationLatency"
    integrationStatus  = "$context.integration.integrationStatus"
    sourceIp           = "$context.identity.sourceIp"
    userArn            = "$context.identity.userArn"
    principalId        = "$context.authorizer.principalId"
    apiKeyId           = "$context.identity.apiKeyId"
    wafStatus          = "$context.waf.status"
  })
}

resource "aws_cloudwatch_log_group" "access" {
  # checkov:skip=CKV_AWS_158:CloudWatch has a key of its own, unless kms_key_arn names one; no payloads are logged.
  count = var.create && var.api.access_logs != null ? 1 : 0

  name              = local.names.access_logs
  retention_in_days = var.api.access_logs.retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

# ---------------------------------------------------------------------------------------------------------------------
# The role that API Gateway writes the logs of all APIs of the account and region with. Off unless asked for.
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "account_log" {
  count = var.create && var.api.account_log_role ? 1 : 0

  name                 = local.names.account_log_role
  path                 = var.roles.path
  description          = "Lets API Gateway write the logs of all APIs of this account and region"
  permissions_boundary = var.roles.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ApiGatewayOnly"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "apigateway.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "account_log" {
  count = var.create && var.api.account_log_role ? 1 : 0

  role = aws_iam_role.account_log[0].id
  # All log groups: API Gateway tries a role out before it takes it, with more than this module's group, and the role
  # serves other APIs as well. It is AWS's own policy for this very role.
  policy_arn = join(":", [
    "arn", split(":", aws_api_gateway_rest_api.this[0].execution_arn)[1],
    "iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
  ])
}

resource "aws_api_gateway_account" "this" {
  count = var.create && var.api.account_log_role ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.account_log[0].arn

  depends_on = [aws_iam_role_policy_attachment.account_log]
}
