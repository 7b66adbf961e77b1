# The textbook version of the same API: a table, a queue with a dead-letter queue, two functions, a REST API in front. Its
# settings are the module's where both have them: memory, timeouts, batch size, tries, visibility timeout.
locals {
  functions = {
    api = {
      package = var.api_package_file
      timeout = 10
      actions = ["dynamodb:GetItem", "dynamodb:PutItem", "sqs:SendMessage"]
    }
    worker = {
      package = var.worker_package_file
      timeout = 60
      actions = ["dynamodb:UpdateItem", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    }
  }
}

resource "aws_dynamodb_table" "tasks" {
  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "taskId"

  attribute {
    name = "taskId"
    type = "S"
  }
}

resource "aws_sqs_queue" "dead_letter" {
  name = "${var.name}-dead-letter"
}

resource "aws_sqs_queue" "tasks" {
  name                       = var.name
  visibility_timeout_seconds = 6 * local.functions.worker.timeout

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
    maxReceiveCount     = 5
  })
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name = "${var.name}-${each.key}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name = "function"
  role = aws_iam_role.function[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = each.value.actions
        Resource = [aws_dynamodb_table.tasks.arn, aws_sqs_queue.tasks.arn]
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "*"
      },
    ]
  })
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name    = "${var.name}-${each.key}"
  role             = aws_iam_role.function[each.key].arn
  runtime          = "python3.12"
  architectures    = ["arm64"]
  handler          = "${each.key}.handler"
  filename         = each.value.package
  source_code_hash = filebase64sha256(each.value.package)
  memory_size      = 512
  timeout          = each.value.timeout

  environment {
    variables = {
      TABLE_NAME = aws_dynamodb_table.tasks.name
      QUEUE_URL  = aws_sqs_queue.tasks.url
    }
  }

  depends_on = [aws_iam_role_policy.function]
}

resource "aws_lambda_event_source_mapping" "tasks" {
  event_source_arn        = aws_sqs_queue.tasks.arn
  function_name           = aws_lambda_function.this["worker"].arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]
}
