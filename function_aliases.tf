# Functions that start from a snapshot (SnapStart) or are kept ready (provisioned concurrency). Lambda offers both for
# published versions only: such a function publishes one with each change, and whoever calls it calls an alias, which
# moves along. A function with neither has neither versions nor an alias.
locals {
  alias = "live"

  # Lambda developer guide, "Improving startup performance with Lambda SnapStart".
  runtime_has_snapshots = !contains(["python3.10", "python3.11"], var.runtime)

  published = {
    api    = var.api.snap_start || var.api.provisioned_concurrency != null
    worker = var.worker.snap_start || var.worker.provisioned_concurrency != null
  }
  published_functions = {
    for key, function in { api = aws_lambda_function.api, worker = aws_lambda_function.worker } :
    key => function[0] if var.create && local.published[key]
  }
  provisioned_concurrency = {
    for key, executions in { api = var.api.provisioned_concurrency, worker = var.worker.provisioned_concurrency } :
    key => executions if var.create && executions != null
  }

  # Whom API Gateway and the event source mapping call.
  api_qualifier      = one([for key, alias in aws_lambda_alias.this : alias.name if key == "api"])
  api_invoke_arn     = try(aws_lambda_alias.this["api"].invoke_arn, one(aws_lambda_function.api[*].invoke_arn))
  worker_invoked_arn = try(aws_lambda_alias.this["worker"].arn, one(aws_lambda_function.worker[*].arn))
}

resource "aws_lambda_alias" "this" {
  for_each = local.published_functions

  name             = local.alias
  description      = "The version that is called"
  function_name    = each.value.function_name
  function_version = each.value.version

  # Gone only once nobody calls it any more.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_provisioned_concurrency_config" "this" {
  for_each = local.provisioned_concurrency

  function_name                     = aws_lambda_alias.this[each.key].function_name
  qualifier                         = aws_lambda_alias.this[each.key].name
  provisioned_concurrent_executions = each.value
}
