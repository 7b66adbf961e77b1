output "api_endpoint" {
  description = "Base URL of the API: append `/task`."
  value       = module.task_runner.api_endpoint
}

output "task_runner" {
  description = "Every output of the module."
  value       = module.task_runner
}
