# Key, authorizer and firewall that are made along with the module: their ARNs are unknown when Terraform plans.
resource "aws_kms_key" "this" {
  description = "unknown until it is made"
}

resource "aws_wafv2_web_acl" "this" {
  name  = "demo"
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "demo"
    sampled_requests_enabled   = false
  }
}

resource "aws_lambda_function" "decide" {
  function_name = "decide"
  role          = "arn:aws:iam::123456789012:role/decide"
  runtime       = "python3.12"
  handler       = "decide.handler"
  filename      = "../../../lambda_src/dist/demo.zip"
}

module "task_runner" {
  source = "../../.."

  name        = "demo"
  kms_key_arn = aws_kms_key.this.arn

  api = {
    authorization = "CUSTOM"
    authorizer    = { function_arn = aws_lambda_function.decide.arn }
    web_acl       = { arn = aws_wafv2_web_acl.this.arn }
    access_logs   = {}
  }
}
