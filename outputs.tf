output "access_log_group_arn" {
  description = "ARN of the log group of the API's access logs; null unless `api.access_logs`."
  value       = one(aws_cloudwatch_log_group.access[*].arn)
}

output "access_log_group_name" {
  description = "Name of the log group of the API's access logs; null unless `api.access_logs`."
  value       = one(aws_cloudwatch_log_group.access[*].name)
}

output "api_alias_arn" {
  description = <<-EOT
    ARN of the alias through which the function behind the API is called; null unless `api.snap_start` or
    `api.provisioned_concurrency`. Its policy is where a permission for another caller belongs.
  EOT
  value       = try(aws_lambda_alias.this["api"].arn, null)
}

output "api_endpoint" {
  description = "Base URL of the API, stage included, without a slash at the end: append `/task`."
  value       = one(aws_api_gateway_stage.this[*].invoke_url)

  # Whoever uses the URL finds a pipeline that works.
  depends_on = [
    aws_api_gateway_gateway_response.this,
    aws_api_gateway_method_settings.this,
    aws_wafv2_web_acl_association.this,
    aws_iam_role_policy.api,
    aws_iam_role_policy.worker,
    aws_iam_role_policy_attachment.worker,
    aws_lambda_event_source_mapping.this,
    aws_lambda_permission.authorizer,
    aws_lambda_provisioned_concurrency_config.this,
    aws_sqs_queue_policy.tls_only,
    aws_sqs_queue_redrive_allow_policy.dead_letter,
    aws_sqs_queue_redrive_policy.this,
  ]
}

output "api_execution_arn" {
  description = "ARN to name in policies that allow `execute-api:Invoke`: append `/<stage>/<method>/<path>`."
  value       = one(aws_api_gateway_rest_api.this[*].execution_arn)
}

output "api_function_arn" {
  description = "ARN of the function behind the API."
  value       = one(aws_lambda_function.api[*].arn)
}

output "api_function_name" {
  description = "Name of the function behind the API."
  value       = one(aws_lambda_function.api[*].function_name)
}

output "api_id" {
  description = "Id of the REST API."
  value       = one(aws_api_gateway_rest_api.this[*].id)
}

output "api_log_group_arn" {
  description = "ARN of the log group of the function behind the API."
  value       = one(aws_cloudwatch_log_group.api[*].arn)
}

output "api_log_group_name" {
  description = "Name of the log group of the function behind the API."
  value       = one(aws_cloudwatch_log_group.api[*].name)
}

output "api_name" {
  description = "Name of the REST API, the dimension `ApiName` of its metrics."
  value       = one(aws_api_gateway_rest_api.this[*].name)
}

output "api_policy_json" {
  description = <<-EOT
    What the role of the function behind the API has to allow, as a policy document: the module's own role has it, a
    role of yours (`roles.api_arn`) needs it.
  EOT
  value       = local.api_policy
}

output "api_role_arn" {
  description = "ARN of the role of the function behind the API."
  value       = var.create ? local.api_role_arn : null
}

output "dead_letter_queue_arn" {
  description = "ARN of the queue that holds the messages of failed tasks."
  value       = one(aws_sqs_queue.dead_letter[*].arn)
}

output "dead_letter_queue_name" {
  description = "Name of the queue that holds the messages of failed tasks."
  value       = one(aws_sqs_queue.dead_letter[*].name)
}

output "dead_letter_queue_url" {
  description = "URL of the queue that holds the messages of failed tasks."
  value       = one(aws_sqs_queue.dead_letter[*].url)
}

output "event_source_mapping_uuid" {
  description = "Id of the mapping that feeds the worker from the queue."
  value       = one(aws_lambda_event_source_mapping.this[*].uuid)
}

output "metrics_namespace" {
  description = <<-EOT
    CloudWatch namespace of what both functions count, under the dimension `service` with the output `name`.
  EOT
  value       = var.create ? local.metrics_namespace : null
}

output "name" {
  description = "First part of all derived names, and the `service` in logs and metrics of both functions."
  value       = var.create ? var.name : null
}

output "queue_arn" {
  description = "ARN of the queue of wake-ups."
  value       = one(aws_sqs_queue.this[*].arn)
}

output "queue_name" {
  description = "Name of the queue of wake-ups."
  value       = one(aws_sqs_queue.this[*].name)
}

output "queue_url" {
  description = "URL of the queue of wake-ups."
  value       = one(aws_sqs_queue.this[*].url)
}

output "stage_name" {
  description = "Name of the API's stage."
  value       = one(aws_api_gateway_stage.this[*].stage_name)
}

output "table_arn" {
  description = "ARN of the table of task records."
  value       = one(aws_dynamodb_table.this[*].arn)
}

output "table_name" {
  description = "Name of the table of task records."
  value       = one(aws_dynamodb_table.this[*].name)
}

output "usage_plan_id" {
  description = "Id of the usage plan to attach API keys to; null unless `api.api_key_required`."
  value       = one(aws_api_gateway_usage_plan.this[*].id)
}

output "worker_alias_arn" {
  description = <<-EOT
    ARN of the alias through which the function that runs the tasks is called; null unless `worker.snap_start` or
    `worker.provisioned_concurrency`. It names the version that runs, the function alone the one that was last applied.
  EOT
  value       = try(aws_lambda_alias.this["worker"].arn, null)
}

output "worker_function_arn" {
  description = "ARN of the function that runs the tasks."
  value       = one(aws_lambda_function.worker[*].arn)
}

output "worker_function_name" {
  description = "Name of the function that runs the tasks."
  value       = one(aws_lambda_function.worker[*].function_name)
}

output "worker_log_group_arn" {
  description = "ARN of the log group of the function that runs the tasks."
  value       = one(aws_cloudwatch_log_group.worker[*].arn)
}

output "worker_log_group_name" {
  description = "Name of the log group of the function that runs the tasks."
  value       = one(aws_cloudwatch_log_group.worker[*].name)
}

output "worker_policy_json" {
  description = <<-EOT
    What the role of the function that runs the tasks has to allow, `worker.policy_statements` included, as a policy
    document: the module's own role has it, a role of yours (`roles.worker_arn`) needs it.
  EOT
  value       = local.worker_policy
}

output "worker_role_arn" {
  description = "ARN of the role of the function that runs the tasks."
  value       = var.create ? local.worker_role_arn : null
}

output "worker_timeout" {
  description = "Seconds after which Lambda ends a batch of tasks."
  value       = one(aws_lambda_function.worker[*].timeout)
}
