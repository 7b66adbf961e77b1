# What the roles of both functions share. What each of them may do is beside its function: function_api.tf,
# function_worker.tf. Whose roles the caller brings gets the same documents, as outputs.
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

  own_api_role    = var.create && var.roles.api_arn == null
  own_worker_role = var.create && var.roles.worker_arn == null
  api_role_arn    = local.own_api_role ? one(aws_iam_role.api[*].arn) : var.roles.api_arn
  worker_role_arn = local.own_worker_role ? one(aws_iam_role.worker[*].arn) : var.roles.worker_arn
}
