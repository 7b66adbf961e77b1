# Scripts in browsers: preflight requests, and headers on all answers.
locals {
  # A browser sends no credentials with a preflight request. The function answers it, as it adds the headers to all
  # else: so one place knows them.
  cors_routes = var.api.cors == null ? {} : merge(local.preflights, {
    for name in var.api.routes :
    "preflight_${name}" => { method = "OPTIONS", path = "/task/{taskId}/${name}", guarded = false, parameters = {} }
  })
  preflights = {
    preflight_submit = { method = "OPTIONS", path = "/task", guarded = false, parameters = {} }
    preflight_get    = { method = "OPTIONS", path = "/task/{taskId}", guarded = false, parameters = {} }
  }

  # What a resource policy has to allow, since nothing else does.
  cors_calls = var.api.cors == null ? [] : ["*/OPTIONS/*"]

  cors_environment = var.api.cors == null ? {} : {
    TASK_RUNNER_CORS_ALLOW_ORIGINS = join(" ", var.api.cors.allow_origins)
    TASK_RUNNER_CORS_ALLOW_HEADERS = join(" ", var.api.cors.allow_headers)
    TASK_RUNNER_CORS_MAX_AGE       = var.api.cors.max_age
  }

  # A gateway response can hold one origin only. With several it names whichever asks: its sentences are fixed and tell
  # no script of another origin anything.
  cors_origins = try(var.api.cors.allow_origins, [])
  cors_origin  = length(local.cors_origins) == 1 ? "'${local.cors_origins[0]}'" : "method.request.header.Origin"
  cors_vary    = length(local.cors_origins) == 1 ? {} : { "gatewayresponse.header.Vary" = "'Origin'" }
  cors_headers = var.api.cors == null ? {} : merge(local.cors_vary, {
    "gatewayresponse.header.Access-Control-Allow-Origin"   = local.cors_origin
    "gatewayresponse.header.Access-Control-Expose-Headers" = "'Retry-After'"
  })
}
