output "api_endpoint" {
  description = "Base URL of the API: append `/task`."
  value       = module.task_runner.api_endpoint
}

output "documents_bucket" {
  description = "Where the Markdown documents belong."
  value       = aws_s3_bucket.this["documents"].id
}

output "results_bucket" {
  description = "Where the HTML pages are written."
  value       = aws_s3_bucket.this["results"].id
}

output "sample_task" {
  description = "A payload to try: one of the documents that come with the example."
  value       = { bucket = aws_s3_bucket.this["documents"].id, key = aws_s3_object.sample["runbook.md"].key }
}

output "task_runner" {
  description = "Every output of the module."
  value       = module.task_runner
}
