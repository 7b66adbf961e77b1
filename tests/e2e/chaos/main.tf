# Task code that dies, hangs and fails, on a stack that hides a message just long enough to be tried again soon.

variable "package_file" {
  type = string
}

module "task_runner" {
  source = "../../.."

  name              = var.name
  max_receive_count = 4
  retry             = { base_seconds = 1, cap_seconds = 1 }
  queue             = { tls_only = var.tls_only, visibility_timeout = 6 }

  api = {
    authorization = "NONE"
    throttle      = { rate = 1000, burst = 2000 }
  }

  worker = {
    package_file = var.package_file
    handler      = "tasks.handle"
    timeout      = 5
  }
}

output "task_runner" {
  value = module.task_runner
}
