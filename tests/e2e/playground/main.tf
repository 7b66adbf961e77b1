# What somebody works on: task code of their own with a script that packages it, and an API that wants signatures. The
# test works on a copy outside of the repository, where the path leads to no module: it means this one.

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

output "sample_task" {
  value = { name = "world" }
}
