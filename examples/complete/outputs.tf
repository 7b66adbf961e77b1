output "api_endpoint" {
  description = "Base URL of the API: append `/task`."
  value       = module.task_runner.api_endpoint
}

output "api_key_id" {
  description = "Id of the caller's API key."
  value       = aws_api_gateway_api_key.caller.id
}

output "task_runner" {
  description = "Every output of the module."
  value       = module.task_runner
}
