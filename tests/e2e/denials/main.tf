# Three instances of the module beside each other: two for signed requests only, which is the default, one for API
# keys, which scripts of one origin may call.

module "task_runner" {
  source = "../../.."

  name = var.name
}

module "other" {
  source = "../../.."

  name = "${var.name}-other"
}

module "keyed" {
  source = "../../.."

  name = "${var.name}-keyed"

  api = {
    authorization    = "NONE"
    api_key_required = true
    cors             = { allow_origins = ["https://app.example.com"] }
  }
}

output "task_runner" {
  value = merge(module.task_runner, { other = module.other, keyed = module.keyed })
}
