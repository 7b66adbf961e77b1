locals {
  # Written out rather than taken from data sources, whose reading a change of any tag puts off until the apply: so a
  # plan always shows what is granted.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "LambdaOnly"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# The API function
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "api" {
  count = var.create ? 1 : 0

  name               = local.names.api_role
  description        = "What the function ${local.names.api_function} may do"
  assume_role_policy = local.assume_role_policy
  tags               = var.tags
}

resource "aws_iam_role_policy" "api" {
  count = var.create ? 1 : 0

  name = "task-runner"
  role = aws_iam_role.api[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
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
    ]
  })
}

# ---------------------------------------------------------------------------------------------------------------------
# The worker function
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "worker" {
  count = var.create ? 1 : 0

  name               = local.names.worker_role
  description        = "What the function ${local.names.worker_function} may do"
  assume_role_policy = local.assume_role_policy
  tags               = var.tags

  lifecycle {
    precondition {
      condition     = local.names.worker_role != local.names.api_role
      error_message = "names.worker_role must differ from the name of the API function's role."
    }
  }
}

resource "aws_iam_role_policy" "worker" {
  count = var.create ? 1 : 0

  name = "task-runner"
  role = aws_iam_role.worker[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "UpdateRecords"
        Effect   = "Allow"
        Action   = "dynamodb:UpdateItem"
        Resource = aws_dynamodb_table.this[0].arn
      },
      {
        Sid    = "TakeWakeUps"
        Effect = "Allow"
        Action = [
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:ReceiveMessage",
        ]
        Resource = aws_sqs_queue.this[0].arn
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.worker[0].arn}:*"
      },
    ]
  })
}
