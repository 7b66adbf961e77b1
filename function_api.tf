# The function behind the API.
resource "aws_lambda_function" "api" {
  # checkov:skip=CKV_AWS_50:Tracing adds a cost and a grant; metrics and structured logs are on.
  # checkov:skip=CKV_AWS_115:A reservation takes from what the account has for all else; the stage's throttle bounds it.
  # checkov:skip=CKV_AWS_116:A dead-letter queue is for asynchronous calls; API Gateway calls and waits.
  # checkov:skip=CKV_AWS_117:It calls AWS only, and a VPC would need endpoints or a NAT gateway for that.
  # checkov:skip=CKV_AWS_173:Names and numbers, no secrets; Lambda has a key of its own, unless kms_key_arn names one.
  # checkov:skip=CKV_AWS_272:The package comes from this module's source; signing needs a profile in the caller's account.
  count = var.create ? 1 : 0

  function_name    = local.names.api_function
  description      = "Accepts tasks and reports on them"
  role             = local.api_role_arn
  runtime          = var.runtime
  architectures    = [var.architecture]
  handler          = "task_runner.api.entry.handler"
  filename         = "${local.packages}/demo.zip"
  source_code_hash = filebase64sha256("${local.packages}/demo.zip")
  memory_size      = var.api.memory_size
  timeout          = var.api.timeout
  kms_key_arn      = var.kms_key_arn
  publish          = local.published.api
  layers           = aws_lambda_layer_version.task_runner[*].arn
  tags             = var.tags

  environment {
    variables = merge(local.common_environment, local.cors_environment, local.routes_environment, {
      TASK_RUNNER_QUEUE_RETENTION_SECONDS = var.queue.retention_seconds
    })
  }

  dynamic "snap_start" {
    for_each = var.api.snap_start ? ["PublishedVersions"] : []

    content {
      apply_on = snap_start.value
    }
  }

  lifecycle {
    precondition {
      condition     = !var.api.snap_start || local.runtime_has_snapshots
      error_message = "api.snap_start needs runtime = python3.12 or newer: Lambda takes snapshots of no older one."
    }
  }

  depends_on = [aws_cloudwatch_log_group.api]
}

# Made before the function: Lambda would make it itself, with no retention and outside of the state.
resource "aws_cloudwatch_log_group" "api" {
  # checkov:skip=CKV_AWS_158:CloudWatch has a key of its own, unless kms_key_arn names one; no payloads are logged.
  count = var.create ? 1 : 0

  name              = "/aws/lambda/${local.names.api_function}"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

# ---------------------------------------------------------------------------------------------------------------------
# Role: what the function may do
# ---------------------------------------------------------------------------------------------------------------------

locals {
  api_policy = var.create ? jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid      = "KeepRecords"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = aws_dynamodb_table.this[0].arn
      },
      {
        Sid      = "SendWakeUps"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = aws_sqs_queue.this[0].arn
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.api[0].arn}:*"
      },
    ], local.decrypt_statements, local.encrypt_statements)
  }) : null
}

resource "aws_iam_role" "api" {
  count = local.own_api_role ? 1 : 0

  name                 = local.names.api_role
  path                 = var.roles.path
  description          = "What the function ${local.names.api_function} may do"
  assume_role_policy   = local.assume_role_policy
  permissions_boundary = var.roles.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "api" {
  count = local.own_api_role ? 1 : 0

  name   = "task-runner"
  role   = aws_iam_role.api[0].id
  policy = local.api_policy
}
