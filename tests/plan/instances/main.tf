# Two instances in one account and region, with nothing but the name between them.
module "first" {
  source = "../../.."

  name = "first"
}

module "second" {
  source = "../../.."

  name = "second"
}
