variable "worker" {
  description = <<-EOT
    The function that runs the tasks: your task code, what it may do, and how it takes tasks from the queue. Without a
    package it runs the module's demo task.
    - `package_file`: path of a zip with your task code, built before Terraform plans.
    - `package_s3.bucket`, `package_s3.key`, `package_s3.version`: such a zip in an S3 bucket of the same region, in
      place of `package_file`. Without `version`, the id of a version of the object, Terraform does not notice new code
      under the same key. Whoever applies has to be allowed to read it.
    - `handler`: the function in the package that takes `(payload, context)`, as `module.function`. Required with a
      package.
    - `environment`: variables for your task code; together at most 3072 characters. No name may start with
      `TASK_RUNNER_` or `POWERTOOLS_`, or be one that Lambda reserves. Default none.
    - `layers`: ARNs of up to four layer versions: Lambda takes five, and one is the module's. Where they and the
      module's hold the same file, yours counts. Default none.
    - `architecture`: `arm64` or `x86_64`, for a package or layers with compiled code. Default: the module's
      `architecture`.
    - `memory_size`: MB, 128 to 10240. Default 512.
    - `ephemeral_storage`: MB of `/tmp`, 512 to 10240. Default 512.
    - `timeout`: seconds for a batch of tasks, 5 to 900, of which two are kept back to record the outcome. Default 60.
    - `batch_size`: tasks given to the function at once, 1 to 10000; above 10 only with a batching window. Default 10.
    - `batching_window`: seconds that Lambda waits to fill a batch, 0 to 300. Default 0.
    - `concurrency`: tasks of a batch that run side by side, in threads, 1 to 100. Default 10.
    - `maximum_concurrency`: batches that run side by side, 2 to 1000. Default: `reserved_concurrency`, or else as many
      as the account allows.
    - `reserved_concurrency`: instances of the function that are set aside for it and that it cannot exceed; at least 2,
      and at least `maximum_concurrency`. An account has to keep 100 unreserved. Default: no reservation.
    - `provisioned_pollers.minimum`, `provisioned_pollers.maximum`: with `provisioned_pollers`, Lambda polls the queue
      with so many pollers of its own, which are paid for by the hour: 2 to 200 at any time, and up to 2 to 2000 when
      there is much to do. They scale three times faster, and each runs up to ten batches side by side; so they take the
      place of `maximum_concurrency`, and `reserved_concurrency` has to be ten times the maximum. Default 2, 200.
    - `snap_start`: whether new instances of the function start from a snapshot of one that has started (SnapStart). It
      needs a `runtime` of python3.12 or newer and `ephemeral_storage = 512`. An apply that changes the function takes
      minutes longer. Has a price, see docs/cost.md; what your code has to heed is in docs/task-code.md. Default false.
    - `provisioned_concurrency`: instances of the function that are kept ready, paid for by the hour, in place of
      `snap_start`; at most `reserved_concurrency`. An account has to keep 100 instances that are neither provisioned
      nor reserved. Default none.
    - `vpc.subnet_ids`, `vpc.security_group_ids`: where the function has its network interfaces, for task code that
      calls something in a VPC. From there it has to reach DynamoDB and SQS, through their VPC endpoints or a NAT
      gateway: it gets no public address. Default: no VPC.
    - `policy_statements`: what your task code needs of AWS, on top of what the module needs. Each has `actions`,
      `resources` and, if need be, `effect` (`Allow` or `Deny`, default `Allow`), `sid` and `conditions`, as IAM writes
      them: operator, key, list of values. They are part of the output `worker_policy_json`. Default none.
    - `policy_arns`: IAM policies to attach to the function's role, each under a name of your choice that is known when
      Terraform plans. The module cannot attach any to a role of yours (`roles.worker_arn`). Default none.
  EOT
  type = object({
    package_file = optional(string)
    package_s3 = optional(object({
      bucket  = string
      key     = string
      version = optional(string)
    }))
    handler              = optional(string)
    environment          = optional(map(string), {})
    layers               = optional(list(string), [])
    architecture         = optional(string)
    memory_size          = optional(number, 512)
    ephemeral_storage    = optional(number, 512)
    timeout              = optional(number, 60)
    batch_size           = optional(number, 10)
    batching_window      = optional(number, 0)
    concurrency          = optional(number, 10)
    maximum_concurrency  = optional(number)
    reserved_concurrency = optional(number)
    provisioned_pollers = optional(object({
      minimum = optional(number, 2)
      maximum = optional(number, 200)
    }))
    snap_start              = optional(bool, false)
    provisioned_concurrency = optional(number)
    vpc = optional(object({
      subnet_ids         = list(string)
      security_group_ids = list(string)
    }))
    policy_statements = optional(list(object({
      sid        = optional(string)
      effect     = optional(string, "Allow")
      actions    = list(string)
      resources  = list(string)
      conditions = optional(map(map(list(string))), {})
    })), [])
    policy_arns = optional(map(string), {})
  })
  default  = {}
  nullable = false

  # The package and the handler in it
  validation {
    condition     = var.worker.package_file == null || var.worker.package_s3 == null
    error_message = "worker.package_file and worker.package_s3 are two places for one package: set one of them."
  }
  validation {
    condition     = var.worker.package_file == null || try(fileexists(var.worker.package_file), false)
    error_message = "worker.package_file must be the path of a zip that exists when Terraform plans and applies."
  }
  validation {
    # The first four bytes of a zip that holds a file, PK and 3 and 4, as base64 writes them.
    condition = !try(fileexists(var.worker.package_file), false) || try(
      startswith(filebase64(var.worker.package_file), "UEsDB"), false
    )
    error_message = "worker.package_file must be a zip with your task code in it, and this file is none."
  }
  validation {
    # The limits of names and ids here: Lambda API reference, FunctionCode.
    condition     = var.worker.package_s3 == null || can(regex("^[0-9A-Za-z._-]{3,63}$", var.worker.package_s3.bucket))
    error_message = "worker.package_s3.bucket must be the name of a bucket, not its ARN or a URL."
  }
  validation {
    condition = var.worker.package_s3 == null || try(alltrue([
      for text in [var.worker.package_s3.key, coalesce(var.worker.package_s3.version, "none")] :
      length(text) >= 1 && length(text) <= 1024
    ]), false)
    error_message = "worker.package_s3.key must be 1 to 1024 characters, and so must worker.package_s3.version, if set."
  }
  validation {
    condition = (var.worker.package_file == null && var.worker.package_s3 == null) || var.worker.handler != null
    error_message = join(" ", [
      "worker.handler must be set with a package: the function that takes (payload, context), as module.function.",
    ])
  }
  validation {
    condition = anytrue([
      var.worker.package_file != null,
      var.worker.package_s3 != null,
      coalesce(var.worker.handler, "tasks.handle") == "tasks.handle",
    ])
    error_message = join(" ", [
      "worker.handler needs worker.package_file or worker.package_s3, the package that it is in: without one the",
      "module runs its demo task, tasks.handle.",
    ])
  }
  validation {
    condition = (
      var.worker.handler == null ||
      can(regex("^[a-zA-Z_][a-zA-Z0-9_]*(\\.[a-zA-Z_][a-zA-Z0-9_]*)+$", var.worker.handler))
    )
    error_message = "worker.handler must be module.function, as in tasks.handle or my_package.tasks.handle."
  }

  # What it runs in
  validation {
    condition = alltrue([for key in keys(var.worker.environment) : can(regex("^[a-zA-Z][a-zA-Z0-9_]+$", key))])
    error_message = join(" ", [
      "worker.environment must have names of at least two letters, digits and underscores that start with a letter.",
    ])
  }
  validation {
    condition     = alltrue([for key in keys(var.worker.environment) : !can(regex("^(TASK_RUNNER|POWERTOOLS)_", key))])
    error_message = "worker.environment must leave names that start with TASK_RUNNER_ or POWERTOOLS_ to the module."
  }
  validation {
    # Lambda developer guide, "Defined runtime environment variables"; its two that start with _ are no names anyway.
    condition = length(setintersection(keys(var.worker.environment), [
      "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
      "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
      "AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_METADATA_API",
      "AWS_LAMBDA_METADATA_TOKEN", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
      "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
    ])) == 0
    error_message = join(" ", [
      "worker.environment must leave names that Lambda reserves, such as AWS_REGION, to Lambda: its developer guide",
      "lists them under 'Defined runtime environment variables'.",
    ])
  }
  validation {
    condition = length(join("", concat(keys(var.worker.environment), values(var.worker.environment)))) <= 3072
    error_message = join(" ", [
      "worker.environment must be at most 3072 characters, names and values together: Lambda allows 4 KB and the",
      "module needs the rest.",
    ])
  }
  validation {
    condition     = length(var.worker.layers) <= 4
    error_message = "worker.layers must be at most four: Lambda takes five layers, and one of them is the module's."
  }
  validation {
    condition = alltrue([
      for arn in var.worker.layers :
      can(regex("^arn:[^:]+:lambda:[^:]+:[0-9]{12}:layer:[a-zA-Z0-9_-]+:[0-9]+$", arn))
    ])
    error_message = join(" ", [
      "worker.layers must be ARNs of layer versions, as in arn:aws:lambda:eu-west-1:123456789012:layer:name:1.",
    ])
  }
  validation {
    condition = var.worker.architecture == null || try(
      contains(["arm64", "x86_64"], var.worker.architecture), false
    )
    error_message = "worker.architecture must be arm64 or x86_64."
  }
  validation {
    condition = alltrue([
      var.worker.memory_size >= 128,
      var.worker.memory_size <= 10240,
      var.worker.memory_size == floor(var.worker.memory_size),
    ])
    error_message = "worker.memory_size must be a whole number of MB, 128 to 10240."
  }
  validation {
    condition = alltrue([
      var.worker.ephemeral_storage >= 512,
      var.worker.ephemeral_storage <= 10240,
      var.worker.ephemeral_storage == floor(var.worker.ephemeral_storage),
    ])
    error_message = "worker.ephemeral_storage must be a whole number of MB, 512 to 10240."
  }
  validation {
    condition = alltrue([
      var.worker.timeout >= 5,
      var.worker.timeout <= 900,
      var.worker.timeout == floor(var.worker.timeout),
    ])
    error_message = "worker.timeout must be a whole number of seconds, 5 to 900."
  }
  validation {
    # How many of each: Lambda API reference, VpcConfig.
    condition = var.worker.vpc == null || try(alltrue([
      length(var.worker.vpc.subnet_ids) >= 1,
      length(var.worker.vpc.subnet_ids) <= 16,
      length(var.worker.vpc.security_group_ids) >= 1,
      length(var.worker.vpc.security_group_ids) <= 5,
    ]), false)
    error_message = join(" ", [
      "worker.vpc must name 1 to 16 subnets and 1 to 5 security groups: Lambda takes neither without the other.",
    ])
  }
  validation {
    condition = var.worker.vpc == null || try(alltrue(concat(
      [for id in var.worker.vpc.subnet_ids : can(regex("^subnet-[0-9a-f]+$", id))],
      [for id in var.worker.vpc.security_group_ids : can(regex("^sg-[0-9a-f]+$", id))],
    )), false)
    error_message = "worker.vpc must hold ids, as in subnet-0123456789abcdef0 and sg-0123456789abcdef0."
  }

  # How it takes tasks
  validation {
    condition = alltrue([
      var.worker.batch_size >= 1,
      var.worker.batch_size <= 10000,
      var.worker.batch_size == floor(var.worker.batch_size),
    ])
    error_message = "worker.batch_size must be a whole number, 1 to 10000."
  }
  validation {
    condition     = var.worker.batch_size <= 10 || var.worker.batching_window >= 1
    error_message = "worker.batch_size above 10 needs a worker.batching_window of at least 1 second."
  }
  validation {
    condition = alltrue([
      var.worker.batching_window >= 0,
      var.worker.batching_window <= 300,
      var.worker.batching_window == floor(var.worker.batching_window),
    ])
    error_message = "worker.batching_window must be a whole number of seconds, 0 to 300."
  }
  validation {
    condition = alltrue([
      var.worker.concurrency >= 1,
      var.worker.concurrency <= 100,
      var.worker.concurrency == floor(var.worker.concurrency),
    ])
    error_message = "worker.concurrency must be a whole number of threads, 1 to 100."
  }
  validation {
    condition = var.worker.maximum_concurrency == null || try(alltrue([
      var.worker.maximum_concurrency >= 2,
      var.worker.maximum_concurrency <= 1000,
      var.worker.maximum_concurrency == floor(var.worker.maximum_concurrency),
    ]), false)
    error_message = "worker.maximum_concurrency must be a whole number, 2 to 1000."
  }
  validation {
    condition = var.worker.reserved_concurrency == null || try(alltrue([
      var.worker.reserved_concurrency >= 2,
      var.worker.reserved_concurrency == floor(var.worker.reserved_concurrency),
    ]), false)
    error_message = join(" ", [
      "worker.reserved_concurrency must be a whole number, at least 2: Lambda takes at least two batches at once.",
    ])
  }
  validation {
    condition = anytrue([
      var.worker.reserved_concurrency == null,
      var.worker.maximum_concurrency == null,
      try(var.worker.reserved_concurrency >= var.worker.maximum_concurrency, false),
    ])
    error_message = join(" ", [
      "worker.reserved_concurrency must be at least worker.maximum_concurrency: Lambda would take batches that it then",
      "cannot run, and each of their tasks would lose a try.",
    ])
  }
  validation {
    # The API reference of Lambda, ProvisionedPollerConfig, goes up to 10000 for a queue, the provider (5.100) to 2000.
    condition = var.worker.provisioned_pollers == null || try(alltrue([
      for bound, highest in { minimum = 200, maximum = 2000 } : alltrue([
        var.worker.provisioned_pollers[bound] >= 2,
        var.worker.provisioned_pollers[bound] <= highest,
        var.worker.provisioned_pollers[bound] == floor(var.worker.provisioned_pollers[bound]),
      ])
    ]), false)
    error_message = join(" ", [
      "worker.provisioned_pollers must have whole numbers: 2 to 200 as minimum, 2 to 2000 as maximum.",
    ])
  }
  validation {
    condition = var.worker.provisioned_pollers == null || try(
      var.worker.provisioned_pollers.minimum <= var.worker.provisioned_pollers.maximum, false
    )
    error_message = "worker.provisioned_pollers must have a maximum that is at least its minimum."
  }
  validation {
    # Lambda developer guide, "Configuring scaling behavior for SQS event source mappings": one or the other.
    condition = var.worker.provisioned_pollers == null || var.worker.maximum_concurrency == null
    error_message = join(" ", [
      "worker.provisioned_pollers and worker.maximum_concurrency exclude each other in Lambda: set one of them. Each",
      "poller runs at most ten batches side by side, so provisioned_pollers.maximum bounds them as well.",
    ])
  }
  validation {
    condition = anytrue([
      var.worker.provisioned_pollers == null,
      var.worker.reserved_concurrency == null,
      try(var.worker.reserved_concurrency >= 10 * var.worker.provisioned_pollers.maximum, false),
    ])
    error_message = join(" ", [
      "worker.reserved_concurrency must be at least ten times worker.provisioned_pollers.maximum, since each poller",
      "takes up to ten batches at once: Lambda would take some that it then cannot run, and each of their tasks would",
      "lose a try. Lower the maximum, or raise or drop the reservation.",
    ])
  }

  # How it starts: Lambda developer guide, "Improving startup performance with Lambda SnapStart" and "Configuring
  # provisioned concurrency for a function".
  validation {
    condition     = !var.worker.snap_start || var.worker.provisioned_concurrency == null
    error_message = "worker.snap_start and worker.provisioned_concurrency exclude each other in Lambda: set one."
  }
  validation {
    condition = var.worker.provisioned_concurrency == null || try(alltrue([
      var.worker.provisioned_concurrency >= 1,
      var.worker.provisioned_concurrency == floor(var.worker.provisioned_concurrency),
    ]), false)
    error_message = "worker.provisioned_concurrency must be a whole number, at least 1; without it none is kept ready."
  }
  validation {
    condition = anytrue([
      var.worker.provisioned_concurrency == null,
      var.worker.reserved_concurrency == null,
      try(var.worker.provisioned_concurrency <= var.worker.reserved_concurrency, false),
    ])
    error_message = join(" ", [
      "worker.provisioned_concurrency must be at most worker.reserved_concurrency, of which it is a part: lower the",
      "one or raise the other.",
    ])
  }
  validation {
    condition = !var.worker.snap_start || var.worker.ephemeral_storage <= 512
    error_message = join(" ", [
      "worker.snap_start needs worker.ephemeral_storage = 512: Lambda makes no snapshot of more than 512 MB of /tmp.",
    ])
  }

  # What it may do
  validation {
    condition = alltrue([
      for one in var.worker.policy_statements :
      try(length(one.actions) > 0 && length(one.resources) > 0, false)
    ])
    error_message = "worker.policy_statements must each have at least one of actions and one of resources."
  }
  validation {
    condition = alltrue([
      for action in flatten(var.worker.policy_statements[*].actions) :
      can(regex("^(\\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+)$", action))
    ])
    error_message = join(" ", [
      "worker.policy_statements must have actions as in s3:GetObject: the service, a colon and its action.",
    ])
  }
  validation {
    condition = alltrue([
      for resource in flatten(var.worker.policy_statements[*].resources) :
      can(regex("^(\\*|arn(:[^:]*){4}:.+)$", resource))
    ])
    error_message = "worker.policy_statements must have ARNs as resources, as in arn:aws:s3:::my-bucket/*, or *."
  }
  validation {
    condition = alltrue([
      for one in var.worker.policy_statements :
      try(contains(["Allow", "Deny"], one.effect), false)
    ])
    error_message = "worker.policy_statements must have Allow or Deny as effect."
  }
  validation {
    condition = alltrue([
      for keys in flatten([for one in var.worker.policy_statements : values(one.conditions)]) :
      try(length(keys) > 0 && alltrue([for wanted in values(keys) : length(wanted) > 0]), false)
    ])
    error_message = "worker.policy_statements must have a key for each operator of conditions, a value for each key."
  }
  validation {
    condition = alltrue([
      for sid in compact(var.worker.policy_statements[*].sid) : alltrue([
        can(regex("^[a-zA-Z0-9]+$", sid)),
        length([for other in compact(var.worker.policy_statements[*].sid) : other if other == sid]) == 1,
      ])
    ])
    error_message = "worker.policy_statements must have letters and digits as sid, each another one."
  }
  validation {
    # What stands in function_worker.tf, kms.tf and worker_vpc.tf: IAM wants each sid once in a policy.
    condition = length(setintersection(compact(var.worker.policy_statements[*].sid), [
      "UpdateRecords", "TakeWakeUps", "WriteLogs", "Decrypt",
      "SeeNetworkInterfaces", "ManageNetworkInterfaces", "LeaveNetworkInterfacesToLambda",
    ])) == 0
    error_message = join(" ", [
      "worker.policy_statements must not have a sid of the module's own statements: UpdateRecords, TakeWakeUps,",
      "WriteLogs, Decrypt, SeeNetworkInterfaces, ManageNetworkInterfaces or LeaveNetworkInterfacesToLambda.",
    ])
  }
  validation {
    condition = alltrue([
      for arn in values(var.worker.policy_arns) :
      can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/.+$", arn))
    ])
    error_message = "worker.policy_arns must be ARNs of IAM policies, as in arn:aws:iam::123456789012:policy/name."
  }
}
