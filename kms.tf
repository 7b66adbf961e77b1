# A key of the caller's (kms_key_arn). It is used by the services, on behalf of the role that calls them: only through
# these may the roles use it. DynamoDB decrypts the table's key for whoever reads or writes an item, SQS wants both
# actions of a sender and one of a receiver, Lambda decrypts the variables of a function when it starts.
locals {
  key_region = try(split(":", var.kms_key_arn)[3], "")
  key_through = {
    dynamodb = "dynamodb.${local.key_region}.amazonaws.com"
    lambda   = "lambda.${local.key_region}.amazonaws.com"
    sqs      = "sqs.${local.key_region}.amazonaws.com"
  }

  decrypt_statements = var.kms_key_arn == null ? [] : [{
    Sid       = "Decrypt"
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = var.kms_key_arn
    Condition = { StringEquals = { "kms:ViaService" = values(local.key_through) } }
  }]
  encrypt_statements = var.kms_key_arn == null ? [] : [{
    Sid       = "EncryptWakeUps"
    Effect    = "Allow"
    Action    = "kms:GenerateDataKey"
    Resource  = var.kms_key_arn
    Condition = { StringEquals = { "kms:ViaService" = local.key_through.sqs } }
  }]
}

# Read from the provider's settings, without a call to AWS. Nothing is derived from it, so that nothing is unknown where
# its reading is put off until the apply.
data "aws_region" "current" {
  count = var.create ? 1 : 0

  lifecycle {
    postcondition {
      # The id is the region's name; its attribute `name` is deprecated in provider 6, `region` is missing in 5.
      condition     = var.kms_key_arn == null || local.key_region == self.id
      error_message = "kms_key_arn must be a key of the provider's region: services use keys of their own region only."
    }
  }
}
