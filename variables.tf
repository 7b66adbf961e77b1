variable "api" {
  description = <<-EOT
    The HTTP API and the function behind it.
    - `stage_name`: the stage, and so the first part of the path. Letters, digits, `_` and `-`, up to 128. Default `v1`.
    - `authorization`: who may call. `AWS_IAM` takes only requests signed by a principal that may `execute-api:Invoke`; `COGNITO_USER_POOLS` takes tokens of the pools in `cognito`; `CUSTOM` asks the Lambda function in `authorizer`; `NONE` opens the API to the internet. Default `AWS_IAM`.
    - `cognito.user_pool_arns`: the pools whose tokens are taken from the header `Authorization`.
    - `cognito.scopes`: OAuth scopes of which an access token needs one. Default: none, and then it has to be an identity token.
    - `authorizer.function_arn`: the function that decides, in the region of the API. What it returns as `principalId` is the scope of idempotency keys; a policy that is kept has to hold for both routes.
    - `authorizer.type`: `TOKEN` hands it one header, `REQUEST` the whole request but the body. Default `TOKEN`.
    - `authorizer.identity_sources`: what has to be present, and what a kept answer is good for: one `method.request.header.<name>` for `TOKEN`, at least one of these, of `method.request.querystring.<name>` and of `context.<name>` for `REQUEST`. Default `["method.request.header.Authorization"]`.
    - `authorizer.result_ttl_seconds`: how long its answer is kept, 0 to 3600. Default 300.
    - `authorizer.role_arn`: a role that API Gateway takes to call it, for a function whose permissions you may not change, such as one of another account. Known when Terraform plans. Default: a permission on the function, for this authorizer only.
    - `api_key_required`: whether each request needs an API key of the usage plan on top, in the header `x-api-key`. A key tells callers apart and counts them; it is no proof of identity. Create the keys yourself and attach them to the output `usage_plan_id`. Default false.
    - `usage_plan.rate`, `usage_plan.burst`: requests a second, and at once, for each key. Default: only the stage's `throttle`.
    - `usage_plan.quota.limit`, `usage_plan.quota.period`: requests for each key in a `DAY`, `WEEK` or `MONTH`. Default: no limit; period `DAY`.
    - `cors.allow_origins`: origins whose scripts may call the API from a browser, such as `https://app.example.com`, or `*` for all. Preflight requests (`OPTIONS`) then need no authorization, and errors carry the headers as well. Default: no CORS.
    - `cors.allow_headers`: request headers on top of `Authorization`, `Content-Type`, `Idempotency-Key`, `X-Amz-Date`, `X-Amz-Security-Token` and `X-Api-Key`. Default none.
    - `cors.max_age`: seconds that a browser keeps the answer to a preflight request, 0 to 86400. Default 600.
    - `endpoint_type`: `REGIONAL` has an address on the internet, `PRIVATE` answers inside of VPCs only. Default `REGIONAL`.
    - `vpc_endpoint_ids`: endpoints for `execute-api` that get a DNS name for a `PRIVATE` API. Default none.
    - `allowed_vpc_endpoints`: endpoints through which requests may come; at least one for a `PRIVATE` API, none for others. Default none.
    - `allowed_source_ips`: CIDR blocks that requests may come from; on top of, not in place of, the authorization. For a `PRIVATE` API these are addresses inside of the VPC. Default: from anywhere.
    - `web_acl.arn`: a regional WAFv2 web ACL to put in front of the stage. Default: none.
    - `access_logs.retention_days`: with `access_logs`, the stage writes a line of JSON for each request, without body, query or header, kept for so many days (as in `logs.retention_days`). API Gateway can do it once the account has a log role for the region, see `account_log_role`. Default: no access logs; 365.
    - `account_log_role`: whether to create that role and set it. One setting serves all API Gateway APIs of the account and region: turn it on in one place only, since a second one, or a destroy, changes it for all of them. Default false.
    - `throttle.rate`: requests a second that the stage accepts for each method, 1 to 10000. Default 100.
    - `throttle.burst`: requests that it accepts at once, 1 to 5000. Default 200.
    - `memory_size`: MB of the function, 128 to 10240. Default 512.
    - `timeout`: seconds of the function, 1 to 29 (API Gateway waits no longer). Default 10.
  EOT
  type = object({
    stage_name    = optional(string, "v1")
    authorization = optional(string, "AWS_IAM")
    cognito = optional(object({
      user_pool_arns = list(string)
      scopes         = optional(list(string), [])
    }))
    authorizer = optional(object({
      function_arn       = string
      type               = optional(string, "TOKEN")
      identity_sources   = optional(list(string), ["method.request.header.Authorization"])
      result_ttl_seconds = optional(number, 300)
      role_arn           = optional(string)
    }))
    api_key_required = optional(bool, false)
    usage_plan = optional(object({
      rate  = optional(number)
      burst = optional(number)
      quota = optional(object({
        limit  = number
        period = optional(string, "DAY")
      }))
    }))
    cors = optional(object({
      allow_origins = list(string)
      allow_headers = optional(list(string), [])
      max_age       = optional(number, 600)
    }))
    endpoint_type         = optional(string, "REGIONAL")
    vpc_endpoint_ids      = optional(list(string), [])
    allowed_vpc_endpoints = optional(list(string), [])
    allowed_source_ips    = optional(list(string), [])
    web_acl = optional(object({
      arn = string
    }))
    access_logs = optional(object({
      retention_days = optional(number, 365)
    }))
    account_log_role = optional(bool, false)
    throttle = optional(object({
      rate  = optional(number, 100)
      burst = optional(number, 200)
    }), {})
    memory_size = optional(number, 512)
    timeout     = optional(number, 10)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,128}$", var.api.stage_name))
    error_message = "api.stage_name must be 1 to 128 letters, digits, underscores and hyphens."
  }
  validation {
    condition     = contains(["AWS_IAM", "NONE", "COGNITO_USER_POOLS", "CUSTOM"], var.api.authorization)
    error_message = "api.authorization must be AWS_IAM, NONE, COGNITO_USER_POOLS or CUSTOM."
  }
  validation {
    condition     = (var.api.authorization == "COGNITO_USER_POOLS") == (var.api.cognito != null)
    error_message = "api.cognito must be set with api.authorization = COGNITO_USER_POOLS, and only with it."
  }
  validation {
    condition     = var.api.cognito == null || try(length(var.api.cognito.user_pool_arns) > 0 && alltrue([for arn in var.api.cognito.user_pool_arns : can(regex("^arn:[^:]+:cognito-idp:[^:]+:[0-9]{12}:userpool/.+$", arn))]), false)
    error_message = "api.cognito.user_pool_arns must hold the ARN of at least one Cognito user pool."
  }
  validation {
    condition     = (var.api.authorization == "CUSTOM") == (var.api.authorizer != null)
    error_message = "api.authorizer must be set with api.authorization = CUSTOM, and only with it."
  }
  validation {
    condition     = var.api.authorizer == null || can(regex("^arn:[^:]+:lambda:[^:]+:[0-9]{12}:function:[^:]+(:[^:]+)?$", var.api.authorizer.function_arn))
    error_message = "api.authorizer.function_arn must be the ARN of a Lambda function, or of a version or alias of one."
  }
  validation {
    condition     = var.api.authorizer == null || try(contains(["TOKEN", "REQUEST"], var.api.authorizer.type), false)
    error_message = "api.authorizer.type must be TOKEN or REQUEST."
  }
  validation {
    condition = var.api.authorizer == null || try(
      length(var.api.authorizer.identity_sources) > 0 && alltrue([for source in var.api.authorizer.identity_sources : can(regex("^(method\\.request\\.(header|querystring)|context)\\.[!-+--~]+$", source))]) &&
      (var.api.authorizer.type != "TOKEN" || can(regex("^method\\.request\\.header\\.[^,]+$", join(",", var.api.authorizer.identity_sources)))),
      false
    )
    error_message = "api.authorizer.identity_sources must be one method.request.header.<name> for TOKEN, and at least one of these, of method.request.querystring.<name> and of context.<name> for REQUEST."
  }
  validation {
    condition     = var.api.authorizer == null || try(var.api.authorizer.result_ttl_seconds >= 0 && var.api.authorizer.result_ttl_seconds <= 3600 && floor(var.api.authorizer.result_ttl_seconds) == var.api.authorizer.result_ttl_seconds, false)
    error_message = "api.authorizer.result_ttl_seconds must be a whole number of seconds, 0 to 3600."
  }
  validation {
    condition     = try(var.api.authorizer.role_arn, null) == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:role/.+$", var.api.authorizer.role_arn))
    error_message = "api.authorizer.role_arn must be the ARN of an IAM role."
  }
  validation {
    condition     = var.api.usage_plan == null || var.api.api_key_required
    error_message = "api.usage_plan needs api.api_key_required = true: it counts by key."
  }
  validation {
    condition     = var.api.usage_plan == null || try((var.api.usage_plan.rate == null) == (var.api.usage_plan.burst == null), false)
    error_message = "api.usage_plan.rate and api.usage_plan.burst must be set together."
  }
  validation {
    condition     = try(var.api.usage_plan.rate, null) == null || try(var.api.usage_plan.rate > 0 && var.api.usage_plan.rate <= 10000, false)
    error_message = "api.usage_plan.rate must be above 0 and at most 10000 requests a second."
  }
  validation {
    condition     = try(var.api.usage_plan.burst, null) == null || try(var.api.usage_plan.burst >= 1 && var.api.usage_plan.burst <= 5000 && floor(var.api.usage_plan.burst) == var.api.usage_plan.burst, false)
    error_message = "api.usage_plan.burst must be a whole number of requests, 1 to 5000."
  }
  validation {
    condition     = try(var.api.usage_plan.quota, null) == null || try(var.api.usage_plan.quota.limit >= 1 && floor(var.api.usage_plan.quota.limit) == var.api.usage_plan.quota.limit && contains(["DAY", "WEEK", "MONTH"], var.api.usage_plan.quota.period), false)
    error_message = "api.usage_plan.quota must have a whole number of requests as limit, at least 1, and DAY, WEEK or MONTH as period."
  }
  validation {
    condition     = var.api.cors == null || try(length(var.api.cors.allow_origins) > 0 && alltrue([for origin in var.api.cors.allow_origins : can(regex("^https?://[a-zA-Z0-9.-]+(:[0-9]{1,5})?$", origin))]) || join(" ", var.api.cors.allow_origins) == "*", false)
    error_message = "api.cors.allow_origins must be either [\"*\"] or origins, as in https://app.example.com: a scheme and a host, perhaps a port, without a slash at the end."
  }
  validation {
    condition     = var.api.cors == null || try(alltrue([for header in var.api.cors.allow_headers : can(regex("^[a-zA-Z0-9-]+$", header))]), false)
    error_message = "api.cors.allow_headers must be names of headers: letters, digits and hyphens."
  }
  validation {
    condition     = var.api.cors == null || try(var.api.cors.max_age >= 0 && var.api.cors.max_age <= 86400 && floor(var.api.cors.max_age) == var.api.cors.max_age, false)
    error_message = "api.cors.max_age must be a whole number of seconds, 0 to 86400."
  }
  validation {
    condition     = contains(["REGIONAL", "PRIVATE"], var.api.endpoint_type)
    error_message = "api.endpoint_type must be REGIONAL or PRIVATE."
  }
  validation {
    condition     = alltrue([for id in concat(var.api.vpc_endpoint_ids, var.api.allowed_vpc_endpoints) : can(regex("^vpce-[0-9a-f]+$", id))])
    error_message = "api.vpc_endpoint_ids and api.allowed_vpc_endpoints must be ids of VPC endpoints, as in vpce-0123456789abcdef0."
  }
  validation {
    condition     = length(var.api.vpc_endpoint_ids) == 0 || var.api.endpoint_type == "PRIVATE"
    error_message = "api.vpc_endpoint_ids needs api.endpoint_type = PRIVATE."
  }
  validation {
    condition     = (length(var.api.allowed_vpc_endpoints) > 0) == (var.api.endpoint_type == "PRIVATE")
    error_message = "api.allowed_vpc_endpoints must name at least one endpoint with api.endpoint_type = PRIVATE, and none without it: other APIs are not reached through VPC endpoints."
  }
  validation {
    condition     = alltrue([for block in var.api.allowed_source_ips : can(cidrhost(block, 0))])
    error_message = "api.allowed_source_ips must be CIDR blocks, as in 192.0.2.0/24."
  }
  validation {
    condition     = var.api.web_acl == null || can(regex("^arn:[^:]+:wafv2:[^:]+:[0-9]{12}:regional/webacl/.+$", var.api.web_acl.arn))
    error_message = "api.web_acl.arn must be the ARN of a regional WAFv2 web ACL."
  }
  validation {
    condition = var.api.access_logs == null || try(contains(
      [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.api.access_logs.retention_days
    ), false)
    error_message = "api.access_logs.retention_days must be a period that CloudWatch Logs offers, as in logs.retention_days."
  }
  validation {
    condition     = var.api.throttle.rate >= 1 && var.api.throttle.rate <= 10000
    error_message = "api.throttle.rate must be 1 to 10000 requests a second."
  }
  validation {
    condition     = var.api.throttle.burst >= 1 && var.api.throttle.burst <= 5000 && floor(var.api.throttle.burst) == var.api.throttle.burst
    error_message = "api.throttle.burst must be a whole number of requests, 1 to 5000."
  }
  validation {
    condition     = var.api.memory_size >= 128 && var.api.memory_size <= 10240 && floor(var.api.memory_size) == var.api.memory_size
    error_message = "api.memory_size must be a whole number of MB, 128 to 10240."
  }
  validation {
    condition     = var.api.timeout >= 1 && var.api.timeout <= 29 && floor(var.api.timeout) == var.api.timeout
    error_message = "api.timeout must be a whole number of seconds, 1 to 29: API Gateway gives up after 29."
  }
}

variable "architecture" {
  description = "Instruction set of both functions: `arm64` (cheaper) or `x86_64`."
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
  description = "ARN of a symmetric KMS key of yours, in the same region, for the table, both queues, all log groups and the functions' variables. The roles get the grants that they then need; the key's policy has to let in the account's IAM and CloudWatch Logs, see docs/security.md. Default: the services' own encryption, which costs nothing."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, not of an alias, as in arn:aws:kms:eu-west-1:123456789012:key/id."
  }
}

variable "logs" {
  description = <<-EOT
    Logs of both functions, each in a log group of its own.
    - `retention_days`: days that CloudWatch keeps them, one of the values it offers; 0 keeps them for ever. Default 365.
    - `level`: the least severe level that is written: `DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`. Default `INFO`.
  EOT
  type = object({
    retention_days = optional(number, 365)
    level          = optional(string, "INFO")
  })
  default  = {}
  nullable = false

  validation {
    condition = contains(
      [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.logs.retention_days
    )
    error_message = "logs.retention_days must be a period that CloudWatch Logs offers: 0 (for ever), 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], var.logs.level)
    error_message = "logs.level must be DEBUG, INFO, WARNING, ERROR or CRITICAL."
  }
}

variable "max_receive_count" {
  description = "How often a task is tried before it has failed and its message goes to the dead-letter queue, 1 to 1000."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.max_receive_count >= 1 && var.max_receive_count <= 1000 && floor(var.max_receive_count) == var.max_receive_count
    error_message = "max_receive_count must be a whole number, 1 to 1000."
  }
}

variable "name" {
  description = "First part of the name of everything that is created: up to 57 letters, digits, `_` and `-`. Unique within the account, since IAM roles know no region."
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
    Names to use in place of the derived ones, each within the limits of its service.
    - `table`: the DynamoDB table. Default `<name>-tasks`.
    - `queue`, `dead_letter_queue`: the SQS queues. Default `<name>-queue`, `<name>-dlq`.
    - `api`: the REST API. Default `<name>-api`.
    - `api_function`, `worker_function`: the Lambda functions. Default `<name>-api`, `<name>-worker`.
    - `api_role`, `worker_role`: their IAM roles. Default `<name>-api`, `<name>-worker`.
    - `access_logs`: the log group of the API's access logs. Default `/aws/apigateway/<name>`.
    - `account_log_role`: the role of `api.account_log_role`. Default `<name>-logs`.
    - `usage_plan`: the usage plan of the API keys. Default `<name>-api`.
    - `dependencies_layer`, `task_runner_layer`: the Lambda layers. Default `<name>-dependencies`, `<name>-task-runner`.
  EOT
  type = object({
    table              = optional(string)
    queue              = optional(string)
    dead_letter_queue  = optional(string)
    api                = optional(string)
    api_function       = optional(string)
    worker_function    = optional(string)
    api_role           = optional(string)
    worker_role        = optional(string)
    access_logs        = optional(string)
    account_log_role   = optional(string)
    usage_plan         = optional(string)
    dependencies_layer = optional(string)
    task_runner_layer  = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.names.table == null || can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.names.table))
    error_message = "names.table must be 3 to 255 letters, digits, underscores, dots and hyphens."
  }
  validation {
    condition     = alltrue([for n in [var.names.queue, var.names.dead_letter_queue] : n == null || can(regex("^[a-zA-Z0-9_-]{1,80}$", n))])
    error_message = "names.queue and names.dead_letter_queue must be 1 to 80 letters, digits, underscores and hyphens."
  }
  validation {
    condition     = alltrue([for n in [var.names.api, var.names.usage_plan] : n == null || can(regex("^\\S(.{0,253}\\S)?$", n))])
    error_message = "names.api and names.usage_plan must be 1 to 255 characters, without a space at either end."
  }
  validation {
    condition     = alltrue([for n in [var.names.api_function, var.names.worker_function] : n == null || can(regex("^[a-zA-Z0-9_-]{1,64}$", n))])
    error_message = "names.api_function and names.worker_function must be 1 to 64 letters, digits, underscores and hyphens."
  }
  validation {
    condition     = alltrue([for n in [var.names.api_role, var.names.worker_role, var.names.account_log_role] : n == null || can(regex("^[a-zA-Z0-9+=,.@_-]{1,64}$", n))])
    error_message = "names.api_role, names.worker_role and names.account_log_role must be 1 to 64 letters, digits and characters of +=,.@_-"
  }
  validation {
    condition     = var.names.access_logs == null || can(regex("^[a-zA-Z0-9_/.#-]{1,512}$", var.names.access_logs))
    error_message = "names.access_logs must be 1 to 512 letters, digits and characters of _/.#-"
  }
  validation {
    condition     = alltrue([for n in [var.names.dependencies_layer, var.names.task_runner_layer] : n == null || can(regex("^[a-zA-Z0-9_-]{1,140}$", n))])
    error_message = "names.dependencies_layer and names.task_runner_layer must be 1 to 140 letters, digits, underscores and hyphens."
  }
}

variable "queue" {
  description = <<-EOT
    The queue of wake-ups and its dead-letter queue.
    - `visibility_timeout`: seconds that a message stays hidden while a worker has it, at least `worker.timeout`, at most 43200. Default 6 x `worker.timeout` + `worker.batching_window`, as AWS advises.
    - `retention_seconds`: how long a task may wait for a worker, 60 to 1209600. Default 345600 (4 days).
    - `dead_letter_retention_seconds`: how long the message of a failed task is kept, at least `retention_seconds` (its age counts from the day it was first sent), at most 1209600. Default 1209600 (14 days).
    - `tls_only`: whether both queues refuse requests over plain http. Default true.
  EOT
  type = object({
    visibility_timeout            = optional(number)
    retention_seconds             = optional(number, 345600)
    dead_letter_retention_seconds = optional(number, 1209600)
    tls_only                      = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.queue.visibility_timeout == null || try(var.queue.visibility_timeout <= 43200 && floor(var.queue.visibility_timeout) == var.queue.visibility_timeout, false)
    error_message = "queue.visibility_timeout must be a whole number of seconds, at most 43200 (12 hours)."
  }
  validation {
    condition     = var.queue.retention_seconds >= 60 && var.queue.retention_seconds <= 1209600 && floor(var.queue.retention_seconds) == var.queue.retention_seconds
    error_message = "queue.retention_seconds must be a whole number of seconds, 60 to 1209600 (14 days)."
  }
  validation {
    condition     = var.queue.dead_letter_retention_seconds >= var.queue.retention_seconds && var.queue.dead_letter_retention_seconds <= 1209600 && floor(var.queue.dead_letter_retention_seconds) == var.queue.dead_letter_retention_seconds
    error_message = "queue.dead_letter_retention_seconds must be a whole number of seconds, from queue.retention_seconds to 1209600 (14 days)."
  }
}

variable "retry" {
  description = <<-EOT
    The wait before a failed task is tried again: it doubles with each attempt and carries jitter.
    - `base_seconds`: the wait after the first attempt, at least 1. Default 2.
    - `cap_seconds`: the longest wait, from `base_seconds` to 43200. Default 300.
  EOT
  type = object({
    base_seconds = optional(number, 2)
    cap_seconds  = optional(number, 300)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.retry.base_seconds >= 1 && floor(var.retry.base_seconds) == var.retry.base_seconds
    error_message = "retry.base_seconds must be a whole number of seconds, at least 1."
  }
  validation {
    condition     = var.retry.cap_seconds >= var.retry.base_seconds && var.retry.cap_seconds <= 43200 && floor(var.retry.cap_seconds) == var.retry.cap_seconds
    error_message = "retry.cap_seconds must be a whole number of seconds, from retry.base_seconds to 43200 (12 hours)."
  }
}

variable "roles" {
  description = <<-EOT
    The IAM roles of the functions. Whether `api_arn` and `worker_arn` are set has to be known when Terraform plans.
    - `api_arn`, `worker_arn`: a role that exists, for callers who may not call IAM; the module then creates neither that role nor its policy. It has to trust `lambda.amazonaws.com` and to allow what the output `api_policy_json` or `worker_policy_json` says. Default: a role of the module's own.
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
    condition     = alltrue([for arn in [var.roles.api_arn, var.roles.worker_arn] : arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "roles.api_arn and roles.worker_arn must be ARNs of IAM roles, as in arn:aws:iam::123456789012:role/name."
  }
  validation {
    condition     = var.roles.permissions_boundary == null || can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/.+$", var.roles.permissions_boundary))
    error_message = "roles.permissions_boundary must be the ARN of an IAM policy, as in arn:aws:iam::123456789012:policy/name."
  }
  validation {
    condition     = can(regex("^/([!-~]{1,510}/)?$", var.roles.path))
    error_message = "roles.path must be at most 512 visible ASCII characters that begin and end with a slash."
  }
}

variable "runtime" {
  description = "Lambda runtime of both functions, `python3.10` to `python3.14`. Provider releases before 5.76 do not know python3.13, before 6.20 not python3.14."
  type        = string
  default     = "python3.12"
  nullable    = false

  validation {
    condition     = can(regex("^python3\\.1[0-4]$", var.runtime))
    error_message = "runtime must be a Python that Lambda supports: python3.10, python3.11, python3.12, python3.13 or python3.14."
  }
}

variable "table" {
  description = <<-EOT
    The table of task records.
    - `record_ttl_days`: days that a record lives after its last change; longer than a message can live in the queue and the dead-letter queue together, at most 3650. Default 30.
    - `point_in_time_recovery`: whether the table can be restored to any second of the last 35 days. Default true.
    - `deletion_protection`: whether AWS refuses to delete the table. Default false.
  EOT
  type = object({
    record_ttl_days        = optional(number, 30)
    point_in_time_recovery = optional(bool, true)
    deletion_protection    = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.table.record_ttl_days >= 1 && var.table.record_ttl_days <= 3650 && floor(var.table.record_ttl_days) == var.table.record_ttl_days
    error_message = "table.record_ttl_days must be a whole number of days, 1 to 3650."
  }
}

variable "tags" {
  description = "Tags of everything that can carry them."
  type        = map(string)
  default     = {}
  nullable    = false
}

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
