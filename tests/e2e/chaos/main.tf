# Task code that dies, hangs, fails and takes too much memory, on a stack that hides a message just long enough to be
# tried again soon. On a busy machine interpreters take seconds to start: ten of them for the isolated tasks of a batch,
# within the timeout; the function's own, before its lease begins, within what the visibility timeout has more.

variable "package_file" {
  type = string
}

module "task_runner" {
  source = "../../.."

  name              = var.name
  max_receive_count = 4
  retry             = { base_seconds = 1, cap_seconds = 1 }
  queue             = { visibility_timeout = 24 }

  api = {
    authorization = "NONE"
    throttle      = { rate = 1000, burst = 2000 }
  }

  worker = {
    package_file = var.package_file
    handler      = "tasks.handle"
    timeout      = 8
  }
}

output "task_runner" {
  value = module.task_runner
}
