locals {
  names = {
    table             = coalesce(var.names.table, "${var.name}-tasks")
    queue             = coalesce(var.names.queue, "${var.name}-queue")
    dead_letter_queue = coalesce(var.names.dead_letter_queue, "${var.name}-dlq")
    api               = coalesce(var.names.api, "${var.name}-api")
    api_function      = coalesce(var.names.api_function, "${var.name}-api")
    worker_function   = coalesce(var.names.worker_function, "${var.name}-worker")
    api_role          = coalesce(var.names.api_role, "${var.name}-api")
    worker_role       = coalesce(var.names.worker_role, "${var.name}-worker")
    access_logs       = coalesce(var.names.access_logs, "/aws/apigateway/${var.name}")
    account_log_role  = coalesce(var.names.account_log_role, "${var.name}-logs")
    usage_plan        = coalesce(var.names.usage_plan, "${var.name}-api")
    task_runner_layer = coalesce(var.names.task_runner_layer, "${var.name}-task-runner")
  }
}
