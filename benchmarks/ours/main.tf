# The module as it comes, open to callers without a signature, and not throttled.
module "task_runner" {
  source = "../.."

  name = var.name

  api = {
    authorization = "NONE"
    throttle      = { rate = 10000, burst = 5000 } # an account's own limits, which the textbook version has
  }

  worker = {
    package_file = var.package_file
    handler      = "work.handle"
  }
}

output "task_runner" {
  value = module.task_runner
}

variable "package_file" {
  type = string
}
