# What somebody works on: task code of their own with a script that packages it, and an API that wants signatures. The
# test works on a copy outside of the repository, which the harness puts among the examples: hence the module's path.

module "task_runner" {
  source = "../.."

  name              = var.name
  max_receive_count = 2
  retry             = { base_seconds = 1, cap_seconds = 1 }

  worker = {
    package_file = "${path.module}/build/worker.zip"
    handler      = "my_tasks.handle"
  }
}

output "task_runner" {
  value = module.task_runner
}

output "sample_task" {
  value = { name = "world" }
}
