# What both functions are told.
locals {
  metrics_namespace = "TaskRunner"

  common_environment = var.create ? {
    TASK_RUNNER_TABLE_NAME         = aws_dynamodb_table.this[0].name
    TASK_RUNNER_QUEUE_URL          = aws_sqs_queue.this[0].url
    TASK_RUNNER_MAX_RECEIVE_COUNT  = var.max_receive_count
    TASK_RUNNER_RECORD_TTL_SECONDS = local.record_ttl_seconds
    POWERTOOLS_SERVICE_NAME        = var.name
    POWERTOOLS_METRICS_NAMESPACE   = local.metrics_namespace
    POWERTOOLS_LOG_LEVEL           = var.logs.level
  } : {}
}
