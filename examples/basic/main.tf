provider "aws" {
  region = var.region
}

module "task_runner" {
  source = "../.."

  name = var.name

  # Open to the internet, so that curl alone can try it. Leave this out, and only signed requests get in.
  api = { authorization = "NONE" }
}
