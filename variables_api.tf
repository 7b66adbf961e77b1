variable "api" {
  description = <<-EOT
    The HTTP API and the function behind it.
    - `stage_name`: the stage, and so the first part of the path. Letters, digits, `_` and `-`, up to 128. Default `v1`.
    - `authorization`: who may call. `AWS_IAM` takes only requests signed by a principal that may `execute-api:Invoke`;
      `COGNITO_USER_POOLS` takes tokens of the pools in `cognito`; `CUSTOM` asks the Lambda function in `authorizer`;
      `NONE` opens the API to the internet. Default `AWS_IAM`.
    - `cognito.user_pool_arns`: the pools whose tokens are taken from the header `Authorization`.
    - `cognito.scopes`: OAuth scopes of which an access token needs one. Default: none, and then it has to be an
      identity token.
    - `authorizer.function_arn`: the function that decides, in the region of the API. What it returns as `principalId`
      is the scope of idempotency keys; a policy that is kept has to hold for all routes.
    - `authorizer.type`: `TOKEN` hands it one header, `REQUEST` the whole request but the body. Default `TOKEN`.
    - `authorizer.identity_sources`: what has to be present, and what a kept answer is good for: one
      `method.request.header.<name>` for `TOKEN`, at least one of these, of `method.request.querystring.<name>` and of
      `context.<name>` for `REQUEST`. Default `["method.request.header.Authorization"]`.
    - `authorizer.result_ttl_seconds`: how long its answer is kept, 0 to 3600. Default 300.
    - `authorizer.role_arn`: a role that API Gateway takes to call it, for a function whose permissions you may not
      change, such as one of another account. Known when Terraform plans. Default: a permission on the function, for
      this authorizer only.
    - `api_key_required`: whether each request needs an API key of the usage plan on top, in the header `x-api-key`. A
      key tells callers apart and counts them; it is no proof of identity. Create the keys yourself and attach them to
      the output `usage_plan_id`. Default false.
    - `usage_plan.rate`, `usage_plan.burst`: requests a second, and at once, for each key. Default: only the stage's
      `throttle`.
    - `usage_plan.quota.limit`, `usage_plan.quota.period`: requests for each key in a `DAY`, `WEEK` or `MONTH`. Default:
      no limit; period `DAY`.
    - `routes`: optional routes that callers get: `retry`, with which a failed task runs again (`POST
      /task/{taskId}/retry`). What is not named does not exist. Default none.
    - `cors.allow_origins`: origins whose scripts may call the API from a browser, such as `https://app.example.com`, or
      `*` for all. Preflight requests (`OPTIONS`) then need no authorization, and errors carry the headers as well.
      Default: no CORS.
    - `cors.allow_headers`: request headers on top of `Authorization`, `Content-Type`, `Idempotency-Key`, `X-Amz-Date`,
      `X-Amz-Security-Token` and `X-Api-Key`. Default none.
    - `cors.max_age`: seconds that a browser keeps the answer to a preflight request, 0 to 86400. Default 600.
    - `endpoint_type`: `REGIONAL` has an address on the internet, `PRIVATE` answers inside of VPCs only. Default
      `REGIONAL`.
    - `vpc_endpoint_ids`: endpoints for `execute-api` that get a DNS name for a `PRIVATE` API. Default none.
    - `allowed_vpc_endpoints`: endpoints through which requests may come; at least one for a `PRIVATE` API, none for
      others. Default none.
    - `allowed_source_ips`: CIDR blocks that requests may come from; on top of, not in place of, the authorization. For
      a `PRIVATE` API these are addresses inside of the VPC. Default: from anywhere.
    - `web_acl.arn`: a regional WAFv2 web ACL to put in front of the stage. Default: none.
    - `access_logs.retention_days`: with `access_logs`, the stage writes a line of JSON for each request, without body,
      query or header, kept for so many days (as in `logs.retention_days`). API Gateway can do it once the account has a
      log role for the region, see `account_log_role`. Default: no access logs; 365.
    - `account_log_role`: whether to create that role and set it. One setting serves all API Gateway APIs of the account
      and region: turn it on in one place only, since a second one, or a destroy, changes it for all of them. Default
      false.
    - `throttle.rate`: requests a second that the stage accepts for each method, 1 to 10000. Default 100.
    - `throttle.burst`: requests that it accepts at once, 1 to 5000. Default 200.
    - `memory_size`: MB of the function, 128 to 10240. Default 512.
    - `timeout`: seconds of the function, 1 to 29 (API Gateway waits no longer). Default 10.
    - `snap_start`: whether new instances of the function start from a snapshot of one that has started (SnapStart). It
      needs a `runtime` of python3.12 or newer. An apply that changes the function takes minutes longer. Has a price,
      see docs/cost.md. Default false.
    - `provisioned_concurrency`: instances of the function that are kept ready, paid for by the hour, in place of
      `snap_start`. An account has to keep 100 instances that are neither provisioned nor reserved. Default none.
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
    routes = optional(set(string), [])
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
    snap_start  = optional(bool, false)

    provisioned_concurrency = optional(number)
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
    condition = var.api.cognito == null || try(alltrue([
      length(var.api.cognito.user_pool_arns) > 0,
      alltrue([
        for arn in var.api.cognito.user_pool_arns :
        can(regex("^arn:[^:]+:cognito-idp:[^:]+:[0-9]{12}:userpool/.+$", arn))
      ]),
    ]), false)
    error_message = "api.cognito.user_pool_arns must hold the ARN of at least one Cognito user pool."
  }
  validation {
    condition     = (var.api.authorization == "CUSTOM") == (var.api.authorizer != null)
    error_message = "api.authorizer must be set with api.authorization = CUSTOM, and only with it."
  }
  validation {
    condition = (
      var.api.authorizer == null ||
      can(regex("^arn:[^:]+:lambda:[^:]+:[0-9]{12}:function:[^:]+(:[^:]+)?$", var.api.authorizer.function_arn))
    )
    error_message = "api.authorizer.function_arn must be the ARN of a Lambda function, or of a version or alias of one."
  }
  validation {
    condition     = var.api.authorizer == null || try(contains(["TOKEN", "REQUEST"], var.api.authorizer.type), false)
    error_message = "api.authorizer.type must be TOKEN or REQUEST."
  }
  validation {
    condition = var.api.authorizer == null || try(alltrue([
      length(var.api.authorizer.identity_sources) > 0,
      length(var.api.authorizer.identity_sources) == 1 || var.api.authorizer.type != "TOKEN",
      alltrue([
        for source in var.api.authorizer.identity_sources :
        can(regex("^method\\.request\\.header\\.[!-+--~]+$", source)) || var.api.authorizer.type != "TOKEN"
      ]),
      alltrue([
        for source in var.api.authorizer.identity_sources :
        can(regex("^(method\\.request\\.(header|querystring)|context)\\.[!-+--~]+$", source))
      ]),
    ]), false)
    error_message = join(" ", [
      "api.authorizer.identity_sources must be one method.request.header.<name> for TOKEN, and at least one of these,",
      "of method.request.querystring.<name> and of context.<name> for REQUEST.",
    ])
  }
  validation {
    condition = var.api.authorizer == null || try(alltrue([
      var.api.authorizer.result_ttl_seconds >= 0,
      var.api.authorizer.result_ttl_seconds <= 3600,
      var.api.authorizer.result_ttl_seconds == floor(var.api.authorizer.result_ttl_seconds),
    ]), false)
    error_message = "api.authorizer.result_ttl_seconds must be a whole number of seconds, 0 to 3600."
  }
  validation {
    condition = (
      try(var.api.authorizer.role_arn, null) == null ||
      can(regex("^arn:[^:]+:iam::[0-9]{12}:role/.+$", var.api.authorizer.role_arn))
    )
    error_message = "api.authorizer.role_arn must be the ARN of an IAM role."
  }
  validation {
    condition     = var.api.usage_plan == null || var.api.api_key_required
    error_message = "api.usage_plan needs api.api_key_required = true: it counts by key."
  }
  validation {
    condition     = (try(var.api.usage_plan.rate, null) == null) == (try(var.api.usage_plan.burst, null) == null)
    error_message = "api.usage_plan.rate and api.usage_plan.burst must be set together."
  }
  validation {
    condition = try(var.api.usage_plan.rate, null) == null || try(alltrue([
      var.api.usage_plan.rate > 0,
      var.api.usage_plan.rate <= 10000,
    ]), false)
    error_message = "api.usage_plan.rate must be above 0 and at most 10000 requests a second."
  }
  validation {
    condition = try(var.api.usage_plan.burst, null) == null || try(alltrue([
      var.api.usage_plan.burst >= 1,
      var.api.usage_plan.burst <= 5000,
      var.api.usage_plan.burst == floor(var.api.usage_plan.burst),
    ]), false)
    error_message = "api.usage_plan.burst must be a whole number of requests, 1 to 5000."
  }
  validation {
    condition = try(var.api.usage_plan.quota, null) == null || try(alltrue([
      var.api.usage_plan.quota.limit >= 1,
      var.api.usage_plan.quota.limit == floor(var.api.usage_plan.quota.limit),
      contains(["DAY", "WEEK", "MONTH"], var.api.usage_plan.quota.period),
    ]), false)
    error_message = join(" ", [
      "api.usage_plan.quota must have a whole number of requests as limit, at least 1, and DAY, WEEK or MONTH as",
      "period.",
    ])
  }
  validation {
    condition     = alltrue([for name in var.api.routes : contains(["retry"], name)])
    error_message = "api.routes must hold names of optional routes: there is retry."
  }
  validation {
    condition = var.api.cors == null || try(alltrue([
      length(var.api.cors.allow_origins) > 0,
      join(" ", var.api.cors.allow_origins) == "*" || alltrue([
        for origin in var.api.cors.allow_origins :
        can(regex("^https?://[a-zA-Z0-9.-]+(:[0-9]{1,5})?$", origin))
      ]),
    ]), false)
    error_message = join(" ", [
      "api.cors.allow_origins must be either [\"*\"] or origins, as in https://app.example.com: a scheme and a host,",
      "perhaps a port, without a slash at the end.",
    ])
  }
  validation {
    condition = var.api.cors == null || try(alltrue([
      for header in var.api.cors.allow_headers :
      can(regex("^[a-zA-Z0-9-]+$", header))
    ]), false)
    error_message = "api.cors.allow_headers must be names of headers: letters, digits and hyphens."
  }
  validation {
    condition = var.api.cors == null || try(alltrue([
      var.api.cors.max_age >= 0,
      var.api.cors.max_age <= 86400,
      var.api.cors.max_age == floor(var.api.cors.max_age),
    ]), false)
    error_message = "api.cors.max_age must be a whole number of seconds, 0 to 86400."
  }
  validation {
    condition     = contains(["REGIONAL", "PRIVATE"], var.api.endpoint_type)
    error_message = "api.endpoint_type must be REGIONAL or PRIVATE."
  }
  validation {
    condition = alltrue([
      for id in concat(var.api.vpc_endpoint_ids, var.api.allowed_vpc_endpoints) :
      can(regex("^vpce-[0-9a-f]+$", id))
    ])
    error_message = "api.vpc_endpoint_ids and api.allowed_vpc_endpoints must be ids, as in vpce-0123456789abcdef0."
  }
  validation {
    condition     = length(var.api.vpc_endpoint_ids) == 0 || var.api.endpoint_type == "PRIVATE"
    error_message = "api.vpc_endpoint_ids needs api.endpoint_type = PRIVATE."
  }
  validation {
    condition = (length(var.api.allowed_vpc_endpoints) > 0) == (var.api.endpoint_type == "PRIVATE")
    error_message = join(" ", [
      "api.allowed_vpc_endpoints must name at least one endpoint with api.endpoint_type = PRIVATE, and none without",
      "it: other APIs are not reached through VPC endpoints.",
    ])
  }
  validation {
    condition     = alltrue([for block in var.api.allowed_source_ips : can(cidrhost(block, 0))])
    error_message = "api.allowed_source_ips must be CIDR blocks, as in 192.0.2.0/24."
  }
  validation {
    condition = (
      var.api.web_acl == null ||
      can(regex("^arn:[^:]+:wafv2:[^:]+:[0-9]{12}:regional/webacl/.+$", var.api.web_acl.arn))
    )
    error_message = "api.web_acl.arn must be the ARN of a regional WAFv2 web ACL."
  }
  validation {
    condition = var.api.access_logs == null || try(contains(
      [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.api.access_logs.retention_days
    ), false)
    error_message = join(" ", [
      "api.access_logs.retention_days must be a period that CloudWatch Logs offers, as in logs.retention_days.",
    ])
  }
  validation {
    condition     = var.api.throttle.rate >= 1 && var.api.throttle.rate <= 10000
    error_message = "api.throttle.rate must be 1 to 10000 requests a second."
  }
  validation {
    condition = alltrue([
      var.api.throttle.burst >= 1,
      var.api.throttle.burst <= 5000,
      var.api.throttle.burst == floor(var.api.throttle.burst),
    ])
    error_message = "api.throttle.burst must be a whole number of requests, 1 to 5000."
  }
  validation {
    condition = alltrue([
      var.api.memory_size >= 128,
      var.api.memory_size <= 10240,
      var.api.memory_size == floor(var.api.memory_size),
    ])
    error_message = "api.memory_size must be a whole number of MB, 128 to 10240."
  }
  validation {
    condition = alltrue([
      var.api.timeout >= 1,
      var.api.timeout <= 29,
      var.api.timeout == floor(var.api.timeout),
    ])
    error_message = "api.timeout must be a whole number of seconds, 1 to 29: API Gateway gives up after 29."
  }

  # How it starts: Lambda developer guide, "Improving startup performance with Lambda SnapStart" and "Configuring
  # provisioned concurrency for a function".
  validation {
    condition     = !var.api.snap_start || var.api.provisioned_concurrency == null
    error_message = "api.snap_start and api.provisioned_concurrency exclude each other in Lambda: set one."
  }
  validation {
    condition = var.api.provisioned_concurrency == null || try(alltrue([
      var.api.provisioned_concurrency >= 1,
      var.api.provisioned_concurrency == floor(var.api.provisioned_concurrency),
    ]), false)
    error_message = "api.provisioned_concurrency must be a whole number, at least 1; without it none is kept ready."
  }
}
