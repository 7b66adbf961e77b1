# What task code needs is made along with the module: ids, ARNs and versions are unknown when Terraform plans.
resource "aws_s3_bucket" "this" {
  bucket_prefix = "demo"
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_object" "package" {
  bucket = aws_s3_bucket_versioning.this.bucket
  key    = "tasks.zip"
  source = "../../../lambda_src/dist/demo.zip"
}

resource "aws_lambda_layer_version" "fonts" {
  layer_name = "fonts"
  filename   = "../../../lambda_src/dist/demo.zip"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  for_each = toset(["10.0.0.0/24", "10.0.1.0/24"])

  vpc_id     = aws_vpc.this.id
  cidr_block = each.value
}

resource "aws_security_group" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_iam_policy" "read" {
  name = "read"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.this.arn }]
  })
}

module "task_runner" {
  source = "../../.."

  name = "demo"

  worker = {
    package_s3 = {
      bucket  = aws_s3_object.package.bucket
      key     = aws_s3_object.package.key
      version = aws_s3_object.package.version_id
    }
    handler     = "tasks.handle"
    environment = { BUCKET = aws_s3_bucket.this.id }
    layers      = [aws_lambda_layer_version.fonts.arn]

    vpc = {
      subnet_ids         = [for subnet in aws_subnet.this : subnet.id]
      security_group_ids = [aws_security_group.this.id]
    }

    policy_statements = [{
      actions    = ["s3:GetObject"]
      resources  = ["${aws_s3_bucket.this.arn}/*"]
      conditions = { StringEquals = { "aws:SourceVpc" = [aws_vpc.this.id] } }
    }]
    policy_arns = { read = aws_iam_policy.read.arn }
  }
}
