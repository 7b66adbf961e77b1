# A worker whose package, layer, bucket and policy are made along with the module. Its tasks are tried once. Both functions
# are called through an alias.

variable "package_file" {
  type = string
}

variable "layer_file" {
  type = string
}

resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_object" "package" {
  bucket      = aws_s3_bucket_versioning.this.bucket
  key         = "tasks.zip"
  source      = var.package_file
  source_hash = filesha256(var.package_file)
}

resource "aws_s3_object" "document" {
  for_each = toset(["open", "attached", "closed"])

  bucket  = aws_s3_bucket.this.id
  key     = each.value
  content = "the ${each.value} document"
}

resource "aws_lambda_layer_version" "over" {
  layer_name       = "${var.name}-over"
  filename         = var.layer_file
  source_code_hash = filebase64sha256(var.layer_file)
}

resource "aws_iam_policy" "attached" {
  name = "${var.name}-attached"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.this.arn}/attached" }]
  })
}

module "task_runner" {
  source = "../../.."

  name              = var.name
  max_receive_count = 1
  api               = { authorization = "NONE", snap_start = true }

  worker = {
    package_s3 = {
      bucket  = aws_s3_object.package.bucket
      key     = aws_s3_object.package.key
      version = aws_s3_object.package.version_id
    }
    handler              = "tasks.handle"
    environment          = { BUCKET = aws_s3_bucket.this.id }
    layers               = [aws_lambda_layer_version.over.arn]
    architecture         = "x86_64"
    ephemeral_storage    = 1024
    timeout              = 5
    reserved_concurrency = 4

    provisioned_concurrency = 2

    policy_statements = [{
      sid       = "ReadOpenDocument"
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.this.arn}/open"]
    }]
    policy_arns = { attached = aws_iam_policy.attached.arn }
  }
}

output "task_runner" {
  value = module.task_runner
}
