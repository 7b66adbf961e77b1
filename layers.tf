locals {
  packages = "${path.module}/lambda_src/dist"
}

# The old version of a layer goes only once both functions are off it.
resource "aws_lambda_layer_version" "task_runner" {
  count = var.create ? 1 : 0

  layer_name       = local.names.task_runner_layer
  description      = "The task_runner package: both handlers, and what task code imports"
  filename         = "${local.packages}/task_runner.zip"
  source_code_hash = filebase64sha256("${local.packages}/task_runner.zip")

  lifecycle {
    create_before_destroy = true
  }
}
