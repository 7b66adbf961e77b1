# The role of the worker function: what the module needs, and what the caller's task code does.
locals {
  # Lambda makes the network interfaces of a function in a VPC with the function's role (Lambda developer guide, "Giving
  # Lambda functions access to resources in an Amazon VPC", which names the six actions).
  make_network_interfaces = [
    "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
  ]
  see_network_interfaces = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]

  # Partition, region and account as the queue's ARN tells them; the function's own ARN would close a circle.
  here = try(split(":", aws_sqs_queue.this[0].arn), ["arn", "", "", "", ""])
  worker_function_arn = join(":", [
    "arn", local.here[1], "lambda", local.here[3], local.here[4], "function", local.names.worker_function
  ])

  vpc_statements = flatten([for _ in var.worker.vpc[*] : [
    {
      # On everything: EC2 knows no narrower resource for actions that describe.
      Sid      = "SeeNetworkInterfaces"
      Effect   = "Allow"
      Action   = local.see_network_interfaces
      Resource = "*"
    },
    {
      # On all of the region: the interfaces have no ids before Lambda makes them, and the guide asks for all ids. In
      # any account: a subnet may be shared by another one.
      Sid      = "ManageNetworkInterfaces"
      Effect   = "Allow"
      Action   = local.make_network_interfaces
      Resource = "arn:${local.here[1]}:ec2:${local.here[3]}:*:*/*"
    },
    {
      # Lambda names the function as the source of what its code asks for, and not of what Lambda does for it (Lambda
      # developer guide, "Using source function ARN to control function access behavior"): code cannot use the above.
      # On everything: a denial has to be as wide as what it takes back.
      Sid       = "LeaveNetworkInterfacesToLambda"
      Effect    = "Deny"
      Action    = concat(local.make_network_interfaces, local.see_network_interfaces)
      Resource  = "*"
      Condition = { ArnEquals = { "lambda:SourceFunctionArn" = local.worker_function_arn } }
    },
  ]])

  task_code_statements = [for statement in var.worker.policy_statements : merge(
    statement.sid == null ? {} : { Sid = statement.sid },
    { Effect = statement.effect, Action = statement.actions, Resource = statement.resources },
    length(statement.conditions) == 0 ? {} : { Condition = statement.conditions },
  )]

  worker_policy = var.create ? jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid      = "UpdateRecords"
        Effect   = "Allow"
        Action   = "dynamodb:UpdateItem"
        Resource = aws_dynamodb_table.this[0].arn
      },
      {
        Sid    = "TakeWakeUps"
        Effect = "Allow"
        Action = [
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:ReceiveMessage",
        ]
        Resource = aws_sqs_queue.this[0].arn
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.worker[0].arn}:*"
      },
    ], local.decrypt_statements, local.vpc_statements, local.task_code_statements)
  }) : null
}

resource "aws_iam_role" "worker" {
  count = local.own_worker_role ? 1 : 0

  name                 = local.names.worker_role
  path                 = var.roles.path
  description          = "What the function ${local.names.worker_function} may do"
  assume_role_policy   = local.assume_role_policy
  permissions_boundary = var.roles.permissions_boundary
  tags                 = var.tags

  lifecycle {
    precondition {
      condition     = !local.own_api_role || local.names.worker_role != local.names.api_role
      error_message = "names.worker_role must differ from the name of the API function's role."
    }
  }
}

resource "aws_iam_role_policy" "worker" {
  count = local.own_worker_role ? 1 : 0

  name   = "task-runner"
  role   = aws_iam_role.worker[0].name
  policy = local.worker_policy
}

resource "aws_iam_role_policy_attachment" "worker" {
  for_each = { for name, arn in var.worker.policy_arns : name => arn if local.own_worker_role }

  role       = aws_iam_role.worker[0].name
  policy_arn = each.value
}
