# Task code that fails in every way, on a stack that tries twice and does not wait long between tries. None of it
# hangs: the timeout is there for a busy machine.

variable "package_file" {
  type = string
}

module "task_runner" {
  source = "../../.."

  name              = var.name
  max_receive_count = 2
  api               = { authorization = "NONE", routes = ["retry"] }
  retry             = { base_seconds = 1, cap_seconds = 1 }

  worker = {
    package_file = var.package_file
    handler      = "tasks.handle"
    timeout      = 30
  }
}

output "task_runner" {
  value = module.task_runner
}
