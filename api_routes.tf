# Optional routes: each is there where api.routes names it, and otherwise nothing of it is.
locals {
  action_routes = {
    retry     = { method = "POST", path = "/task/{taskId}/retry", guarded = true, parameters = local.task_id }
    any_retry = { method = "ANY", path = "/task/{taskId}/retry", guarded = true, parameters = local.task_id }
  }
  optional_routes = {
    for key, route in local.action_routes : key => route if contains(var.api.routes, trimprefix(key, "any_"))
  }

  routes_environment = length(var.api.routes) == 0 ? {} : {
    TASK_RUNNER_ROUTES = join(" ", sort(var.api.routes))
  }
}
