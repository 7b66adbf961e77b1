provider "aws" {
  region = var.region
}

module "task_runner" {
  source = "../.."

  create = true
  name   = var.name

  names = {
    table             = "${var.name}.records"
    queue             = "${var.name}-wake-ups"
    dead_letter_queue = "${var.name}-failed"
    api               = "Tasks (${var.name})"
    api_function      = "${var.name}-front"
    worker_function   = "${var.name}-runner"
    api_role          = "${var.name}-front"
    worker_role       = "${var.name}-runner"
    usage_plan        = "${var.name}-callers"
    access_logs       = "/tasks/${var.name}/access"
    account_log_role  = "${var.name}-api-gateway"
    task_runner_layer = "${var.name}-runtime"
  }

  kms_key_arn = var.kms_key_arn

  runtime           = "python3.11"
  architecture      = "x86_64"
  max_receive_count = 3

  api = {
    stage_name    = "live"
    authorization = "AWS_IAM"
    throttle      = { rate = 50, burst = 100 }

    api_key_required = true
    usage_plan = {
      rate  = 10
      burst = 20
      quota = { limit = 10000, period = "DAY" }
    }

    cors = {
      allow_origins = ["https://app.example.com", "https://admin.example.com"]
      allow_headers = ["X-Request-Id"]
      max_age       = 3600
    }

    allowed_source_ips = var.allowed_source_ips
    web_acl            = var.web_acl_arn == null ? null : { arn = var.web_acl_arn }
    access_logs        = { retention_days = 400 }
    account_log_role   = var.account_log_role

    memory_size = 256
    timeout     = 5
  }

  worker = {
    package_file = "${path.module}/../../lambda_src/dist/demo.zip"
    handler      = "tasks.handle"
    environment  = { GREETING = "hello" }
    layers       = var.worker_layers

    architecture         = "arm64"
    memory_size          = 1024
    ephemeral_storage    = 1024
    timeout              = 120
    batch_size           = 50
    batching_window      = 2
    concurrency          = 25
    maximum_concurrency  = 20
    reserved_concurrency = 25

    vpc = var.worker_vpc

    policy_statements = [{
      sid        = "ReadDocuments"
      effect     = "Allow"
      actions    = ["s3:GetObject"]
      resources  = ["arn:aws:s3:::${var.name}-documents/*"]
      conditions = { Bool = { "aws:SecureTransport" = ["true"] } }
    }]
    policy_arns = var.worker_policy_arns
  }

  queue = {
    visibility_timeout            = 900
    retention_seconds             = 172800
    dead_letter_retention_seconds = 604800
  }

  retry = {
    base_seconds = 5
    cap_seconds  = 600
  }

  roles = {
    permissions_boundary = var.permissions_boundary
    path                 = "/services/"
  }

  table = {
    record_ttl_days        = 14
    point_in_time_recovery = true
    deletion_protection    = false
  }

  logs = {
    retention_days = 400
    level          = "WARNING"
  }

  tags = {
    Project = "task-runner"
    Example = "complete"
  }
}

# A caller: on top of signing, it sends this key.
resource "aws_api_gateway_api_key" "caller" {
  name  = "${var.name}-caller"
  value = var.api_key
}

resource "aws_api_gateway_usage_plan_key" "caller" {
  usage_plan_id = module.task_runner.usage_plan_id
  key_id        = aws_api_gateway_api_key.caller.id
  key_type      = "API_KEY"
}
