variable "worker" {
  description = <<-EOT
    The function that runs the tasks, and how it takes them from the queue.
    - `package_file`: path of a zip with your task code. Default: the demo task of this module.
    - `handler`: the function in it that takes `(payload, context)`, as `module.function`. Default `tasks.handle`.
    - `memory_size`: MB, 128 to 10240. Default 512.
    - `timeout`: seconds for a batch of tasks, 5 to 900, of which two are kept back to record the outcome. Default 60.
    - `batch_size`: tasks given to the function at once, 1 to 10000; above 10 only with a batching window. Default 10.
    - `batching_window`: seconds that Lambda waits to fill a batch, 0 to 300. Default 0.
    - `concurrency`: tasks of a batch that run side by side, in threads, 1 to 100. Default 10.
    - `maximum_concurrency`: batches that run side by side, 2 to 1000. Default: as many as the account allows.
    - `environment`: variables for your task code; together at most 3072 characters, and no name that starts with `TASK_RUNNER_`, `POWERTOOLS_`, `AWS_`, `LAMBDA_` or `_`. Default none.
  EOT
  type = object({
    package_file        = optional(string)
    handler             = optional(string, "tasks.handle")
    memory_size         = optional(number, 512)
    timeout             = optional(number, 60)
    batch_size          = optional(number, 10)
    batching_window     = optional(number, 0)
    concurrency         = optional(number, 10)
    maximum_concurrency = optional(number)
    environment         = optional(map(string), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.worker.package_file == null || try(fileexists(var.worker.package_file), false)
    error_message = "worker.package_file must be the path of a zip that exists when Terraform plans and applies."
  }
  validation {
    condition     = can(regex("^[a-zA-Z_][a-zA-Z0-9_]*(\\.[a-zA-Z_][a-zA-Z0-9_]*)+$", var.worker.handler))
    error_message = "worker.handler must be module.function, as in tasks.handle or my_package.tasks.handle."
  }
  validation {
    condition     = var.worker.memory_size >= 128 && var.worker.memory_size <= 10240 && floor(var.worker.memory_size) == var.worker.memory_size
    error_message = "worker.memory_size must be a whole number of MB, 128 to 10240."
  }
  validation {
    condition     = var.worker.timeout >= 5 && var.worker.timeout <= 900 && floor(var.worker.timeout) == var.worker.timeout
    error_message = "worker.timeout must be a whole number of seconds, 5 to 900."
  }
  validation {
    condition     = var.worker.batch_size >= 1 && var.worker.batch_size <= 10000 && floor(var.worker.batch_size) == var.worker.batch_size
    error_message = "worker.batch_size must be a whole number, 1 to 10000."
  }
  validation {
    condition     = var.worker.batch_size <= 10 || var.worker.batching_window >= 1
    error_message = "worker.batch_size above 10 needs a worker.batching_window of at least 1 second."
  }
  validation {
    condition     = var.worker.batching_window >= 0 && var.worker.batching_window <= 300 && floor(var.worker.batching_window) == var.worker.batching_window
    error_message = "worker.batching_window must be a whole number of seconds, 0 to 300."
  }
  validation {
    condition     = var.worker.concurrency >= 1 && var.worker.concurrency <= 100 && floor(var.worker.concurrency) == var.worker.concurrency
    error_message = "worker.concurrency must be a whole number of threads, 1 to 100."
  }
  validation {
    condition     = var.worker.maximum_concurrency == null || try(var.worker.maximum_concurrency >= 2 && var.worker.maximum_concurrency <= 1000 && floor(var.worker.maximum_concurrency) == var.worker.maximum_concurrency, false)
    error_message = "worker.maximum_concurrency must be a whole number, 2 to 1000."
  }
  validation {
    condition     = alltrue([for key in keys(var.worker.environment) : can(regex("^[a-zA-Z][a-zA-Z0-9_]+$", key)) && !can(regex("^(TASK_RUNNER|POWERTOOLS|AWS|LAMBDA)_", key))])
    error_message = "worker.environment must have names of letters, digits and underscores that start with a letter, and none that starts with TASK_RUNNER_, POWERTOOLS_, AWS_ or LAMBDA_."
  }
  validation {
    condition     = length(join("", concat(keys(var.worker.environment), values(var.worker.environment)))) <= 3072
    error_message = "worker.environment must be at most 3072 characters, names and values together: Lambda allows 4 KB and the module needs the rest."
  }
}
