# The function that runs the tasks.
locals {
  # Its code: a zip of the caller's, one in S3, or the demo task.
  worker_file = (
    var.worker.package_s3 != null ? null : coalesce(var.worker.package_file, "${local.packages}/demo.zip")
  )
  worker_handler = coalesce(var.worker.handler, "tasks.handle")

  error_text_environment = var.logs.error_text ? { TASK_RUNNER_LOG_ERROR_TEXT = "true" } : {}

  # Lambda lays one layer over the other in this order (Lambda developer guide, "Adding layers to functions"), and the
  # function's code counts before all of them: so of what caller and module both bring, the caller's counts.
  worker_layers = concat(aws_lambda_layer_version.task_runner[*].arn, var.worker.layers)

  # The pollers do not know of a reservation: without a maximum they take batches that the function then cannot run, and
  # each of their tasks loses a try (AWS re:Post, "lambda-sqs-scaling"). 1000 is the highest maximum. With provisioned
  # pollers there is none: their number is one, and the reservation has room for it.
  reserved_batches = try(min(var.worker.reserved_concurrency, 1000), null)
  maximum_concurrency = (
    var.worker.provisioned_pollers != null ? null :
    try(coalesce(var.worker.maximum_concurrency, local.reserved_batches), null)
  )
}

resource "aws_lambda_function" "worker" {
  # checkov:skip=CKV_AWS_50:Tracing adds a cost and a grant; metrics and structured logs are on.
  # checkov:skip=CKV_AWS_115:It takes from what the account has for all else, so it is an input: worker.reserved_concurrency.
  # checkov:skip=CKV_AWS_116:The queue that feeds it has a dead-letter queue; the function's own is for asynchronous calls.
  # checkov:skip=CKV_AWS_117:A VPC is an input, worker.vpc: from it AWS is reached through endpoints or a NAT gateway only.
  # checkov:skip=CKV_AWS_173:Secrets belong in a secret store; Lambda has a key of its own, unless kms_key_arn names one.
  # checkov:skip=CKV_AWS_272:Signing needs a profile in the caller's account.
  count = var.create ? 1 : 0

  function_name                  = local.names.worker_function
  description                    = "Runs tasks"
  role                           = local.worker_role_arn
  runtime                        = var.runtime
  architectures                  = [coalesce(var.worker.architecture, var.architecture)]
  handler                        = "task_runner.worker.entry.handler"
  filename                       = local.worker_file
  source_code_hash               = one([for file in local.worker_file[*] : filebase64sha256(file)])
  s3_bucket                      = try(var.worker.package_s3.bucket, null)
  s3_key                         = try(var.worker.package_s3.key, null)
  s3_object_version              = try(var.worker.package_s3.version, null)
  memory_size                    = var.worker.memory_size
  timeout                        = var.worker.timeout
  reserved_concurrent_executions = var.worker.reserved_concurrency
  kms_key_arn                    = var.kms_key_arn
  publish                        = local.published.worker
  layers                         = local.worker_layers
  tags                           = var.tags

  ephemeral_storage {
    size = var.worker.ephemeral_storage
  }

  dynamic "vpc_config" {
    for_each = var.worker.vpc[*]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  dynamic "snap_start" {
    for_each = var.worker.snap_start ? ["PublishedVersions"] : []

    content {
      apply_on = snap_start.value
    }
  }

  environment {
    variables = merge(var.worker.environment, local.common_environment, local.error_text_environment, {
      TASK_RUNNER_HANDLER            = local.worker_handler
      TASK_RUNNER_CONCURRENCY        = var.worker.concurrency
      TASK_RUNNER_RETRY_BASE_SECONDS = var.retry.base_seconds
      TASK_RUNNER_RETRY_CAP_SECONDS  = var.retry.cap_seconds
    })
  }

  lifecycle {
    precondition {
      condition = length(var.worker.policy_arns) == 0 || var.roles.worker_arn == null
      error_message = join(" ", [
        "worker.policy_arns must be empty with roles.worker_arn, a role that the module may not change: attach the",
        "policies to it yourself. What worker.policy_statements ask for is in the output worker_policy_json.",
      ])
    }
    precondition {
      condition     = !var.worker.snap_start || local.runtime_has_snapshots
      error_message = "worker.snap_start needs runtime = python3.12 or newer: Lambda takes snapshots of no older one."
    }
  }

  # Lambda refuses a function in a VPC whose role cannot make network interfaces.
  depends_on = [aws_cloudwatch_log_group.worker, aws_iam_role_policy.worker]
}

# Made before the function: Lambda would make it itself, with no retention and outside of the state.
resource "aws_cloudwatch_log_group" "worker" {
  # checkov:skip=CKV_AWS_158:CloudWatch has a key of its own, unless kms_key_arn names one; no payloads are logged.
  count = var.create ? 1 : 0

  name              = "/aws/lambda/${local.names.worker_function}"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags

  lifecycle {
    precondition {
      condition     = local.names.worker_function != local.names.api_function
      error_message = "names.worker_function must differ from the name of the API function."
    }
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Role: what the module needs, and what the caller's task code does
# ---------------------------------------------------------------------------------------------------------------------

locals {
  task_code_statements = [for statement in var.worker.policy_statements : merge(
    statement.sid == null ? {} : { Sid = statement.sid },
    { Effect = statement.effect, Action = statement.actions, Resource = statement.resources },
    length(statement.conditions) == 0 ? {} : { Condition = statement.conditions },
  )]

  worker_policy = var.create ? jsonencode({
    Version = "2012-10-17"
    Statement = concat([
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
    ], local.decrypt_statements, local.vpc_statements, local.task_code_statements)
  }) : null
}

resource "aws_iam_role" "worker" {
  count = local.own_worker_role ? 1 : 0

  name                 = local.names.worker_role
  path                 = var.roles.path
  description          = "What the function ${local.names.worker_function} may do"
  assume_role_policy   = local.assume_role_policy
  permissions_boundary = var.roles.permissions_boundary
  tags                 = var.tags

  lifecycle {
    precondition {
      condition     = !local.own_api_role || local.names.worker_role != local.names.api_role
      error_message = "names.worker_role must differ from the name of the API function's role."
    }
  }
}

resource "aws_iam_role_policy" "worker" {
  count = local.own_worker_role ? 1 : 0

  name   = "task-runner"
  role   = aws_iam_role.worker[0].id
  policy = local.worker_policy
}

resource "aws_iam_role_policy_attachment" "worker" {
  for_each = { for name, arn in var.worker.policy_arns : name => arn if local.own_worker_role }

  role       = aws_iam_role.worker[0].id
  policy_arn = each.value
}

# ---------------------------------------------------------------------------------------------------------------------
# Event source mapping
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_lambda_event_source_mapping" "this" {
  count = var.create ? 1 : 0

  event_source_arn                   = aws_sqs_queue.this[0].arn
  function_name                      = local.worker_invoked_arn
  batch_size                         = var.worker.batch_size
  maximum_batching_window_in_seconds = var.worker.batching_window
  # Without it one failed task would bring its whole batch back.
  function_response_types = ["ReportBatchItemFailures"]

  dynamic "scaling_config" {
    for_each = local.maximum_concurrency[*]

    content {
      maximum_concurrency = scaling_config.value
    }
  }

  dynamic "provisioned_poller_config" {
    for_each = var.worker.provisioned_pollers[*]

    content {
      minimum_pollers = provisioned_poller_config.value.minimum
      maximum_pollers = provisioned_poller_config.value.maximum
    }
  }

  # Lambda refuses a mapping whose role cannot read the queue, and the first task finds all that its code may use.
  depends_on = [aws_iam_role_policy.worker, aws_iam_role_policy_attachment.worker]
}
