# What users of the version before have: one instance with nothing but defaults, one with all that makes a resource.
# state.json is what an apply of it by that version left, without what any machine or day gave it. (The embedded AWS serves
# plain http, so there the queue policies go in last, after the provider has seen all the rest.)
module "defaults" {
  source = "../../.."

  name = "defaults"
}

module "everything" {
  source = "../../.."

  name        = "everything"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001"

  api = {
    authorization      = "CUSTOM"
    authorizer         = { function_arn = "arn:aws:lambda:us-east-1:123456789012:function:decide" }
    api_key_required   = true
    usage_plan         = { rate = 10, burst = 20, quota = { limit = 1000 } }
    cors               = { allow_origins = ["https://app.example.com", "https://admin.example.com"] }
    allowed_source_ips = ["192.0.2.0/24"]
    web_acl = {
      arn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/wall/0a1b2c3d-0000-4000-8000-000000000002"
    }
    access_logs      = {}
    account_log_role = true
  }

  worker = {
    policy_arns = { read = "arn:aws:iam::123456789012:policy/read" }
    policy_statements = [{
      sid        = "ReadDocuments"
      actions    = ["s3:GetObject"]
      resources  = ["arn:aws:s3:::documents/*"]
      conditions = { Bool = { "aws:SecureTransport" = ["true"] } }
    }]
    vpc = {
      subnet_ids         = ["subnet-0a"]
      security_group_ids = ["sg-0a"]
    }
    maximum_concurrency = 20
  }
}
