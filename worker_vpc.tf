# The worker in a VPC (worker.vpc): what its role then needs.
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

  vpc_statements = [for statement in local.interface_statements : statement if var.worker.vpc != null]
  interface_statements = [
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
  ]
}
