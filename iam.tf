# What the roles of both functions share.
locals {
  # Written out rather than taken from data sources, whose reading a change of any tag puts off until the apply: so a
  # plan always shows what is granted.
  # Lambda only. AWS does not document that Lambda names a source account or ARN when it takes an execution role, so a
  # condition on these could lock the functions out.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "LambdaOnly"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })

  # A key of the caller's is used by the services, on behalf of the role that calls them: only through these may the roles
  # use it. DynamoDB decrypts the table's key for whoever reads or writes an item, SQS wants both actions of a sender and
  # one of a receiver, Lambda decrypts the variables of a function when it starts.
  key_region = try(split(":", var.kms_key_arn)[3], "")
  key_through = {
    dynamodb = "dynamodb.${local.key_region}.amazonaws.com"
    lambda   = "lambda.${local.key_region}.amazonaws.com"
    sqs      = "sqs.${local.key_region}.amazonaws.com"
  }
  decrypt_statements = [for key in var.kms_key_arn[*] : {
    Sid       = "Decrypt"
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = key
    Condition = { StringEquals = { "kms:ViaService" = values(local.key_through) } }
  }]
  encrypt_statements = [for key in var.kms_key_arn[*] : {
    Sid       = "EncryptWakeUps"
    Effect    = "Allow"
    Action    = "kms:GenerateDataKey"
    Resource  = key
    Condition = { StringEquals = { "kms:ViaService" = local.key_through.sqs } }
  }]

  # Whose roles the caller brings gets the same documents, as outputs.
  own_api_role    = var.create && var.roles.api_arn == null
  own_worker_role = var.create && var.roles.worker_arn == null
  api_role_arn    = local.own_api_role ? one(aws_iam_role.api[*].arn) : var.roles.api_arn
  worker_role_arn = local.own_worker_role ? one(aws_iam_role.worker[*].arn) : var.roles.worker_arn
}
