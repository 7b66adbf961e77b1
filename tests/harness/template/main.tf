provider "aws" {
  region = "us-east-1"
}

module "task_runner" {
  source = "../../.."

  name = "my-tasks"
  api  = { authorization = "NONE" } # open to the internet: for a first try only

  worker = {
    package_file = "${path.module}/build/worker.zip" # python3 package.py
    handler      = "tasks.handle"
    timeout      = 60
  }
}

output "api" {
  value = module.task_runner.api_endpoint
}

output "sample_task" {
  value = { text = "the quick brown fox" }
}

output "task_runner" {
  value = module.task_runner
}
