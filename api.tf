# What the API is, whichever gateway serves it: its routes, and what it answers where no function is asked.
locals {
  # Who may call a `guarded` route is in api_access.tf. A feature adds routes of its own.
  routes = merge(local.task_routes, local.optional_routes, local.cors_routes)

  # ANY is each method that has no route of its own on its path: the function answers it with 405.
  task_routes = {
    submit      = { method = "POST", path = "/task", guarded = true, parameters = {} }
    get         = { method = "GET", path = "/task/{taskId}", guarded = true, parameters = local.task_id }
    any_task    = { method = "ANY", path = "/task", guarded = true, parameters = {} }
    any_task_id = { method = "ANY", path = "/task/{taskId}", guarded = true, parameters = local.task_id }
  }
  task_id = { "method.request.path.taskId" = true }

  # The same sentences and codes as the runtime's, none of which names anything internal: API Gateway's own would name
  # ARNs. A default has no status, so that each type it stands in for keeps its own. No answer is 504 and not 503, which
  # promises that nothing was accepted.
  gateway_answers = jsondecode(file("${path.module}/lambda_src/task_runner/api/errors.json")).gateway

  # Only with AWS_IAM can an unknown path or method not be told from a request without a signature.
  unknown_route = var.api.authorization == "AWS_IAM" ? "MISSING_AUTHENTICATION_TOKEN" : "RESOURCE_NOT_FOUND"
  gateway_responses = merge(local.gateway_answers, {
    MISSING_AUTHENTICATION_TOKEN = local.gateway_answers[local.unknown_route]
  })

  # Headers of an answer by its type, on top of those that a feature adds to all of them.
  gateway_headers = {
    for type in keys(local.gateway_responses) : type => merge(local.cors_headers, lookup(local.retry_headers, type, {}))
  }
  retry_headers = { THROTTLED = { "gatewayresponse.header.Retry-After" = "'1'" } }
}
