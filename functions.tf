locals {
  packages = "${path.module}/lambda_src/dist"

  # The worker's code: a zip of the caller's, one in S3, or the demo task.
  worker_file = (
    var.worker.package_s3 != null ? null : coalesce(var.worker.package_file, "${local.packages}/demo.zip")
  )
  worker_handler = coalesce(var.worker.handler, "tasks.handle")

  # Lambda lays one layer over the other in this order (Lambda developer guide, "Adding layers to functions"), and the
  # function's code counts before all of them: so of what caller and module both bring, the caller's counts.
  worker_layers = concat(
    aws_lambda_layer_version.dependencies[*].arn, aws_lambda_layer_version.task_runner[*].arn, var.worker.layers
  )

  # The pollers do not know of a reservation: without a maximum they take batches that the function then cannot run, and
  # each of their tasks loses a try (AWS re:Post, "lambda-sqs-scaling"). 1000 is the highest maximum.
  maximum_concurrency = (
    var.worker.maximum_concurrency != null || var.worker.reserved_concurrency == null ?
    var.worker.maximum_concurrency : min(var.worker.reserved_concurrency, 1000)
  )

  common_environment = var.create ? {
    TASK_RUNNER_TABLE_NAME         = aws_dynamodb_table.this[0].name
    TASK_RUNNER_QUEUE_URL          = aws_sqs_queue.this[0].url
    TASK_RUNNER_MAX_RECEIVE_COUNT  = var.max_receive_count
    TASK_RUNNER_RECORD_TTL_SECONDS = local.record_ttl_seconds
    POWERTOOLS_SERVICE_NAME        = var.name
    POWERTOOLS_METRICS_NAMESPACE   = "TaskRunner"
    POWERTOOLS_LOG_LEVEL           = var.logs.level
  } : {}
}

# ---------------------------------------------------------------------------------------------------------------------
# Layers. The old version goes only once both functions are off it.
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_lambda_layer_version" "dependencies" {
  count = var.create ? 1 : 0

  layer_name       = local.names.dependencies_layer
  description      = "AWS Lambda Powertools"
  filename         = "${local.packages}/dependencies.zip"
  source_code_hash = filebase64sha256("${local.packages}/dependencies.zip")

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_layer_version" "task_runner" {
  count = var.create ? 1 : 0

  layer_name       = local.names.task_runner_layer
  description      = "The task_runner package: both handlers, and what task code imports"
  filename         = "${local.packages}/task_runner.zip"
  source_code_hash = filebase64sha256("${local.packages}/task_runner.zip")

  lifecycle {
    create_before_destroy = true
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Log groups, made before the functions: Lambda would make them itself, with no retention and outside of the state.
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "api" {
  # checkov:skip=CKV_AWS_158:CloudWatch encrypts with a key of its own, unless kms_key_arn names one, and the logs carry no payloads.
  count = var.create ? 1 : 0

  name              = "/aws/lambda/${local.names.api_function}"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.kms_key_arn
  tags              = var.tags
}

resource "aws_cloudwatch_log_group" "worker" {
  # checkov:skip=CKV_AWS_158:CloudWatch encrypts with a key of its own, unless kms_key_arn names one, and the logs carry no payloads.
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
# Functions. The handlers are in the task_runner layer; Lambda asks for a code package all the same.
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_lambda_function" "api" {
  # checkov:skip=CKV_AWS_50:Tracing adds a cost and a grant; metrics and structured logs are on.
  # checkov:skip=CKV_AWS_115:A reservation takes from what the account has for all else; the stage's throttle bounds the function.
  # checkov:skip=CKV_AWS_116:A dead-letter queue is for asynchronous calls; API Gateway calls and waits.
  # checkov:skip=CKV_AWS_117:It calls AWS only, and a VPC would need endpoints or a NAT gateway for that.
  # checkov:skip=CKV_AWS_173:The variables hold names and numbers, no secrets; Lambda encrypts them with a key of its own, unless kms_key_arn names one.
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
  layers           = [aws_lambda_layer_version.dependencies[0].arn, aws_lambda_layer_version.task_runner[0].arn]
  tags             = var.tags

  environment {
    variables = merge(local.common_environment, {
      TASK_RUNNER_QUEUE_RETENTION_SECONDS = var.queue.retention_seconds
      }, var.api.cors == null ? {} : {
      TASK_RUNNER_CORS_ALLOW_ORIGINS = join(" ", var.api.cors.allow_origins)
      TASK_RUNNER_CORS_ALLOW_HEADERS = join(" ", var.api.cors.allow_headers)
      TASK_RUNNER_CORS_MAX_AGE       = var.api.cors.max_age
    })
  }

  depends_on = [aws_cloudwatch_log_group.api]
}

resource "aws_lambda_function" "worker" {
  # checkov:skip=CKV_AWS_50:Tracing adds a cost and a grant; metrics and structured logs are on.
  # checkov:skip=CKV_AWS_115:A reservation takes from what the account has for all else, so it is an input: worker.reserved_concurrency.
  # checkov:skip=CKV_AWS_116:The queue that feeds it has a dead-letter queue; the function's own is for asynchronous calls.
  # checkov:skip=CKV_AWS_117:A VPC is an input, worker.vpc: the module calls AWS only, and would need endpoints or a NAT gateway for that.
  # checkov:skip=CKV_AWS_173:The variables hold names and numbers, and secrets belong in a secret store; Lambda encrypts them with a key of its own, unless kms_key_arn names one.
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

  environment {
    variables = merge(var.worker.environment, local.common_environment, {
      TASK_RUNNER_HANDLER            = local.worker_handler
      TASK_RUNNER_CONCURRENCY        = var.worker.concurrency
      TASK_RUNNER_RETRY_BASE_SECONDS = var.retry.base_seconds
      TASK_RUNNER_RETRY_CAP_SECONDS  = var.retry.cap_seconds
    })
  }

  lifecycle {
    precondition {
      condition     = length(var.worker.policy_arns) == 0 || var.roles.worker_arn == null
      error_message = "worker.policy_arns must be empty with roles.worker_arn, a role that the module may not change: attach the policies to it yourself. What worker.policy_statements ask for is in the output worker_policy_json."
    }
  }

  # Lambda refuses a function in a VPC whose role cannot make network interfaces.
  depends_on = [aws_cloudwatch_log_group.worker, aws_iam_role_policy.worker]
}

# ---------------------------------------------------------------------------------------------------------------------
# Event source mapping
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_lambda_event_source_mapping" "this" {
  count = var.create ? 1 : 0

  event_source_arn                   = aws_sqs_queue.this[0].arn
  function_name                      = aws_lambda_function.worker[0].arn
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

  # Lambda refuses a mapping whose role cannot read the queue, and the first task finds all that its code may use.
  depends_on = [aws_iam_role_policy.worker, aws_iam_role_policy_attachment.worker]
}
