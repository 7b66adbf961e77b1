# Under the names that the module has for them.
output "task_runner" {
  value = {
    api_endpoint              = aws_api_gateway_stage.this.invoke_url
    api_id                    = aws_api_gateway_rest_api.this.id
    stage_name                = aws_api_gateway_stage.this.stage_name
    table_name                = aws_dynamodb_table.tasks.name
    queue_url                 = aws_sqs_queue.tasks.url
    dead_letter_queue_url     = aws_sqs_queue.dead_letter.url
    event_source_mapping_uuid = aws_lambda_event_source_mapping.tasks.uuid
    api_function_name         = aws_lambda_function.this["api"].function_name
    worker_function_name      = aws_lambda_function.this["worker"].function_name
  }
}
