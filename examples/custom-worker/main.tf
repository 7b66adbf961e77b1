provider "aws" {
  region = var.region
}

module "task_runner" {
  source = "../.."

  name = var.name

  # Open to the internet, so that curl alone can try it. Leave this out, and only signed requests get in.
  api = { authorization = "NONE" }

  worker = {
    package_file = "${path.module}/build/worker.zip" # python package.py
    handler      = "render.handle"
    timeout      = 30
    environment  = { RESULTS_BUCKET = aws_s3_bucket.this["results"].id }

    policy_statements = [
      {
        sid       = "ReadDocuments"
        actions   = ["s3:GetObject"]
        resources = ["${aws_s3_bucket.this["documents"].arn}/*"]
      },
      {
        sid       = "WritePages"
        actions   = ["s3:PutObject"]
        resources = ["${aws_s3_bucket.this["results"].arn}/*"]
      },
    ]
  }
}

resource "aws_s3_bucket" "this" {
  # checkov:skip=CKV_AWS_18:Access logs need a third bucket and cost by the request; an example should not.
  # checkov:skip=CKV_AWS_21:A page can be rendered again, and old versions would cost and stay behind a destroy.
  # checkov:skip=CKV_AWS_144:A copy in another region would double the cost of documents that an example can lose.
  # checkov:skip=CKV_AWS_145:S3 encrypts with a key of its own; one of yours would cost by the month.
  # checkov:skip=CKV2_AWS_6:Public access is blocked below; the scan does not follow for_each.
  # checkov:skip=CKV2_AWS_61:When a document may be deleted is for its owner to say.
  # checkov:skip=CKV2_AWS_62:Nobody listens for new objects: tasks are posted.
  for_each = toset(["documents", "results"])

  bucket_prefix = "${var.name}-${each.key}-"
  force_destroy = true # so that a destroy can finish
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = aws_s3_bucket.this

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Something to try it on.
resource "aws_s3_object" "sample" {
  # checkov:skip=CKV_AWS_186:S3 encrypts with a key of its own; one of yours would cost by the month.
  for_each = fileset("${path.module}/documents", "*.md")

  bucket      = aws_s3_bucket.this["documents"].id
  key         = each.key
  source      = "${path.module}/documents/${each.key}"
  source_hash = filemd5("${path.module}/documents/${each.key}")
}
