variable "architecture" {
  description = <<-EOT
    Instruction set of both functions: `arm64` (cheaper) or `x86_64`. The worker's can be another one, see
    `worker.architecture`.
  EOT
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "create" {
  description = "Whether to create anything at all. With `false` the plan is empty and every output is null."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = <<-EOT
    ARN of a symmetric KMS key of yours, in the same region, for the table, both queues, all log groups and the
    functions' variables. The roles get the grants that they then need; the key's policy has to let in the account's IAM
    and CloudWatch Logs, see docs/security.md. Default: the services' own encryption, which costs nothing.
  EOT
  type        = string
  default     = null

  validation {
    condition = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = join(" ", [
      "kms_key_arn must be the ARN of a KMS key, not of an alias, as in arn:aws:kms:eu-west-1:123456789012:key/id.",
    ])
  }
}

variable "logs" {
  description = <<-EOT
    Logs of both functions, each in a log group of its own.
    - `retention_days`: days that CloudWatch keeps them, one of the values it offers; 0 keeps them for ever. Default
      365.
    - `level`: the least severe level that is written: `DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`. Default
      `INFO`.
    - `error_text`: whether a failed attempt is logged with the text of its exception, which may hold anything that the
      task code puts there, parts of payloads too. Without it, the log says where it failed (file, line and function of
      each frame) and with which type of error. Default `false`.
  EOT
  type = object({
    retention_days = optional(number, 365)
    level          = optional(string, "INFO")
    error_text     = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition = contains(
      [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.logs.retention_days
    )
    error_message = join(" ", [
      "logs.retention_days must be a period that CloudWatch Logs offers: 0 (for ever), 1, 3, 5, 7, 14, 30, 60, 90,",
      "120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653.",
    ])
  }
  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], var.logs.level)
    error_message = "logs.level must be DEBUG, INFO, WARNING, ERROR or CRITICAL."
  }
}

variable "max_receive_count" {
  description = <<-EOT
    How often a task is tried before it has failed and its message goes to the dead-letter queue, 1 to 1000.
  EOT
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition = alltrue([
      var.max_receive_count >= 1,
      var.max_receive_count <= 1000,
      var.max_receive_count == floor(var.max_receive_count),
    ])
    error_message = "max_receive_count must be a whole number, 1 to 1000."
  }
}

variable "name" {
  description = <<-EOT
    First part of the name of everything that is created: up to 57 letters, digits, `_` and `-`. Unique within the
    account, since IAM roles know no region. Another name makes another table and other queues, and what is in the old
    ones is lost: docs/changes.md says how to rename and keep them.
  EOT
  type        = string
  nullable    = false

  validation {
    # The tightest derived names are those of a role and a function: 64 characters, of which "-worker" takes 7.
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9_-]{0,56}$", var.name))
    error_message = "name must be 1 to 57 letters, digits, underscores and hyphens, and start with a letter or a digit."
  }
}

variable "names" {
  description = <<-EOT
    Names to use in place of the derived ones, each within the limits of its service. What a change of one replaces, and
    what is lost with it, stands in docs/changes.md.
    - `table`: the DynamoDB table; another name is another table, without the records. Default `<name>-tasks`.
    - `queue`, `dead_letter_queue`: the SQS queues; other names are other queues, without the messages. Default
      `<name>-queue`, `<name>-dlq`.
    - `api`: the REST API. Default `<name>-api`.
    - `api_function`, `worker_function`: the Lambda functions. Default `<name>-api`, `<name>-worker`.
    - `api_role`, `worker_role`: their IAM roles. Default `<name>-api`, `<name>-worker`.
    - `access_logs`: the log group of the API's access logs. Default `/aws/apigateway/<name>`.
    - `account_log_role`: the role of `api.account_log_role`. Default `<name>-logs`.
    - `usage_plan`: the usage plan of the API keys. Default `<name>-api`.
    - `task_runner_layer`: the Lambda layer. Default `<name>-task-runner`.
  EOT
  type = object({
    table             = optional(string)
    queue             = optional(string)
    dead_letter_queue = optional(string)
    api               = optional(string)
    api_function      = optional(string)
    worker_function   = optional(string)
    api_role          = optional(string)
    worker_role       = optional(string)
    access_logs       = optional(string)
    account_log_role  = optional(string)
    usage_plan        = optional(string)
    task_runner_layer = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.names.table == null || can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.names.table))
    error_message = "names.table must be 3 to 255 letters, digits, underscores, dots and hyphens."
  }
  validation {
    condition = alltrue([
      for n in [var.names.queue, var.names.dead_letter_queue] :
      n == null || can(regex("^[a-zA-Z0-9_-]{1,80}$", n))
    ])
    error_message = "names.queue and names.dead_letter_queue must be 1 to 80 letters, digits, underscores and hyphens."
  }
  validation {
    condition = alltrue([
      for n in [var.names.api, var.names.usage_plan] :
      n == null || can(regex("^\\S(.{0,253}\\S)?$", n))
    ])
    error_message = "names.api and names.usage_plan must be 1 to 255 characters, without a space at either end."
  }
  validation {
    condition = alltrue([
      for n in [var.names.api_function, var.names.worker_function] :
      n == null || can(regex("^[a-zA-Z0-9_-]{1,64}$", n))
    ])
    error_message = join(" ", [
      "names.api_function and names.worker_function must be 1 to 64 letters, digits, underscores and hyphens.",
    ])
  }
  validation {
    condition = alltrue([
      for n in [var.names.api_role, var.names.worker_role, var.names.account_log_role] :
      n == null || can(regex("^[a-zA-Z0-9+=,.@_-]{1,64}$", n))
    ])
    error_message = join(" ", [
      "names.api_role, names.worker_role and names.account_log_role must be 1 to 64 letters, digits and +=,.@_-",
    ])
  }
  validation {
    condition     = var.names.access_logs == null || can(regex("^[a-zA-Z0-9_/.#-]{1,512}$", var.names.access_logs))
    error_message = "names.access_logs must be 1 to 512 letters, digits and characters of _/.#-"
  }
  validation {
    condition = (
      var.names.task_runner_layer == null || can(regex("^[a-zA-Z0-9_-]{1,140}$", var.names.task_runner_layer))
    )
    error_message = "names.task_runner_layer must be 1 to 140 letters, digits, _ and -"
  }
}

variable "roles" {
  description = <<-EOT
    The IAM roles of the functions. Whether `api_arn` and `worker_arn` are set has to be known when Terraform plans.
    - `api_arn`, `worker_arn`: a role that exists, for callers who may not call IAM; the module then creates neither
      that role nor its policy, and attaches no `worker.policy_arns`. It has to trust `lambda.amazonaws.com` and to
      allow what the output `api_policy_json` or `worker_policy_json` says. Default: a role of the module's own.
    - `permissions_boundary`: ARN of the policy that bounds the roles of the module's own. Default: no boundary.
    - `path`: where in IAM these roles are, such as `/services/`. Default `/`.
  EOT
  type = object({
    api_arn              = optional(string)
    worker_arn           = optional(string)
    permissions_boundary = optional(string)
    path                 = optional(string, "/")
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for arn in [var.roles.api_arn, var.roles.worker_arn] :
      arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:role/.+$", arn))
    ])
    error_message = join(" ", [
      "roles.api_arn and roles.worker_arn must be ARNs of IAM roles, as in arn:aws:iam::123456789012:role/name.",
    ])
  }
  validation {
    condition = (
      var.roles.permissions_boundary == null ||
      can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/.+$", var.roles.permissions_boundary))
    )
    error_message = join(" ", [
      "roles.permissions_boundary must be the ARN of an IAM policy, as in arn:aws:iam::123456789012:policy/name.",
    ])
  }
  validation {
    condition     = can(regex("^/([!-~]{1,510}/)?$", var.roles.path))
    error_message = "roles.path must be at most 512 visible ASCII characters that begin and end with a slash."
  }
}

variable "runtime" {
  description = <<-EOT
    Lambda runtime of both functions, `python3.10` to `python3.14`. Provider releases before 5.76 do not know
    python3.13, before 6.20 not python3.14.
  EOT
  type        = string
  default     = "python3.12"
  nullable    = false

  validation {
    condition = can(regex("^python3\\.1[0-4]$", var.runtime))
    error_message = join(" ", [
      "runtime must be a Python that Lambda supports: python3.10, python3.11, python3.12, python3.13 or python3.14.",
    ])
  }
}

variable "tags" {
  description = "Tags of everything that can carry them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.tags) : !startswith(lower(key), "aws:")])
    error_message = "tags must have keys that do not start with aws:, which AWS keeps for its own."
  }
  validation {
    condition     = alltrue([for key in keys(var.tags) : length(key) >= 1 && length(key) <= 128])
    error_message = "tags must have keys of 1 to 128 characters."
  }
  validation {
    condition     = alltrue([for value in values(var.tags) : length(value) <= 256])
    error_message = "tags must have values of at most 256 characters."
  }
}
